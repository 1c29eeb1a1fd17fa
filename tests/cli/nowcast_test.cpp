#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <map>

#include "hpc/parallel/parallel_for.h"
#include "ingest/reader.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/moving_showers.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
using guyu::test::shower_frame;

namespace {
std::vector<std::string> frames(const std::string& folder) { return {shower_frame(folder, 0), shower_frame(folder, 5), shower_frame(folder, 10)}; }

std::vector<std::string> words(const std::vector<std::string>& inputs, const std::vector<std::string>& more) {
  std::vector<std::string> all{"nowcast", "--input"};
  all.insert(all.end(), inputs.begin(), inputs.end());
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// Values by member and lead, of one quantity.
std::map<std::pair<int, int>, std::vector<float>> rates(const std::string& path) {
  std::map<std::pair<int, int>, std::vector<float>> out;
  for (const Field& f : read_file(path, {{quantities::rainfall_rate().name}}).fields) {
    if (!f.meta.member) continue;
    const auto lead = static_cast<int>((f.meta.valid.end - f.meta.reference).count() / 60);
    out[{*f.meta.member, lead}] = {f.values().begin(), f.values().end()};
  }
  return out;
}
bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}
}  // namespace

BOOST_AUTO_TEST_SUITE(nowcast)

BOOST_AUTO_TEST_CASE(members_and_leads_come_back_from_the_file) {
  const std::string folder = test::temporary_folder("nowcast");
  BOOST_REQUIRE(guyu_run(words(frames(folder), {"--members", "3", "--seed", "7", "--step", "5", "--leads", "4", "--out", folder + "/out.nc"})) == 0);
  const auto all = rates(folder + "/out.nc");
  BOOST_REQUIRE(all.size() == 12U);
  for (const auto& [key, values] : all) {
    BOOST_TEST((key.first >= 0 && key.first < 3));
    BOOST_TEST((key.second % 5 == 0 && key.second >= 5 && key.second <= 20));
    BOOST_TEST(std::any_of(values.begin(), values.end(), [](float x) { return x > 1; }));
    BOOST_TEST(std::none_of(values.begin(), values.end(), [](float x) { return x < 0 || x > 500; }));
  }
  BOOST_TEST(!same(all.at({0, 20}), all.at({1, 20})));
}

BOOST_AUTO_TEST_CASE(a_seed_means_the_same_members_with_any_number_of_threads_and_members) {
  const std::string folder = test::temporary_folder("nowcast_seed");
  const auto inputs = frames(folder);
  const auto run = [&](const std::string& threads, const std::string& members, const std::string& seed, const std::string& name) {
    std::vector<std::string> all{"--threads", threads};
    for (const std::string& w : words(inputs, {"--members", members, "--seed", seed, "--leads", "2", "--out", folder + "/" + name})) all.push_back(w);
    BOOST_REQUIRE(guyu_run(all) == 0);
    return rates(folder + "/" + name);
  };
  const auto one = run("1", "3", "7", "a.nc"), four = run("4", "5", "7", "b.nc"), other = run("1", "3", "8", "c.nc");
  set_num_threads(0);
  for (const auto& [key, values] : one) {
    BOOST_TEST(same(values, four.at(key)));
    BOOST_TEST(!same(values, other.at(key)));
  }
}

BOOST_AUTO_TEST_CASE(no_members_is_the_extrapolation) {
  const std::string folder = test::temporary_folder("nowcast_deterministic");
  const auto inputs = frames(folder);
  BOOST_REQUIRE(guyu_run(words(inputs, {"--members", "0", "--step", "15", "--leads", "2", "--out", folder + "/n.nc"})) == 0);
  BOOST_REQUIRE(guyu_run({"extrapolate", "--input", inputs[0], inputs[1], inputs[2], "--leads", "15,30", "--out", folder + "/e.nc"}) == 0);
  const auto members = rates(folder + "/n.nc");
  BOOST_REQUIRE(members.size() == 2U);
  for (const Field& f : read_file(folder + "/e.nc").fields) {
    const auto lead = static_cast<int>((f.meta.valid.end - f.meta.reference).count() / 60);
    BOOST_TEST(same(members.at({0, lead}), {f.values().begin(), f.values().end()}));
  }
}

BOOST_AUTO_TEST_CASE(probabilities_are_shares_of_the_members_in_the_file) {
  const std::string folder = test::temporary_folder("nowcast_probability");
  BOOST_REQUIRE(guyu_run(words(frames(folder), {"--members", "4", "--leads", "2", "--exceedance", "2", "--sprog", "--out", folder + "/out.nc"})) == 0);
  const auto all = rates(folder + "/out.nc");
  int checked = 0, sprog = 0;
  for (const Field& f : read_file(folder + "/out.nc").fields) {
    if (!f.meta.member && f.meta.quantity == quantities::rainfall_rate()) ++sprog;
    if (f.meta.quantity.name.find("probability") == std::string::npos) continue;
    const auto lead = static_cast<int>((f.meta.valid.end - f.meta.reference).count() / 60);
    for (std::size_t k = 0; k < f.values().size(); ++k) {
      int known = 0, reached = 0;
      for (int m = 0; m < 4; ++m) {
        const float x = all.at({m, lead})[k];
        known += std::isnan(x) ? 0 : 1;
        reached += x >= 2 ? 1 : 0;
      }
      if (known < 2) {
        BOOST_TEST_REQUIRE(std::isnan(f.values()[k]));
      } else {
        BOOST_TEST_REQUIRE(f.values()[k] == static_cast<float>(reached) / static_cast<float>(known));
      }
    }
    ++checked;
  }
  BOOST_TEST(checked == 2);
  BOOST_TEST(sprog == 2);
}

BOOST_AUTO_TEST_CASE(regions_get_a_table_with_probabilities_and_quantiles) {
  const std::string folder = test::temporary_folder("nowcast_regions");
  const std::string squares = folder + "/squares.geojson";
  write_file_atomically(squares, R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"code":"110000000001","name":"东"},"geometry":{"type":"Polygon","coordinates":[[[110.3,29.2],[110.7,29.2],[110.7,29.7],[110.3,29.7],[110.3,29.2]]]}},
    {"type":"Feature","properties":{"code":"110000000002","name":"远"},"geometry":{"type":"Polygon","coordinates":[[[120,29.2],[121,29.2],[121,30],[120,30],[120,29.2]]]}}]})");
  BOOST_REQUIRE(guyu_run(words(frames(folder), {"--members", "3", "--leads", "12", "--no-members", "--exceedance", "1", "--out", folder + "/out.nc",
                                                "--regions", squares, "--code", "code", "--name", "name", "--thresholds", "0.1,200", "--windows", "30,60"})) ==
                0);
  BOOST_TEST(std::filesystem::exists(folder + "/out_regions.nc"));
  for (const Field& f : read_file(folder + "/out.nc").fields) BOOST_TEST(f.meta.quantity.name == "probability_rainfall_rate_1");
}

BOOST_AUTO_TEST_CASE(bad_options_and_inputs_are_user_errors) {
  const std::string folder = test::temporary_folder("nowcast_errors");
  const auto inputs = frames(folder);
  const std::string out = folder + "/out.nc";
  BOOST_TEST(guyu_run(words(inputs, {"--members", "-1", "--out", out})) == 2);
  BOOST_TEST(guyu_run(words(inputs, {"--leads", "0", "--out", out})) == 2);
  BOOST_TEST(guyu_run(words(inputs, {"--exceedance", "one", "--out", out})) == 2);
  BOOST_TEST(guyu_run(words(inputs, {"--matching", "best", "--out", out})) == 2);
  BOOST_TEST(guyu_run(words(inputs, {"--regions", folder + "/none.gpkg", "--out", out})) == 2);  // no --code
  BOOST_TEST(guyu_run(words(inputs, {"--lagged", "30", "--out", out})) == 2);
  const std::string square = folder + "/square.geojson";
  write_file_atomically(square, R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},
    "geometry":{"type":"Polygon","coordinates":[[[110.3,29.2],[110.7,29.2],[110.7,29.7],[110.3,29.7],[110.3,29.2]]]}}]})");
  for (const char* windows : {"inf", "1e30", "0.001", "90"})
    BOOST_TEST(guyu_run(words(inputs, {"--members", "1", "--regions", square, "--code", "code", "--windows", windows, "--out", folder + "/w.nc"})) == 2,
               windows);
  BOOST_TEST(guyu_run(words({folder + "/absent.nc"}, {"--out", out})) == 2);
  BOOST_TEST(!std::filesystem::exists(out));
  BOOST_TEST(guyu_run(words({inputs[2]}, {"--members", "2", "--leads", "2", "--out", out})) == 0);  // one frame: held where it is, and said
}

// Radar frames fail: what is left gives the answer, and the exit code says that something was missing.
BOOST_AUTO_TEST_CASE(frames_that_are_missing_throughout_or_too_old_leave_the_others) {
  const std::string folder = test::temporary_folder("nowcast_gaps");
  const auto inputs = frames(folder);
  const std::string blind = test::shower_frame(folder, 15, NAN), late = shower_frame(folder, 80);
  const auto made = [&](const std::vector<std::string>& files, const std::string& name) {
    const int code = guyu_run(words(files, {"--members", "2", "--leads", "2", "--out", folder + "/" + name}));
    return std::pair{code, code <= 1 ? rates(folder + "/" + name) : decltype(rates("")){}};
  };
  const auto [good, of_three] = made(inputs, "three.nc");
  BOOST_TEST(good == 0);
  const auto [degraded, of_four] = made({inputs[0], blind, inputs[1], inputs[2]}, "four.nc");
  BOOST_TEST(degraded == 1);
  BOOST_REQUIRE(of_four.size() == of_three.size());
  for (const auto& [key, values] : of_three) BOOST_TEST(same(values, of_four.at(key)));
  const auto [alone, of_late] = made({inputs[0], inputs[2], late}, "late.nc");
  BOOST_TEST(alone == 1);
  BOOST_REQUIRE(of_late.size() == 4U);
  BOOST_TEST(std::any_of(of_late.at({0, 5}).begin(), of_late.at({0, 5}).end(), [](float x) { return x > 1; }));
  const auto [nothing, of_none] = made({blind}, "none.nc");
  BOOST_TEST(nothing == 1);
  for (const auto& [key, values] : of_none) BOOST_TEST(std::all_of(values.begin(), values.end(), [](float x) { return std::isnan(x); }));
}

BOOST_AUTO_TEST_CASE(the_mean_stands_beside_the_deterministic_nowcast_too) {
  const std::string folder = test::temporary_folder("nowcast_sprog");
  BOOST_TEST(guyu_run(words(frames(folder), {"--members", "0", "--sprog", "--leads", "2", "--out", folder + "/out.nc"})) == 0);
  BOOST_TEST(guyu_run(words(frames(folder), {"--members", "2", "--lagged", "1", "--step", "2", "--leads", "2", "--out", folder + "/lagged.nc"})) == 0);
}

BOOST_AUTO_TEST_CASE(lagged_members_start_from_the_frame_before) {
  const std::string folder = test::temporary_folder("nowcast_lagged");
  const auto inputs = frames(folder);
  BOOST_REQUIRE(guyu_run(words(inputs, {"--members", "4", "--lagged", "2", "--leads", "3", "--out", folder + "/all.nc"})) == 0);
  BOOST_REQUIRE(guyu_run(words({inputs[0], inputs[1]}, {"--members", "4", "--leads", "4", "--out", folder + "/before.nc"})) == 0);
  const auto all = rates(folder + "/all.nc"), before = rates(folder + "/before.nc");
  for (const int lead : {5, 10, 15})
    for (const int m : {2, 3}) BOOST_TEST(same(all.at({m, lead}), before.at({m, lead + 5})));
}

BOOST_AUTO_TEST_SUITE_END()
