#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <tuple>

#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/field.h"
#include "engine/fire/fire_weather.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/run/small_case.h"
#include "tests/support/netcdf_writer.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::guyu_said;
using guyu::test::SmallCase;
namespace fs = std::filesystem;
namespace {
TimePoint model_minute(int m) { return parse_time("2024-07-01T00:00:00Z") + Seconds(60 * m); }

CycleResult run_at(const SmallCase& c, int m, const std::string& out = "") {
  return run_cycle({c.config(), c.data, out.empty() ? c.out : out, model_minute(m), "", "", {}});
}
void append(const SmallCase& c, const std::string& text) { write_file_atomically(c.config(), read_text_file(c.config()) + text); }
Level level_of(const CycleResult& r, const std::string& hazard, std::size_t region) {
  for (const RiskRow& row : r.risk.rows)
    if (row.hazard == hazard && row.region == region) return row.level;
  BOOST_FAIL("no row of " + hazard);
  return Level::unknown;
}
std::string all_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& l : lines) out += l + "\n";
  return out;
}
constexpr std::size_t kWest = 0, kEast = 1;

// Reflectivity in levels up to 10 km: a column of 60 dBZ over the middle of the western township that stands still.
void write_storm(const SmallCase& c, int minute, int levels) {
  const Grid grid("+proj=longlat +datum=WGS84 +no_defs", 110.01, 30.99, 0.02, 0.02, 50, 50);
  const TimePoint t = model_minute(minute);
  const std::string stamp = to_compact(t);
  GridNetcdfWriter writer(c.data + "/storm/v_" + stamp.substr(0, 8) + stamp.substr(9, 4) + ".nc", grid, {"volume", "test", "", {}, t});
  std::vector<std::size_t> variables;
  for (int k = 0; k < levels; ++k)
    variables.push_back(writer.add({"dbz" + std::to_string(k), "", quantities::reflectivity(), TimeKind::instant, {{t, t}}, std::to_string(2500 * k) + " m"}));
  Field f(grid, {quantities::reflectivity(), TimeKind::instant, {t, t}, t, "", {}, "", ""});
  for (std::int64_t j = 0; j < 50; ++j)
    for (std::int64_t i = 0; i < 50; ++i) f.view()(j, i) = std::hypot(static_cast<double>(j) - 25, static_cast<double>(i) - 14) <= 4 ? 60.0F : -32.0F;
  for (const std::size_t v : variables) writer.write(v, 0, std::as_const(f).view());
  writer.close();
}
// Township series as guyu forecast writes them: hourly to 24 h, the same everywhere.
struct Air {
  double kelvin, humidity, wind;
};
void write_weather(const SmallCase& c, const Air& air) {
  fs::create_directories(c.data + "/weather");
  test::NetcdfWriter w(c.data + "/weather/w_2024070100.nc", NC_CLOBBER | NC_NETCDF4);
  const int region = w.dim("region", 2), time = w.axis("time", "time", "seconds since 1970-01-01T00:00:00Z", 24);
  const int code = w.variable("code", NC_STRING, {region}), reference = w.variable("forecast_reference_time", NC_DOUBLE, {});
  w.text(reference, "units", "seconds since 1970-01-01T00:00:00Z");
  const std::tuple<const char*, const char*, double> all[] = {
      {"air_temperature", "K", air.kelvin}, {"relative_humidity", "1", air.humidity}, {"wind_speed", "m s-1", air.wind}};
  for (const auto& [name, unit, value] : all) {
    const int v = w.variable(name, NC_FLOAT, {time, region});
    w.text(v, "quantity", name), w.text(v, "units", unit), w.text(v, "cell_methods", "area: mean time: point");
  }
  std::vector<double> times;
  for (int h = 1; h <= 24; ++h) times.push_back(static_cast<double>(model_minute(60 * h).time_since_epoch().count()));
  w.put("time", times);
  w.put(reference, {static_cast<double>(model_minute(0).time_since_epoch().count())});
  w.texts(code, {"110000000001", "110000000002"});
  for (const auto& [name, unit, value] : all) w.put(name, std::vector<double>(48, value));
}
// Two classes of soil, of which the second takes all rain in.
std::string soils_text() {
  const auto soil = [](int number, int deep_mm, const char* calibrated_on) {
    return "[[soil]]\nclass = " + std::to_string(number) + "\ncalibrated_on = \"" + calibrated_on + "\"\ndeep_mm = " + std::to_string(deep_mm) +
           "\nevaporation_factor = 1.0\nupper_mm = 20\nlower_mm = 70\ncurve = 0.3\ndeep_evaporation = 0.15\nimpervious = 0\nfree_mm = 10\n"
           "free_curve = 1.2\ninterflow_rate = 0.35\ngroundwater_rate = 0.35\ninterflow_recession = 0.8\ngroundwater_recession = 0.98\n";
  };
  return soil(1, 10, "a gauge") + soil(2, 150, "");
}
// Columns of two townships of which nothing is remembered at first; without evaporation a day more or less before the rain makes no difference.
void write_columns(const SmallCase& c, const std::string& east_class) {
  write_file_atomically(c.data + "/soils.toml", soils_text());
  write_file_atomically(c.data + "/ground.csv",
                        "code,soil_class,threshold_runoff_1h [mm],threshold_runoff_3h [mm]\n110000000001,1,12,20\n110000000002," + east_class + ",12,20\n");
  std::string text = read_text_file(c.config());
  text.insert(text.find("[regions]\n") + 10, "attribute_tables = [\"ground.csv\"]\n");
  write_file_atomically(c.config(), text +
                                        "[rules]\npacks = [\"cma_2007_rainstorm\", \"flash_flood\"]\n[[model]]\nname = \"flash_flood\"\nrunoff = "
                                        "\"xinanjiang\"\nparameters = \"soils.toml\"\nevaporation_rate = 0\nunknown_wetness = 0.8\n");
}
float value_in_column(const CycleResult& r, const std::string& name, std::size_t region) {
  for (const RegionColumn& column : r.table.columns)
    if (column.name == name) return column.values[region];
  BOOST_FAIL("no column " + name);
  return 0;
}
const char* const kStormConfig = R"([rules]
packs = ["cma_2007_rainstorm", "cma_2007_lightning", "cma_2007_hail", "qxt_416_severe_convection"]
[convection]
pattern = "storm/v_%Y%m%d%H%M.nc"
freezing = "4000 m"
minus20 = "7 km"
)";
}  // namespace

BOOST_AUTO_TEST_SUITE(cycle_models)

BOOST_AUTO_TEST_CASE(rain_above_caines_threshold_is_decided_by_its_pack_and_the_state_is_kept) {
  const SmallCase c("models_slide");
  append(c, "[rules]\npacks = [\"cma_2007_rainstorm\", \"landslide_caine\"]\n[[model]]\nname = \"landslide_ratio\"\n");
  c.frames(model_minute(0), model_minute(60), 20);
  const CycleResult r = run_at(c, 60);
  BOOST_TEST(r.report.degraded.empty(), all_of(r.report.degraded));
  BOOST_TEST((level_of(r, "landslide", kWest) == Level::yellow));  // 20 mm in an hour: 1.35 times 14.82
  BOOST_TEST((level_of(r, "landslide", kEast) == Level::none));
  BOOST_TEST(r.risk.rows[0].evidence.rule.find("landslide") != std::string::npos);
  BOOST_TEST(fs::exists(c.out + "/state/models.nc"));
  const std::string state = read_text_file(c.out + "/state/models.nc");
  run_at(c, 60);
  BOOST_TEST((read_text_file(c.out + "/state/models.nc") == state));  // the same cycle again
  // A damaged state lets the models begin anew, and the run says so.
  write_file_atomically(c.out + "/state/models.nc", "no NetCDF");
  c.frames(model_minute(65), model_minute(70), 20);
  const CycleResult again = run_at(c, 65);
  BOOST_TEST(all_of(again.report.degraded).find("models start anew") != std::string::npos);
  BOOST_TEST((level_of(again, "landslide", kWest) == Level::yellow));
  BOOST_TEST(run_at(c, 70).report.degraded.empty());
}

BOOST_AUTO_TEST_CASE(a_model_without_its_inputs_leaves_its_hazard_unknown_and_is_named) {
  const SmallCase c("models_fire");
  append(c, "[rules]\npacks = [\"cma_2007_rainstorm\", \"fire_weather\"]\n[[model]]\nname = \"fire_weather_index\"\ndc_start = 200\n");
  c.frames(model_minute(0), model_minute(60), 0);
  const CycleResult r = run_at(c, 60);
  BOOST_TEST((level_of(r, "fire_weather", kWest) == Level::unknown));
  BOOST_TEST((level_of(r, "rainstorm", kWest) == Level::none));
  BOOST_TEST(all_of(r.report.degraded).find("model fire_weather_index: nothing gives air_temperature mean") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fire_weather_at_noon_comes_from_the_forecasts_series_and_the_rain_that_fell) {
  const SmallCase c("models_noon");
  append(c,
         "[rules]\npacks = [\"cma_2007_rainstorm\", \"fire_weather\"]\n[weather]\npattern = \"weather/w_%Y%m%d%H.nc\"\n[[model]]\nname = "
         "\"fire_weather_index\"\n");
  c.frames(model_minute(0), model_minute(310), 0);
  write_weather(c, {303.15, 0.2, 10});
  const CycleResult r = run_at(c, 310);  // an hour and ten minutes after noon: the day is settled
  BOOST_TEST(r.report.degraded.empty(), all_of(r.report.degraded));
  const MoistureCodes codes = next_codes({}, {30, 20, 36, 0, 7}, 30.5);
  const double expected = fire_weather_index(initial_spread_index(codes.ffmc, 36), buildup_index(codes.dmc, codes.dc));
  const auto index_of = [](const CycleResult& result) {
    for (const RegionColumn& column : result.table.columns)
      if (column.name == "fire_weather_index") return static_cast<double>(column.values[kEast]);
    return std::nan("");
  };
  BOOST_TEST(index_of(r) == expected, boost::test_tools::tolerance(1e-3));
  BOOST_TEST((level_of(r, "fire_weather", kEast) == (expected >= 33 ? Level::red : expected >= 21 ? Level::orange : Level::yellow)));
  // The next cycle tells the same of that noon from what is remembered.
  c.frames(model_minute(315), model_minute(320), 0);
  BOOST_TEST(index_of(run_at(c, 320)) == expected, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(columns_of_xinanjiang_go_on_from_cycle_to_cycle) {
  const SmallCase c("models_columns");
  write_columns(c, "2");
  c.frames(model_minute(0), model_minute(120), 45);
  const CycleResult first = run_at(c, 60);
  BOOST_TEST(first.report.degraded.empty(), all_of(first.report.degraded));
  BOOST_TEST((level_of(first, "flash_flood", kWest) >= Level::yellow));
  BOOST_TEST((level_of(first, "flash_flood", kEast) == Level::none));
  BOOST_TEST(all_of(first.report.notes).find("1 of 2 sets NOT CALIBRATED, calibrated on a gauge") != std::string::npos, all_of(first.report.notes));
  const CycleResult second = run_at(c, 120), alone = run_at(c, 120, c.out + "_alone");
  BOOST_TEST(second.report.degraded.empty(), all_of(second.report.degraded));
  BOOST_TEST(all_of(second.report.notes).find("anew") == std::string::npos, all_of(second.report.notes));
  const float ratio = value_in_column(second, "flash_flood_ratio", kWest);
  BOOST_TEST(ratio > value_in_column(first, "flash_flood_ratio", kWest));
  BOOST_TEST(ratio == value_in_column(alone, "flash_flood_ratio", kWest), boost::test_tools::tolerance(1e-4F));
  const std::string state = read_text_file(c.out + "/state/models.nc");
  run_at(c, 120);
  BOOST_TEST((read_text_file(c.out + "/state/models.nc") == state));  // the same cycle again
  // Seven hours on the soil of the storm is what is remembered: wetter than in a run that has lost it and its history.
  c.frames(model_minute(125), model_minute(540), 0);
  c.frames(model_minute(545), model_minute(600), 15);
  run_at(c, 500);
  const CycleResult later = run_at(c, 600);
  BOOST_TEST(later.report.degraded.empty(), all_of(later.report.degraded));
  fs::remove(c.out + "/state/models.nc");
  const CycleResult lost = run_at(c, 600);
  BOOST_TEST(lost.report.degraded.empty(), all_of(lost.report.degraded));
  BOOST_TEST(value_in_column(lost, "flash_flood_ratio", kWest) == value_in_column(later, "flash_flood_ratio", kWest), boost::test_tools::tolerance(1e-3F));
  // The other way of runoff does not take this water, and says so.
  std::string text = read_text_file(c.config());
  text.replace(text.find("\"xinanjiang\""), text.find("unknown_wetness") - text.find("\"xinanjiang\""), "\"curve-number\"\n");
  write_file_atomically(c.config(), text);
  c.frames(model_minute(605), model_minute(610), 15);
  const CycleResult other = run_at(c, 610);
  BOOST_TEST(all_of(other.report.notes).find("is that of another way of runoff: it begins anew") != std::string::npos, all_of(other.report.notes));
  BOOST_TEST((level_of(other, "flash_flood", kWest) == Level::unknown));  // no curve numbers
}

BOOST_AUTO_TEST_CASE(a_township_whose_soil_has_no_parameters_is_unknown_ground_and_named) {
  const SmallCase c("models_strange_soil");
  write_columns(c, "9");
  c.frames(model_minute(0), model_minute(60), 45);
  const CycleResult r = run_at(c, 60);
  BOOST_TEST((level_of(r, "flash_flood", kWest) >= Level::yellow));
  BOOST_TEST((level_of(r, "flash_flood", kEast) == Level::unknown));
  BOOST_TEST(all_of(r.report.degraded).find("classes without parameters: 9: add a [[soil]]") != std::string::npos, all_of(r.report.degraded));
  write_file_atomically(c.data + "/ground.csv", "code,threshold_runoff_1h [mm]\n110000000001,12\n110000000002,12\n");
  const CycleResult without = run_at(c, 60, c.out + "_without");
  BOOST_TEST((level_of(without, "flash_flood", kWest) == Level::unknown));
  BOOST_TEST(all_of(without.report.degraded).find("no attribute soil_class") != std::string::npos, all_of(without.report.degraded));
}

BOOST_AUTO_TEST_CASE(faults_of_models_are_found_in_the_configuration) {
  const SmallCase c("models_config");
  const std::string text = read_text_file(c.config());
  const auto fault = [&](const std::string& more) -> std::string {
    write_file_atomically(c.config(), text + more);
    try {
      run_at(c, 60);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  BOOST_TEST(fault("[[model]]\nname = \"landslide_ratoi\"\n").find("did you mean \"landslide_ratio\"") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nname = \"landslide_ratio\"\nlongset = \"24 h\"\n").find("did you mean \"longest\"") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nname = \"landslide_ratio\"\nexponent = 2\n").find("outside -0.99 to 0") != std::string::npos);
  BOOST_TEST(fault("[[model]]\nname = \"landslide_ratio\"\n[[model]]\nname = \"landslide_ratio\"\n").find("given twice") != std::string::npos);
  const std::string flood = "[[model]]\nname = \"flash_flood\"\n";
  BOOST_TEST(fault(flood + "runoff = \"xinanjang\"\n").find("xinanjiang") != std::string::npos);
  BOOST_TEST(fault(flood + "parameters = \"soils.toml\"\n").find("\"parameters\" is of runoff by xinanjiang") != std::string::npos);
  BOOST_TEST(fault(flood + "runoff = \"xinanjiang\"\nabstraction = 0.1\n").find("is of runoff by curve-number") != std::string::npos);
  BOOST_TEST(fault(flood + "runoff = \"xinanjiang\"\nevaporation = \"temperature\"\nevaporation_rate = 3\n").find("is not by a rate") != std::string::npos);
  BOOST_TEST(fault(flood + "runoff = \"xinanjiang\"\nparameters = \"nowhere.toml\"\n").find("nowhere.toml") != std::string::npos);
  write_file_atomically(c.data + "/soils.toml", "[[soil]]\nclass = 1\nupper_mm = 900\n");
  BOOST_TEST(fault(flood + "runoff = \"xinanjiang\"\nparameters = \"soils.toml\"\n").find("soils.toml:3") != std::string::npos);
  BOOST_TEST(fault("[earthquake]\nrelation = \"nobody\"\n").find("nobody") != std::string::npos);
  BOOST_TEST(fault("[convection]\npattern = \"storm/v_%Q.nc\"\n").find("case.toml") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_earthquake_shakes_its_township_and_without_a_report_nothing_is_known) {
  const SmallCase c("models_quake");
  append(
      c,
      "[rules]\npacks = [\"cma_2007_rainstorm\", \"shaking\"]\n[[model]]\nname = \"seismic_intensity\"\n[earthquake]\npattern = \"quake/e_%Y%m%d%H%M.json\"\n");
  c.frames(model_minute(0), model_minute(60), 0);
  fs::create_directories(c.data + "/quake");
  const CycleResult quiet = run_at(c, 55, c.out + "_quiet");
  BOOST_TEST((level_of(quiet, "shaking", kWest) == Level::unknown));
  BOOST_TEST(all_of(quiet.report.notes).find("shaking is not known") != std::string::npos);
  BOOST_TEST(quiet.report.degraded.empty(), all_of(quiet.report.degraded));  // quiet ground is no fault
  write_file_atomically(c.data + "/quake/e_202407010052.json",
                        R"({"id":"a","time":"2024-07-01T00:50:00Z","longitude":110.3,"latitude":30.5,"depth_km":10,"magnitude":5.5})");
  write_file_atomically(c.data + "/quake/e_202407010058.json",
                        R"({"id":"b","time":"2024-07-01T00:57:00Z","longitude":110.3,"latitude":30.5,"depth_km":10,"magnitude":3.5})");
  write_file_atomically(c.data + "/quake/e_202407010059.json", "no event");
  const CycleResult r = run_at(c, 60);
  // The aftershock does not hide the main shock; the file that is none is named.
  BOOST_TEST((level_of(r, "shaking", kWest) == Level::red));
  BOOST_TEST((level_of(r, "shaking", kEast) >= Level::orange));
  BOOST_TEST(all_of(r.report.degraded).find("e_202407010059.json") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_storm_column_gives_lightning_hail_and_arrival_to_the_packs) {
  const SmallCase c("models_storm");
  append(c, kStormConfig);
  c.frames(model_minute(0), model_minute(60), 0);
  for (const int m : {45, 50, 55, 60}) write_storm(c, m, 5);
  const CycleResult r = run_at(c, 60);
  BOOST_TEST(r.report.degraded.empty(), all_of(r.report.degraded));
  // 60 dBZ at -10 degC: 0.93 (docs/convection.md). SHI 247 and H0 4 km: POSH 0.74 and 40 mm (tests/cli/convection_test.cpp).
  BOOST_TEST((level_of(r, "lightning", kWest) >= Level::orange));
  BOOST_TEST((level_of(r, "hail", kWest) == Level::orange));
  BOOST_TEST((level_of(r, "severe_convection", kWest) == Level::orange));
  for (const char* hazard : {"lightning", "hail", "severe_convection"}) BOOST_TEST((level_of(r, hazard, kEast) == Level::none), hazard);
  bool arrival = false;
  for (const RegionColumn& column : r.table.columns)
    if (column.name == "cell_arrival") {
      arrival = true;
      BOOST_TEST(column.values[kWest] == 0);
      BOOST_TEST(std::isinf(column.values[kEast]));
    }
  BOOST_TEST(arrival);
}

BOOST_AUTO_TEST_CASE(flashes_that_a_satellite_saw_are_lightning_for_sure_and_a_broken_file_is_named) {
  const SmallCase c("models_flashes");
  append(c, std::string(kStormConfig) + "lightning = \"glm/g_%Y%m%d%H%M%S.nc\"\n");
  c.frames(model_minute(0), model_minute(60), 0);
  for (const int m : {50, 55, 60}) write_storm(c, m, 5);
  fs::create_directories(c.data + "/glm");
  {
    test::NetcdfWriter w(c.data + "/glm/g_20240701004500.nc", NC_CLOBBER | NC_NETCDF4);
    const int n = w.dim("number_of_flashes", 2);
    const int lon = w.variable("flash_lon", NC_FLOAT, {n}), lat = w.variable("flash_lat", NC_FLOAT, {n}),
              quality = w.variable("flash_quality_flag", NC_SHORT, {n});
    const int time = w.variable("flash_time_offset_of_first_event", NC_FLOAT, {n}), subpoint = w.variable("nominal_satellite_subpoint_lon", NC_FLOAT, {});
    w.text(time, "units", "seconds since 2024-07-01 00:45:00.000");
    w.text(NC_GLOBAL, "time_coverage_start", "2024-07-01T00:45:00.0Z");
    w.text(NC_GLOBAL, "time_coverage_end", "2024-07-01T01:00:00.0Z");
    w.put(lon, {110.7, 110.7}), w.put(lat, {30.5, 30.5}), w.put(quality, {0, 0}), w.put(time, {60, 700}), w.put(subpoint, {105});
  }
  write_file_atomically(c.data + "/glm/g_20240701005000.nc", "no NetCDF");
  const CycleResult r = run_at(c, 60);
  BOOST_TEST((level_of(r, "lightning", kEast) == Level::red));
  BOOST_TEST(all_of(r.report.degraded).find("g_20240701005000.nc") != std::string::npos);
  BOOST_TEST(r.report.degraded.size() == 1U, all_of(r.report.degraded));
}

BOOST_AUTO_TEST_CASE(a_composite_alone_leaves_hail_unknown_and_old_frames_say_nothing) {
  const SmallCase c("models_composite");
  append(c, kStormConfig);
  c.frames(model_minute(0), model_minute(120), 0);
  for (const int m : {45, 50, 55, 60}) write_storm(c, m, 1);  // enough of them for a path that leaves the east alone
  const CycleResult r = run_at(c, 60);
  BOOST_TEST((level_of(r, "lightning", kWest) == Level::unknown));  // a cell is there, whose lightning cannot be told
  BOOST_TEST((level_of(r, "lightning", kEast) == Level::none));
  BOOST_TEST((level_of(r, "hail", kWest) == Level::unknown));
  BOOST_TEST((level_of(r, "hail", kEast) == Level::unknown));
  const CycleResult old = run_at(c, 120, c.out + "_old");
  BOOST_TEST(all_of(old.report.degraded).find("convection: no reflectivity of the last 15 min") != std::string::npos);
  BOOST_TEST((level_of(old, "lightning", kEast) == Level::unknown));
  BOOST_TEST((level_of(old, "rainstorm", kEast) == Level::none));
}

BOOST_AUTO_TEST_CASE(the_verb_lists_models_with_inputs_parameters_and_sources) {
  const auto said = guyu_said({"models"});
  BOOST_TEST(said.code == 0);
  for (const char* part : {"fire_weather_index: ", "Van Wagner", "relative_humidity mean", "landslide_ratio: ", "longest", "pack shaking decides"})
    BOOST_TEST(said.out.find(part) != std::string::npos, part);
  BOOST_TEST(guyu_said({"models", "nothing"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
