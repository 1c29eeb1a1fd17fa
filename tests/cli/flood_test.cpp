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
  // Potential evaporation of two days, mm a day.
  void evaporation(const std::string& name, float mm, Seconds later = Seconds{0}) const {
    GridNetcdfWriter out(folder + "/" + name, grid, {"made-up evaporation", "", "", {}, issue});
    const std::vector<Interval> days{{issue + later, issue + later + std::chrono::hours(24)},
                                     {issue + later + std::chrono::hours(24), issue + later + std::chrono::hours(48)}};
    const std::size_t v = out.add({"pet", "potential evaporation", *find_quantity("water_potential_evaporation_amount"), TimeKind::accumulation, days, ""});
    Field f(grid, {});
    for (float& x : f.values()) x = mm;
    for (std::size_t t = 0; t < days.size(); ++t) out.write(v, t, std::as_const(f).view());
    out.close();
  }
  // Two soils of classes 3 and 7, in the west and in the east.
  void soils(float free_mm = 30) const {
    const auto soil = [](int number, float free) {
      std::ostringstream o;
      o << "[[soil]]\nclass = " << number << "\nevaporation_factor = 1\nupper_mm = 15\nlower_mm = 60\ndeep_mm = 40\ncurve = 0.4\ndeep_evaporation = 0.16\n"
        << "impervious = 0.02\nfree_mm = " << free << "\nfree_curve = 1.4\ninterflow_rate = 0.3\ngroundwater_rate = 0.4\ninterflow_recession = 0.7\n"
        << "groundwater_recession = 0.99\n";
      return o.str();
    };
    write_file_atomically(folder + "/soils.toml", soil(3, free_mm) + soil(7, 10));
    GridNetcdfWriter map(folder + "/classes.nc", grid, {"made-up classes", "", "", {}, issue});
    const std::size_t v = map.add({"class", "class", *find_quantity("convective_echo_class"), TimeKind::instant, {{issue, issue}}, ""});
    Field f(grid, {});
    for (std::int64_t j = 0; j < grid.ny(); ++j)
      for (std::int64_t i = 0; i < grid.nx(); ++i) f.view()(j, i) = i < 30 ? 3.0F : 7.0F;
    map.write(v, 0, std::as_const(f).view());
    map.close();
  }
  // The same valley with Xinanjiang's runoff; its own soils when `soils` were written and are asked for.
  int columns(std::vector<std::string> words, const std::vector<std::string>& more, bool own_soils = false) const {
    words.insert(words.end(), {"--elevation", folder + "/dem.nc", "--runoff", "xinanjiang"});
    if (own_soils) words.insert(words.end(), {"--parameters", folder + "/soils.toml", "--parameter-classes", folder + "/classes.nc"});
    words.insert(words.end(), more.begin(), more.end());
    return guyu_run(words);
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

bool same(const std::map<std::string, std::vector<float>>& a, const std::map<std::string, std::vector<float>>& b) {
  if (a.size() != b.size() || a.empty()) return false;
  for (const auto& [name, values] : a) {
    const auto other = b.find(name);
    if (other == b.end() || other->second.size() != values.size()) return false;
    for (std::size_t k = 0; k < values.size(); ++k)
      if (!(values[k] == other->second[k] || (std::isnan(values[k]) && std::isnan(other->second[k])))) return false;
  }
  return true;
}

float largest(const std::map<std::string, std::vector<float>>& fields) {
  const std::vector<float>& q = fields.at("water_volume_transport_in_river_channel ");
  return *std::max_element(q.begin(), q.end());
}

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
  // On ground under a day of rain that nobody saw there is no guidance.
  BOOST_TEST(c.run({"guidance", "--flood-formula", "3,0.75", "--streams", "1,300", "--durations", "1"}, {"--state", later}) == 1);
}

BOOST_AUTO_TEST_CASE(a_state_on_longitude_and_latitude_is_found_again_and_one_of_another_grid_is_not) {
  const ValleyCase c;
  c.rain("rain.nc", {20});
  // Spacings that are no whole binary numbers come back from a file rounded.
  const auto run = [&](const char* spacing, std::vector<std::string> words) {
    words.insert(words.end(), {"--crs", "EPSG:4326", "--bbox", "117.01,36.03,117.15,36.11", "--spacing", spacing});
    return c.run(words, {});
  };
  BOOST_REQUIRE(run("0.003", {"flood", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/a.nc", "--state-out", c.folder + "/s.nc"}) == 0);
  const std::vector<std::string> guidance{"guidance", "--flood-formula", "3,0.75", "--streams", "1,300", "--durations", "1", "--state", c.folder + "/s.nc"};
  BOOST_TEST(run("0.003", guidance) == 0);
  BOOST_TEST(run("0.004", guidance) == 2);
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

BOOST_AUTO_TEST_CASE(xinanjiang_goes_on_from_its_state_to_the_bit_with_two_soils_and_evaporation_of_files) {
  const ValleyCase c;
  c.soils();
  c.evaporation("pet.nc", 4);
  c.rain("rain.nc", {20});
  c.rain("next.nc", {12}, false, Seconds(3 * 3600));
  const auto run = [&](const std::vector<std::string>& rain, const std::string& out, std::vector<std::string> more) {
    std::vector<std::string> words{"flood", "--tail", "1", "--evaporation", c.folder + "/pet.nc", "--out", c.folder + "/" + out, "--rain"};
    for (const std::string& name : rain) words.push_back(c.folder + "/" + name);
    return c.columns(words, more, true);
  };
  BOOST_REQUIRE(run({"rain.nc"}, "a.nc", {"--state-out", c.folder + "/half.nc"}) == 0);
  BOOST_REQUIRE(run({"next.nc"}, "b.nc", {"--state", c.folder + "/half.nc", "--state-out", c.folder + "/end.nc"}) == 0);
  BOOST_REQUIRE(run({"rain.nc", "next.nc"}, "both.nc", {"--state-out", c.folder + "/whole.nc"}) == 0);
  const auto whole = c.read("whole.nc");
  BOOST_TEST(same(c.read("end.nc"), whole));
  BOOST_TEST(whole.count("groundwater_store ") == 1);
  BOOST_TEST(whole.at("runoff_parameters_code ")[0] != whole.at("runoff_parameters_code ")[59]);
  // The state fits guidance, and only the parameters that it was made with.
  const std::vector<std::string> guidance{"guidance", "--flood-formula", "3,0.75", "--streams", "1,300", "--durations", "1,3", "--state", c.folder + "/end.nc"};
  BOOST_TEST(c.columns(guidance, {}, true) == 0);
  BOOST_TEST(c.columns(guidance, {}) == 2);
  BOOST_TEST(c.run(guidance, {}) == 2);
  c.soils(31);
  BOOST_TEST(c.columns(guidance, {}, true) == 2);
  BOOST_TEST(run({"next.nc"}, "d.nc", {"--state", c.folder + "/half.nc"}) == 2);
  // Nor does it go on from a state of the curve number.
  BOOST_REQUIRE(c.run({"flood", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/e.nc", "--state-out", c.folder + "/curve.nc"}, {}) == 0);
  BOOST_TEST(run({"next.nc"}, "f.nc", {"--state", c.folder + "/curve.nc"}) == 2);
  // Another curve number is another ground.
  BOOST_TEST(guyu_run({"flood", "--rain", c.folder + "/next.nc", "--elevation", c.folder + "/dem.nc", "--curve-number", "81", "--state", c.folder + "/curve.nc",
                       "--out", c.folder + "/g.nc"}) == 2);
}

BOOST_AUTO_TEST_CASE(evaporation_dries_and_where_it_is_not_told_counts_as_none_and_is_reported) {
  const ValleyCase c;
  c.evaporation("pet.nc", 8);
  c.evaporation("late.nc", 8, Seconds(2 * 3600));
  c.evaporation("zero.nc", 0);
  c.rain("rain.nc", {15});
  const auto peak = [&](const std::vector<std::string>& more, int code) {
    BOOST_TEST(c.columns({"flood", "--tail", "1", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/x.nc"}, more) == code);
    return largest(c.read("x.nc"));
  };
  const float dry = peak({"--evaporation", c.folder + "/pet.nc"}, 0), part = peak({"--evaporation", c.folder + "/late.nc"}, 1),
              none = peak({"--evaporation", c.folder + "/zero.nc"}, 0), rate = peak({"--evaporation-rate", "8"}, 0), assumed = peak({}, 0);
  BOOST_TEST((dry < part && part < none));
  BOOST_TEST(std::abs(rate / dry - 1) < 1e-4F);
  BOOST_TEST((assumed > dry && assumed < none));
  BOOST_TEST(peak({"--evaporation-rate", "0"}, 0) == none);
  BOOST_TEST(c.columns({"flood", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/x.nc"},
                       {"--evaporation", c.folder + "/pet.nc", "--evaporation-rate", "3"}) == 2);
  BOOST_TEST(c.columns({"flood", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/x.nc"}, {"--evaporation", c.folder + "/rain.nc"}) == 2);
  BOOST_TEST(c.run({"flood", "--rain", c.folder + "/rain.nc", "--out", c.folder + "/x.nc"}, {"--evaporation-rate", "3"}) == 2);
}

BOOST_AUTO_TEST_CASE(xinanjiang_guidance_becomes_thresholds_that_members_pass_or_not) {
  const ValleyCase c;
  c.soils();
  const std::vector<std::string> guidance{"guidance", "--flood-formula", "3,0.75", "--periods", "5",  "--streams",
                                          "1,300",    "--durations",     "1,3",    "--wetness", "0.8"};
  const auto files = [&](const std::string& name) { return c.with_towns({"--out", c.folder + "/" + name + ".csv", "--grid", c.folder + "/" + name + ".nc"}); };
  BOOST_REQUIRE(c.columns(guidance, files("guidance"), true) == 0);
  const double one = c.attribute("guidance.csv", "critical_rain_1h", 0), three = c.attribute("guidance.csv", "critical_rain_3h", 0);
  BOOST_TEST((one > c.attribute("guidance.csv", "threshold_runoff_1h", 0) && three > one && three < 500));
  BOOST_TEST(c.attribute("guidance.csv", "critical_rain_1h", 1) < one);  // less free water in the east
  BOOST_TEST((c.attribute("guidance.csv", "soil_class", 0) == 3 && c.attribute("guidance.csv", "soil_class", 1) == 7));
  // Rain of less than the least critical rain lets no stream reach its threshold by much, rain of three times the mean all.
  c.rain("rain.nc", {0, static_cast<float>(three / 3 * 0.3), static_cast<float>(three / 3 * 3), static_cast<float>(three / 3 * 5)});
  const std::vector<std::string> flood{
      "flood", "--rain", c.folder + "/rain.nc", "--thresholds", c.folder + "/guidance.nc", "--periods", "5", "--wetness", "0.8", "--stream-from", "1"};
  const auto outputs = [&](const std::string& name) {
    return c.with_towns({"--out", c.folder + "/" + name + ".nc", "--table", c.folder + "/" + name + ".csv"});
  };
  set_num_threads(1);
  BOOST_REQUIRE(c.columns(flood, outputs("one"), true) == 0);
  set_num_threads(3);
  BOOST_REQUIRE(c.columns(flood, outputs("three"), true) == 0);
  set_num_threads(0);
  BOOST_TEST(same(c.read("one.nc"), c.read("three.nc")));
  BOOST_TEST(c.attribute("one.csv", "probability_5yr", 0) == 0.5);
  BOOST_TEST(c.attribute("one.csv", "probability_5yr", 1) == 0.5);
  // Without parameters it says so, in the file too.
  const test::Said said = test::guyu_said(
      {"flood", "--rain", c.folder + "/rain.nc", "--elevation", c.folder + "/dem.nc", "--runoff", "xinanjiang", "--out", c.folder + "/said.nc"});
  BOOST_TEST(said.code == 0);
  BOOST_TEST(said.out.find("NOT CALIBRATED") != std::string::npos);
  BOOST_TEST(read_text_file(c.folder + "/said.nc").find("NOT CALIBRATED") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(xinanjiang_does_not_know_flows_of_rain_that_was_not_seen) {
  const ValleyCase c;
  c.rain("rain.nc", {0.1F}, true);
  BOOST_REQUIRE(
      c.columns({"flood", "--rain", c.folder + "/rain.nc", "--stream-from", "1", "--out", c.folder + "/f.nc", "--table", c.folder + "/f.csv"}, c.towns()) == 0);
  BOOST_TEST(c.attribute("f.csv", "known_share_of_streams", 0) == 0);
  c.soils();
  c.rain("seen.nc", {5});
  write_file_atomically(c.folder + "/one.toml", read_text_file(c.folder + "/soils.toml").substr(0, read_text_file(c.folder + "/soils.toml").rfind("[[soil]]")));
  const std::vector<std::string> flood{"flood", "--rain", c.folder + "/seen.nc", "--out", c.folder + "/x.nc"};
  BOOST_TEST(c.columns(flood, {"--parameters", c.folder + "/one.toml"}) == 0);
  BOOST_TEST(c.columns(flood, {"--parameters", c.folder + "/soils.toml"}) == 2);                                                 // two soils and no map
  BOOST_TEST(c.columns(flood, {"--parameters", c.folder + "/one.toml", "--parameter-classes", c.folder + "/classes.nc"}) == 2);  // class 7 has none
  BOOST_TEST(c.columns(flood, {"--curve-number", "80"}) == 2);
  BOOST_TEST(c.run(flood, {"--parameters", c.folder + "/one.toml"}) == 2);
  BOOST_TEST(guyu_run({"flood", "--rain", c.folder + "/seen.nc", "--elevation", c.folder + "/dem.nc", "--out", c.folder + "/x.nc"}) == 2);
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
