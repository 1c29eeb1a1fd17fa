#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/region/region_attributes.h"
#include "hpc/parallel/parallel_for.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;

namespace {

// A valley of 12 x 18 km that falls to the east, cells of 300 m; townships are its halves.
struct ValleyCase {
  std::string folder = test::temporary_folder("flood");
  Grid grid{"EPSG:32650", 500150, 4000000, 300, 300, 60, 40};
  TimePoint issue = parse_time("2024-07-01T00:00:00Z");
  std::vector<std::string> ground{"--elevation", folder + "/dem.nc", "--curve-number", "80"};

  ValleyCase() {
    GridNetcdfWriter dem(folder + "/dem.nc", grid, {"made-up valley", "", "", {}, issue});
    const std::size_t v = dem.add({"surface_altitude", "elevation", *find_quantity("surface_altitude"), TimeKind::instant, {{issue, issue}}, ""});
    Field z(grid, {});
    for (std::int64_t j = 0; j < grid.ny(); ++j)
      for (std::int64_t i = 0; i < grid.nx(); ++i)
        z.view()(j, i) = static_cast<float>(10 * std::abs(j - 20)) + 6 * static_cast<float>(60 - i) + static_cast<float>((j * 13 + i * 7) % 5);
    dem.write(v, 0, std::as_const(z).view());
    dem.close();
    const double w = grid.x(0) - 150, e = grid.x(59) + 150, n = grid.y(0) + 150, s = grid.y(39) - 150, m = 0.5 * (w + e);
    const auto box = [](const char* code, double x0, double y0, double x1, double y1) {
      std::ostringstream o;
      o.precision(12);
      o << R"({"type":"Feature","properties":{"code":")" << code << R"("},"geometry":{"type":"Polygon","coordinates":[[[)" << x0 << ',' << y0 << "],[" << x1
        << ',' << y0 << "],[" << x1 << ',' << y1 << "],[" << x0 << ',' << y1 << "],[" << x0 << ',' << y0 << "]]]}}";
      return o.str();
    };
    write_file_atomically(folder + "/towns.geojson", R"({"type":"FeatureCollection","features":[)" + box("W", w, s, m, n) + "," + box("E", m, s, e, n) + "]}");
  }
  // Rates of each member, mm/h, NaN in the west of a member when `blind`; three hours that begin `later` than the issue.
  void rain(const std::string& name, const std::vector<float>& rates, bool blind = false, Seconds later = Seconds{0}) const {
    GridNetcdfWriter out(folder + "/" + name, grid, {"made-up rain", "", "", {}, issue});
    std::vector<Interval> times;
    for (int t = 1; t <= 12; ++t) times.push_back({issue + later + std::chrono::minutes(15 * t), issue + later + std::chrono::minutes(15 * t)});
    const std::size_t v = out.add(
        {"rainfall_rate", "rain", quantities::rainfall_rate(), TimeKind::instant, times, "surface", rates.size() > 1 ? static_cast<int>(rates.size()) : 0});
    Field f(grid, {});
    for (std::size_t m = 0; m < rates.size(); ++m)
      for (std::size_t t = 0; t < times.size(); ++t) {
        for (float& x : f.values()) x = rates[m];
        if (blind)
          for (std::int64_t j = 0; j < grid.ny(); ++j)
            for (std::int64_t i = 0; i < 30; ++i) f.view()(j, i) = std::nanf("");
        out.write(v, t, std::as_const(f).view(), m);
      }
    out.close();
  }
  int run(std::vector<std::string> words, const std::vector<std::string>& more) const {
    words.insert(words.end(), ground.begin(), ground.end());
    words.insert(words.end(), more.begin(), more.end());
    return guyu_run(words);
  }
  std::vector<std::string> towns() const { return {"--regions", folder + "/towns.geojson", "--code", "code", "--regions-crs", "EPSG:32650"}; }
  std::vector<std::string> with_towns(std::vector<std::string> words) const {
    const auto t = towns();
    words.insert(words.end(), t.begin(), t.end());
    return words;
  }
  std::map<std::string, std::vector<float>> read(const std::string& name) const {
    std::map<std::string, std::vector<float>> out;
    read_each(folder + "/" + name, {}, [&](Field&& f) { out[f.meta.quantity.name + " " + f.meta.level] = {f.values().begin(), f.values().end()}; });
    return out;
  }
  double attribute(const std::string& file, const std::string& name, std::size_t town) const {
    std::vector<std::string> problems;
    return static_cast<double>(read_attributes({folder + "/" + file, "", "code", {name}}, {"W", "E"}, problems).front().values[town]);
  }
};

bool all_unknown(const std::vector<float>& flow) {
  return !flow.empty() && std::all_of(flow.begin(), flow.end(), [](float q) { return std::isnan(q); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flood_verb)

BOOST_AUTO_TEST_CASE(guidance_becomes_thresholds_that_members_pass_or_not) {
  const ValleyCase c;
  BOOST_REQUIRE(c.run({"guidance", "--flood-formula", "3,0.75", "--periods", "5", "--streams", "1,300", "--durations", "1,3", "--out",
                       c.folder + "/guidance.csv", "--grid", c.folder + "/guidance.nc", "--map", c.folder + "/guidance"},
                      c.towns()) == 0);
  const double one = c.attribute("guidance.csv", "critical_rain_1h", 0), three = c.attribute("guidance.csv", "critical_rain_3h", 0);
  BOOST_TEST((one > 5 && three > one && three < 500));
  BOOST_TEST(c.attribute("guidance.csv", "curve_number", 1) == 80);
  BOOST_TEST(c.attribute("guidance.csv", "threshold_runoff_1h", 0) < one);  // the soil takes the rest
  BOOST_TEST(read_text_file(c.folder + "/guidance_3h.png").substr(1, 3) == "PNG");
  // Wetter soil needs less.
  BOOST_REQUIRE(c.run({"guidance", "--flood-formula", "3,0.75", "--periods", "5", "--streams", "1,300", "--durations", "1,3", "--wetness", "1", "--out",
                       c.folder + "/wet.csv"},
                      c.towns()) == 0);
  BOOST_TEST(c.attribute("wet.csv", "critical_rain_1h", 0) < one);

  // Four members: none, far too little, far too much, more still. Half of them pass.
  c.rain("rain.nc", {0, static_cast<float>(three / 3 * 0.3), static_cast<float>(three / 3 * 3), static_cast<float>(three / 3 * 5)});
  const std::vector<std::string> flood{"flood",         "--rain", c.folder + "/rain.nc", "--thresholds", c.folder + "/guidance.nc", "--periods", "5",
                                       "--stream-from", "1"};
  const auto outputs = [&](const std::string& name) {
    std::vector<std::string> more =
        c.with_towns({"--out", c.folder + "/" + name + ".nc", "--table", c.folder + "/" + name + ".csv", "--map", c.folder + "/" + name + ".png"});
    return more;
  };
  set_num_threads(1);
  BOOST_REQUIRE(c.run(flood, outputs("one")) == 0);
  std::vector<std::string> threads{"--threads", "3"};
  threads.insert(threads.end(), flood.begin(), flood.end());
  BOOST_REQUIRE(c.run(threads, outputs("three")) == 0);
  set_num_threads(0);
  const auto first = c.read("one.nc"), again = c.read("three.nc");
  for (const auto& [name, values] : first)
    for (std::size_t k = 0; k < values.size(); ++k)
      BOOST_TEST_REQUIRE((values[k] == again.at(name)[k] || (std::isnan(values[k]) && std::isnan(again.at(name)[k]))));
  BOOST_TEST(read_text_file(c.folder + "/one.csv") == read_text_file(c.folder + "/three.csv"));
  BOOST_TEST(c.attribute("one.csv", "probability_5yr", 0) == 0.5);
  BOOST_TEST(c.attribute("one.csv", "probability_5yr", 1) == 0.5);
  BOOST_TEST(c.attribute("one.csv", "known_share_of_streams", 1) == 1);
  BOOST_TEST(first.count("water_volume_transport_in_river_channel median of members") == 1);
}

BOOST_AUTO_TEST_CASE(rain_that_was_not_seen_gives_no_all_clear) {
  const ValleyCase c;
  BOOST_REQUIRE(c.run({"guidance", "--flood-formula", "3,0.75", "--streams", "1,300", "--durations", "1", "--grid", c.folder + "/guidance.nc"}, {}) == 0);
  c.rain("rain.nc", {0.1F}, true);
  BOOST_REQUIRE(c.run({"flood", "--rain", c.folder + "/rain.nc", "--thresholds", c.folder + "/guidance.nc", "--periods", "2", "--stream-from", "1", "--out",
                       c.folder + "/f.nc", "--table", c.folder + "/f.csv"},
                      c.towns()) == 0);
  BOOST_TEST(std::isnan(c.attribute("f.csv", "probability_2yr", 0)));
  BOOST_TEST(c.attribute("f.csv", "known_share_of_streams", 0) == 0);
}

BOOST_AUTO_TEST_CASE(negative_rain_is_missing_and_rain_elsewhere_is_told) {
  const ValleyCase c;
  c.rain("negative.nc", {-5});
  BOOST_TEST(c.run({"flood", "--rain", c.folder + "/negative.nc", "--out", c.folder + "/n.nc"}, {}) == 1);
  BOOST_TEST(all_unknown(c.read("n.nc").begin()->second));
  ValleyCase far;
  far.grid = Grid("EPSG:32650", 700150, 4000000, 300, 300, 60, 40);
  far.rain("rain.nc", {5});
  BOOST_TEST(c.run({"flood", "--rain", far.folder + "/rain.nc", "--out", c.folder + "/f.nc"}, {}) == 1);
  BOOST_TEST(c.run({"guidance", "--flood-formula", "3,-2", "--streams", "1,300", "--grid", c.folder + "/g.nc"}, {}) == 2);
}

BOOST_AUTO_TEST_CASE(a_state_carries_the_soil_from_run_to_run) {
  const ValleyCase c;
  c.rain("rain.nc", {20});
  c.rain("next.nc", {20}, false, Seconds(3 * 3600));
  const auto run = [&](const std::vector<std::string>& rain, const std::vector<std::string>& more) {
    std::vector<std::string> words{"flood", "--tail", "1", "--rain"};
    for (const std::string& name : rain) words.push_back(c.folder + "/" + name);
    return c.run(words, more);
  };
  BOOST_REQUIRE(run({"rain.nc"}, {"--out", c.folder + "/a.nc", "--state-out", c.folder + "/state.nc"}) == 0);
  BOOST_REQUIRE(run({"next.nc"}, {"--out", c.folder + "/b.nc", "--state", c.folder + "/state.nc"}) == 0);
  const auto dry = c.read("a.nc").begin()->second, wet = c.read("b.nc").begin()->second;
  for (std::size_t k = 0; k < dry.size(); ++k) BOOST_TEST_REQUIRE(wet[k] >= dry[k]);
  // Both at once, or one after the other: the same flows. What the state holds already is not taken twice.
  BOOST_REQUIRE(run({"rain.nc", "next.nc"}, {"--out", c.folder + "/both.nc"}) == 0);
  BOOST_REQUIRE(run({"rain.nc", "next.nc"}, {"--out", c.folder + "/again.nc", "--state", c.folder + "/state.nc"}) == 0);
  const auto both = c.read("both.nc").begin()->second, again = c.read("again.nc").begin()->second;
  for (std::size_t k = 0; k < both.size(); ++k) {
    BOOST_TEST_REQUIRE(std::abs(wet[k] / both[k] - 1) < 1e-4F);
    BOOST_TEST_REQUIRE(again[k] == wet[k]);
  }
  // Ten years of peaks that all are the same have no return period, nine are too few.
  std::vector<std::string> words{"guidance", "--streams", "1,300", "--annual-peaks"};
  words.push_back(c.folder + "/a.nc");
  BOOST_TEST(c.run(words, {"--grid", c.folder + "/g.nc"}) == 2);
}

BOOST_AUTO_TEST_CASE(a_state_is_of_its_time_and_of_its_network) {
  const ValleyCase c;
  c.rain("rain.nc", {20});
  c.rain("late.nc", {1}, false, Seconds(30 * 3600));
  c.rain("next.nc", {1}, false, Seconds(33 * 3600));
  const auto run = [&](const std::string& rain, const std::string& out, const std::vector<std::string>& more) {
    return c.run({"flood", "--rain", c.folder + "/" + rain, "--out", c.folder + "/" + out}, more);
  };
  const std::string state = c.folder + "/state.nc", later = c.folder + "/later.nc";
  BOOST_REQUIRE(run("rain.nc", "a.nc", {"--state-out", state}) == 0);
  BOOST_TEST(run("rain.nc", "b.nc", {"--state", state}) == 2);  // the same rain again: it is in the state
  // A day between the state and the rain, of which nothing is known: so are the flows, and those of the run after it.
  BOOST_TEST(run("late.nc", "c.nc", {"--state", state, "--state-out", later}) == 1);
  BOOST_TEST(all_unknown(c.read("c.nc").begin()->second));
  BOOST_TEST(run("next.nc", "d.nc", {"--state", later}) == 1);
  BOOST_TEST(all_unknown(c.read("d.nc").begin()->second));
  // Another sea: another network.
  BOOST_TEST(run("late.nc", "e.nc", {"--state", state, "--sea", "100"}) == 2);
  BOOST_TEST(c.run({"guidance", "--flood-formula", "3,0.75", "--streams", "1,300", "--durations", "1"}, {"--state", state}) == 0);
  BOOST_TEST(c.run({"guidance", "--flood-formula", "3,0.75", "--streams", "1,300", "--durations", "1"}, {"--state", state, "--sea", "100"}) == 2);
}

BOOST_AUTO_TEST_CASE(annual_peaks_give_thresholds_by_return_period) {
  const ValleyCase c;
  for (int y = 0; y < 10; ++y) {
    c.rain("rain.nc", {10 + 3 * static_cast<float>(y)});
    BOOST_REQUIRE(c.run({"flood", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/peaks" + std::to_string(y) + ".nc", "--tail", "3"}, {}) == 0);
  }
  BOOST_REQUIRE(
      c.run({"guidance", "--annual-peaks", c.folder + "/peaks*.nc", "--periods", "2,5", "--streams", "1,300", "--durations", "3", "--grid", c.folder + "/g.nc"},
            {}) == 0);
  const auto g = c.read("g.nc"), low = c.read("peaks2.nc"), high = c.read("peaks9.nc");
  const auto &two = g.at("water_volume_transport_in_river_channel 2 year"), &five = g.at("water_volume_transport_in_river_channel 5 year");
  for (std::size_t k = 0; k < two.size(); ++k) {
    BOOST_TEST_REQUIRE(two[k] < five[k]);
    BOOST_TEST_REQUIRE((two[k] > low.begin()->second[k] && two[k] < high.begin()->second[k]));
  }
}

BOOST_AUTO_TEST_CASE(mistakes_exit_with_two_and_leave_nothing) {
  const ValleyCase c;
  c.rain("rain.nc", {5});
  BOOST_TEST(c.run({"guidance", "--grid", c.folder + "/g.nc"}, {}) == 2);
  BOOST_TEST(c.run({"guidance", "--flood-formula", "3,0.75", "--streams", "5000,9000", "--grid", c.folder + "/g.nc"}, {}) == 2);
  BOOST_TEST(c.run({"flood", "--rain", c.folder + "/dem.nc", "--out", c.folder + "/x.nc"}, {}) == 2);
  BOOST_TEST(c.run({"flood", "--rain", c.folder + "/rain.nc", "--thresholds", c.folder + "/rain.nc", "--periods", "5", "--out", c.folder + "/x.nc"}, {}) == 2);
  BOOST_TEST(guyu_run({"flood", "--rain", c.folder + "/rain.nc", "--elevation", c.folder + "/dem.nc", "--curve-number", "140", "--out", c.folder + "/x.nc"}) ==
             2);
}

BOOST_AUTO_TEST_SUITE_END()
