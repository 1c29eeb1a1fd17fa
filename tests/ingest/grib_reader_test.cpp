#include <eccodes.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <tuple>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/projection.h"
#include "ingest/reader.h"
#include "tests/ingest/grib_sample.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::sample;
namespace fs = std::filesystem;
namespace {

// Copies, or decompresses by suffix, into the folder; returns the plain file.
std::string plain(const fs::path& from, const std::string& folder) {
  const std::string suffix = from.extension().string();
  if (suffix != ".xz" && suffix != ".gz") return from.string();
  const std::string to = folder + "/" + from.stem().string();
  const std::string command = (suffix == ".xz" ? "xz -dc '" : "gzip -dc '") + from.string() + "' > '" + to + "'";
  BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
  return to;
}

std::vector<float> raw_floats(const std::string& path) {
  const std::string bytes = read_text_file(path);
  std::vector<float> v(bytes.size() / 4);
  std::copy_n(bytes.data(), v.size() * 4, reinterpret_cast<char*>(v.data()));
  return v;
}

struct Answer {
  const char* file;
  std::size_t field;  // 0-based
  const char* answer;
  double scale, offset;  // canonical = raw * scale + offset
};

// wgrib2 prints missing as 9.999e20; MRMS's own sentinels stay in its output.
float canonical(float raw, const Answer& a, bool mrms, bool dbz) {
  if (raw > 9e20F || (mrms && raw == -999.0F) || (mrms && !dbz && raw == -3.0F)) return NAN;
  if (mrms && raw == -99.0F) return dbz ? -32.0F : NAN;  // no echo
  return static_cast<float>(static_cast<double>(raw) * a.scale + a.offset);
}

// Raw order is the order in the message: one of few arrangements of the canonical one.
std::vector<float> arrange(std::vector<float> v, std::int64_t ny, std::int64_t nx, bool snake, bool flip, std::int64_t shift) {
  if (snake) {
    for (std::int64_t j = 1; j < ny; j += 2) std::reverse(v.begin() + j * nx, v.begin() + (j + 1) * nx);
  }
  if (flip) flip_rows(v, ny, nx);
  if (shift) {
    for (std::int64_t j = 0; j < ny; ++j) std::rotate(v.begin() + j * nx, v.begin() + j * nx + shift, v.begin() + (j + 1) * nx);
  }
  return v;
}

// Equal within one float32 rounding of the largest magnitude in the message: ecCodes sums reference and increment in
// double and wgrib2 in its own order.
std::size_t differing(std::span<const float> a, const std::vector<float>& b, float largest) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i])) ++n;
    else if (!std::isnan(a[i]) && std::abs(a[i] - b[i]) > 1.2e-7F * largest) ++n;
  }
  return n;
}

}  // namespace

// Points of every fourth message, checked against ecCodes' own geographic iterator: latitude, longitude and value in scan order.
std::size_t count_points_in_place(const std::string& path) {
  std::vector<Field> fields;
  try {
    FileFields all = read_file(path);
    if (!all.problems.empty()) return 0;
    fields = std::move(all.fields);
  } catch (const Error&) {
    return 0;
  }
  std::size_t compared = 0, wrong = 0, n = 0;
  std::FILE* in = std::fopen(path.c_str(), "rb");
  int rc = 0;
  while (codes_handle* h = codes_handle_new_from_file(nullptr, in, PRODUCT_GRIB, &rc)) {
    const std::size_t k = n++;
    codes_set_double(h, "missingValue", 1e30);
    long snake = 0;  // the iterator does not know alternating rows
    codes_get_long(h, "alternativeRowScanning", &snake);
    char type[32] = {};
    std::size_t length = sizeof type;
    codes_get_string(h, "gridType", type, &length);
    const bool reduced = std::string(type).rfind("reduced", 0) == 0;  // rows are stretched
    codes_iterator* it = k % 4 == 0 && !snake && !reduced && k < fields.size() ? codes_grib_iterator_new(h, 0, &rc) : nullptr;
    if (it) {
      const Field& f = fields[k];
      const auto s = statistics(f.view());
      double lat = 0, lon = 0, raw = 0, low = 1e300, high = -1e300;
      struct Point {
        double lat, lon, raw;
      };
      std::vector<Point> sample;
      const std::int64_t stride = std::max<std::int64_t>(1, f.grid().size() / 331);
      for (std::int64_t i = 0; codes_grib_iterator_next(it, &lat, &lon, &raw); ++i) {
        if (raw > 9e29 || raw == -999 || raw == -99 || raw == -3) continue;
        low = std::min(low, raw), high = std::max(high, raw);
        if (i % stride == 0) sample.push_back({lat, lon, raw});
      }
      if (s.min == -32 && low > -32) low = -32;                                             // no echo
      const double scale = high > low && s.valid > 0 ? (s.max - s.min) / (high - low) : 1;  // the unit's conversion, from the extremes
      for (const Point& p : sample) {
        Coordinates c{p.lon, p.lat};
        if (!f.grid().is_latlon()) c = project(f.grid().crs(), p.lon, p.lat);
        double column = f.grid().column_of(c.x);
        if (f.grid().is_latlon()) {
          const double turn = 360 / f.grid().dx();
          column -= turn * std::floor((column + 0.4) / turn);
        }
        const double row = f.grid().row_of(c.y);
        const auto j = std::llround(row), i = std::llround(column);
        const double off = std::max(std::abs(column - static_cast<double>(i)), std::abs(row - static_cast<double>(j)));
        const bool inside = off < 0.02 && j >= 0 && i >= 0 && j < f.grid().ny() && i < f.grid().nx();
        const double expected = s.min + (p.raw - low) * scale;
        if (!inside || !(std::abs(static_cast<double>(f.view()(j, i)) - expected) <= 1e-4 * std::max(std::abs(s.max), std::abs(s.min)) + 1e-12)) ++wrong;
        ++compared;
      }
      codes_grib_iterator_delete(it);
    }
    codes_handle_delete(h);
  }
  std::fclose(in);
  BOOST_TEST_CONTEXT(path) BOOST_TEST(wrong == 0U);
  return compared;
}

BOOST_AUTO_TEST_SUITE(grib_reader_)

BOOST_AUTO_TEST_CASE(accumulations_means_and_extremes_hold_over_their_interval) {
  struct Case {
    long process, category, number;
    TimeKind kind;
    const char* quantity;
  };
  for (const Case& c : {Case{1, 1, 8, TimeKind::accumulation, "precipitation_amount"}, Case{0, 1, 7, TimeKind::mean, "rainfall_rate"},
                        Case{2, 0, 0, TimeKind::maximum, ""}, Case{3, 0, 0, TimeKind::minimum, ""}}) {
    const Field f = sample({{"productDefinitionTemplateNumber", 8},
                            {"parameterCategory", c.category},
                            {"parameterNumber", c.number},
                            {"dataDate", 20200601},
                            {"dataTime", 600},
                            {"indicatorOfUnitOfTimeRange", 1},
                            {"forecastTime", 3},
                            {"typeOfStatisticalProcessing", c.process},
                            {"indicatorOfUnitForTimeRange", 1},
                            {"lengthOfTimeRange", 6},
                            {"yearOfEndOfOverallTimeInterval", 2020},
                            {"monthOfEndOfOverallTimeInterval", 6},
                            {"dayOfEndOfOverallTimeInterval", 1},
                            {"hourOfEndOfOverallTimeInterval", 15},
                            {"minuteOfEndOfOverallTimeInterval", 0},
                            {"secondOfEndOfOverallTimeInterval", 0}});
    BOOST_TEST((f.meta.kind == c.kind));
    BOOST_TEST(to_iso(f.meta.reference) == "2020-06-01T06:00:00Z");
    BOOST_TEST(to_iso(f.meta.valid.begin) == "2020-06-01T09:00:00Z");
    BOOST_TEST(to_iso(f.meta.valid.end) == "2020-06-01T15:00:00Z");
    if (*c.quantity) BOOST_TEST(f.meta.quantity.name == c.quantity);
  }
}

BOOST_AUTO_TEST_CASE(probabilities_percentiles_and_spreads_are_not_taken_for_the_quantity) {
  const std::vector<std::pair<std::string, long>> rate{{"parameterCategory", 1}, {"parameterNumber", 7}};
  const auto with = [&](std::vector<std::pair<std::string, long>> keys) {
    keys.insert(keys.begin() + 1, rate.begin(), rate.end());
    return sample(keys).meta;
  };
  const FieldMeta p = with({{"productDefinitionTemplateNumber", 5}, {"probabilityType", 1}, {"scaleFactorOfUpperLimit", 1}, {"scaledValueOfUpperLimit", 25}});
  BOOST_TEST(p.quantity.name == "probability_of_rainfall_rate");
  BOOST_TEST(p.quantity.unit == "%");
  BOOST_TEST(p.level.find(" above 2.5") != std::string::npos);
  BOOST_TEST(p.level.find(',') == std::string::npos);  // lists of variables are parted by commas
  BOOST_TEST(with({{"productDefinitionTemplateNumber", 6}, {"percentileValue", 90}}).quantity.name == "percentile_90_of_rainfall_rate");
  BOOST_TEST(with({{"productDefinitionTemplateNumber", 2}, {"derivedForecast", 4}}).quantity.name == "spread_of_rainfall_rate");
  BOOST_TEST(with({{"productDefinitionTemplateNumber", 2}, {"derivedForecast", 0}}).quantity.name == "rainfall_rate");
  const FieldMeta member = with({{"productDefinitionTemplateNumber", 1}, {"perturbationNumber", 7}});
  BOOST_TEST(member.quantity.name == "rainfall_rate");
  BOOST_TEST(member.member.value_or(-1) == 7);
}

// Names are kept between messages of one parameter: what differs in anything but member and time must not share them.
BOOST_AUTO_TEST_CASE(messages_that_differ_in_member_or_time_alone_share_their_names_and_others_do_not) {
  using Keys = std::vector<std::pair<std::string, long>>;
  const Keys rain{{"productDefinitionTemplateNumber", 11}, {"parameterCategory", 1}, {"parameterNumber", 8}, {"typeOfStatisticalProcessing", 1}};
  const auto with = [](Keys keys, const Keys& more) {
    keys.insert(keys.end(), more.begin(), more.end());
    return sample(keys).meta;
  };
  for (const long member : {0L, 3L, 3L, 50L}) {
    for (const long end : {6L, 12L, 24L}) {
      const FieldMeta m = with(rain, {{"dataDate", 20200600 + end}, {"perturbationNumber", member}, {"forecastTime", 0}, {"startStep", 0}, {"endStep", end}});
      BOOST_TEST(m.quantity.name == "precipitation_amount");
      BOOST_TEST((m.kind == TimeKind::accumulation));
      BOOST_TEST(m.member.value_or(-1) == member);
      BOOST_TEST((m.valid.length() == Seconds(end * 3600)));
    }
  }
  const Keys screen{{"parameterCategory", 0}, {"parameterNumber", 0}, {"typeOfFirstFixedSurface", 103}, {"scaleFactorOfFirstFixedSurface", 0}};
  for (const long height : {2L, 10L, 2L, 80L}) {
    const FieldMeta m = with(screen, {{"scaledValueOfFirstFixedSurface", height}});
    BOOST_TEST(m.quantity.name == "air_temperature");
    BOOST_TEST(m.level == std::to_string(height) + " m");
    BOOST_TEST((m.kind == TimeKind::instant));
    const Keys extreme{{"productDefinitionTemplateNumber", 8}, {"typeOfStatisticalProcessing", height == 10 ? 2 : 3}};
    Keys keys = extreme;
    keys.insert(keys.end(), screen.begin(), screen.end());
    BOOST_TEST((with(keys, {{"scaledValueOfFirstFixedSurface", height}, {"startStep", 0}, {"endStep", 6}}).kind ==
                (height == 10 ? TimeKind::maximum : TimeKind::minimum)));
  }
}

BOOST_AUTO_TEST_CASE(surfaces_of_potential_vorticity_have_a_sign_and_a_unit) {
  for (const bool south : {true, false}) {
    const FieldMeta m =
        sample({{"typeOfFirstFixedSurface", 109}, {"scaleFactorOfFirstFixedSurface", 9}, {"scaledValueOfFirstFixedSurface", south ? 0x80000000L + 2000 : 2000}})
            .meta;
    BOOST_TEST(m.level == (south ? "potentialVorticity -2e-06 K m2 kg-1 s-1" : "potentialVorticity 2e-06 K m2 kg-1 s-1"));
  }
}

BOOST_AUTO_TEST_CASE(values_agree_with_those_another_decoder_wrote) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string root = data + "/nwp/grib2_with_answers", scratch = test::temporary_folder("grib-answers");
  const std::vector<Answer> answers{
      {"20240101000000-0h-oper-fc.grib2.0-10.xz", 0, "ecmwf-realtime-oper-fc-0-le.bin.xz", 1, 0},
      {"20250912120000-0h-oper-fc.grib2.89.xz", 0, "ecmwf-realtime-oper-fc-89-le.bin.xz", 1, 0},
      {"Z__C_RJTD_20160822020000_NOWC_GPV_Ggis10km_Pphw10_FH0000-0100_grib2.bin", 3, "tornado-wgrib2-le.bin.xz", 1, 0},
      {"Z__C_RJTD_20170221120000_MSG_GPV_Gll0p5deg_Pys_B20170221120000_F2017022115-2017022212_grib2.bin.xz", 3, "kousa-wgrib2-le.bin.xz", 1, 0},
      {"Z__C_RJTD_20190605000000_MEPS_GPV_Rjp_L-pall_FH00-15_grib2.bin.0-20.xz", 2, "meps-wgrib2-le.bin.xz", 1, 0},
      {"Z__C_RJTD_20190304000000_MSM_GUID_Rjp_P-all_FH03-39_Toorg_grib2.bin.xz", 0, "msmguid-wgrib2-le.bin.xz", 1, 0},
      {"CMC_glb_TMP_ISBL_1_latlon.24x.24_2021051800_P000.grib2", 0, "cmc-glb-wgrib2-le.bin.xz", 1, 0},
      {"wind_solar_ind_0.125_20240521_12Z.grib2.0.xz", 0, "wind_solar_ind_0.125_20240521_12Z.wgrib2-le.bin.xz", 1, 0},
      {"gdas.t12z.pgrb2.0p25.f000.12.xz", 0, "gdas-12-wgrib2-le.bin.xz", 1, 0},
      {"gdas.t12z.pgrb2.0p25.f000.46.xz", 0, "gdas-46-wgrib2-le.bin.xz", 1, 0},
      {"MRMS_MergedRhoHV_19.00_20260219-042039.grib2.gz", 0, "mrms-merged-rho-hv-wgrib2-le.bin.xz", 1, 0},
      {"MRMS_PrecipFlag_00.00_20260219-042400.grib2.gz", 0, "mrms-precip-flag-wgrib2-le.bin.xz", 1, 0},
      {"MRMS_ReflectivityAtLowestAltitude_00.50_20230406-120039.grib2.gz", 0, "mrms-reflectivity-wgrib2-le.bin.xz", 1, 0},
      {"ds.critfireo.bin.xz", 0, "ds.critfireo.bin.0.xz", 1, 0},
      {"ds.critfireo.bin.xz", 1, "ds.critfireo.bin.1.xz", 1, 0},
      {"ds.minrh.bin.xz", 0, "ds.minrh.bin.0.xz", 1, 0},
  };
  for (const Answer& a : answers) {
    BOOST_TEST_CONTEXT(a.answer) {
      const FileFields file = read_file(plain(root + "/" + a.file, scratch));
      for (const auto& p : file.problems) BOOST_TEST_MESSAGE(a.file << ": " << p);
      BOOST_REQUIRE(file.fields.size() > a.field);
      const Field& f = file.fields[a.field];
      const bool mrms = std::string(a.file).rfind("MRMS", 0) == 0, dbz = f.meta.quantity == quantities::reflectivity();
      std::vector<float> expected = raw_floats(plain(root + "/gen/" + a.answer, scratch));
      BOOST_REQUIRE(static_cast<std::int64_t>(expected.size()) == f.grid().size());
      Answer scaled = a;
      if (f.meta.quantity.name == "relative_humidity") scaled.scale = 0.01;  // %
      if (f.meta.quantity.name == "rainfall_rate") scaled.scale = 3600;      // kg m-2 s-1
      float largest = 0;
      for (const float v : expected) {
        if (v < 9e20F) largest = std::max(largest, std::abs(v) * static_cast<float>(scaled.scale));
      }
      for (float& v : expected) v = canonical(v, scaled, mrms, dbz);
      std::size_t best = expected.size();
      for (const bool snake : {false, true}) {
        for (const bool flip : {false, true}) {
          for (const std::int64_t shift : {std::int64_t{0}, f.grid().nx() / 2}) {
            if (best > 0) best = std::min(best, differing(f.values(), arrange(expected, f.grid().ny(), f.grid().nx(), snake, flip, shift), largest));
          }
        }
      }
      BOOST_TEST(best == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_file_of_the_collections_reads_whole_or_is_refused_for_its_known_reason) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::map<std::string, std::string> refused{
      {"regular_gg_wrong_increment.grib", "18432 values for 192 x 64 cells"},
      {"spherical_harmonics.grib", "the grid type sh is no raster"},
      {"icon_global_icosahedral_single-level_2021112018_000_TOT_PREC.grib2", "the grid type unstructured_grid is no raster"},
      {"README.md", "no known format"}};
  const std::string scratch = test::temporary_folder("grib-all");
  std::size_t read = 0, failed = 0;
  for (const char* folder : {"/nwp/grib_edge_cases", "/nwp/grib2_models", "/nwp/grib2_with_answers", "/nwp/cma_gfs"}) {
    for (const auto& entry : fs::directory_iterator(data + folder)) {
      const std::string name = entry.path().filename().string();
      if (!entry.is_regular_file() || entry.path().extension() == ".idx") continue;
      BOOST_TEST_CONTEXT(name) {
        const auto known = refused.find(name);
        try {
          const FileFields f = read_file(plain(entry.path(), scratch));
          BOOST_TEST((known == refused.end()));
          if (name == "era5-levels-corrupted.grib") {  // one bad message among good ones
            BOOST_REQUIRE(!f.problems.empty());
            BOOST_TEST(f.problems[0].find("message 1") != std::string::npos);
          } else {
            BOOST_TEST(f.problems.empty());
          }
          for (const Field& field : f.fields) BOOST_TEST((field.meta.valid.begin <= field.meta.valid.end));
          ++read;
        } catch (const Error& e) {
          BOOST_TEST_CONTEXT(e.what()) BOOST_TEST((known != refused.end() && std::string(e.what()).find(known->second) != std::string::npos));
          BOOST_TEST(std::string(e.what()).find(name) != std::string::npos);
          ++failed;
        }
      }
    }
  }
  BOOST_TEST(read == 58U);
  BOOST_TEST(failed == refused.size());
}

BOOST_AUTO_TEST_CASE(every_value_stands_where_the_message_puts_it) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string scratch = test::temporary_folder("grib-place");
  std::vector<fs::path> files;
  for (const char* folder : {"/nwp/grib_edge_cases", "/nwp/grib2_models", "/nwp/grib2_with_answers", "/nwp/ruc13_20050807/ST2ml"}) {
    for (const auto& entry : fs::directory_iterator(data + folder)) {
      if (entry.is_regular_file() && entry.path().extension() != ".idx" && entry.path().extension() != ".md" &&
          entry.path().stem() != "regular_ll_wrong_increment")
        files.push_back(entry.path());
    }
  }
  std::size_t compared = 0;
  for (const fs::path& file : files) compared += count_points_in_place(plain(file, scratch));
  BOOST_TEST(compared > 30000U);
}

// GRIB1 of ECMWF's table: the level is coded as the surface, the parameter says 2 m or 10 m.
BOOST_AUTO_TEST_CASE(parameters_at_a_height_stand_there_although_the_message_says_surface) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  for (const auto& [file, quantity, level] :
       {std::tuple("era5-single-level-scalar-time.grib", "air_temperature", "2 m"), std::tuple("forecast_monthly_ukmo.grib", "air_temperature", "2 m"),
        std::tuple("regular_gg_sfc.grib", "eastward_wind", "10 m")}) {
    std::vector<std::string> problems;
    const auto places = list_fields(data + "/nwp/grib_edge_cases/" + file, {}, problems);
    BOOST_REQUIRE(!places.empty());
    BOOST_TEST(places.front().meta.quantity.name == quantity);
    BOOST_TEST(places.front().meta.level == level);
  }
}

BOOST_AUTO_TEST_CASE(pressure_at_sea_level_stands_there_although_the_message_says_surface) {
  const Field f = sample({{"table2Version", 128}, {"centre", 98}, {"indicatorOfParameter", 151}, {"indicatorOfTypeOfLevel", 1}, {"level", 0}}, {}, "GRIB1");
  BOOST_TEST(f.meta.quantity.name == "air_pressure_at_mean_sea_level");
  BOOST_TEST(f.meta.level == "mean sea level");
}

BOOST_AUTO_TEST_CASE(a_radar_mosaic_tells_no_coverage_from_no_rain) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const FileFields f = read_file(data + "/radar/mrms_conus_20190610/PrecipRate_00.00_20190610-000000.grib2");
  BOOST_REQUIRE(f.fields.size() == 1U);
  const Field& rate = f.fields.front();
  BOOST_TEST(rate.grid().nx() == 7000);
  BOOST_TEST(rate.grid().ny() == 3500);
  BOOST_TEST(rate.grid().x(0) == -129.995, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(rate.grid().y(0) == 54.995, boost::test_tools::tolerance(1e-9));
  const auto s = statistics(rate.view());
  BOOST_TEST(s.min == 0.0);
  BOOST_TEST(s.missing > 0);
  BOOST_TEST(s.valid > s.missing);
}

BOOST_AUTO_TEST_CASE(all_scan_modes_give_the_same_north_first_field) {
  const std::string folder = test::temporary_folder("grib-scan");
  constexpr long kNx = 5, kNy = 4;
  for (const bool west : {false, true}) {
    for (const bool up : {false, true}) {
      for (const bool columns : {false, true}) {
        codes_handle* h = codes_grib_handle_new_from_samples(nullptr, "GRIB2");
        const auto set = [&](const char* key, long v) { BOOST_REQUIRE(codes_set_long(h, key, v) == 0); };
        const auto real = [&](const char* key, double v) { BOOST_REQUIRE(codes_set_double(h, key, v) == 0); };
        set("Ni", kNx);
        set("Nj", kNy);
        set("iScansNegatively", west);
        set("jScansPositively", up);
        set("jPointsAreConsecutive", columns);
        real("longitudeOfFirstGridPointInDegrees", west ? 104 : 100);
        real("longitudeOfLastGridPointInDegrees", west ? 100 : 104);
        real("latitudeOfFirstGridPointInDegrees", up ? 27 : 30);
        real("latitudeOfLastGridPointInDegrees", up ? 30 : 27);
        real("iDirectionIncrementInDegrees", 1);
        real("jDirectionIncrementInDegrees", 1);
        std::vector<double> v(kNx * kNy);
        for (long j = 0; j < kNy; ++j) {
          for (long i = 0; i < kNx; ++i) {
            const long jj = up ? kNy - 1 - j : j, ii = west ? kNx - 1 - i : i;
            v[static_cast<std::size_t>(columns ? i * kNy + j : j * kNx + i)] = static_cast<double>(10 * jj + ii);
          }
        }
        set("bitsPerValue", 16);
        BOOST_REQUIRE(codes_set_double_array(h, "values", v.data(), v.size()) == 0);
        const std::string path = folder + "/scan.grib2";
        BOOST_REQUIRE(codes_write_message(h, path.c_str(), "w") == 0);
        codes_handle_delete(h);
        const FileFields f = read_file(path);
        BOOST_TEST(f.fields[0].grid().x(0) == 100.0);
        BOOST_TEST(f.fields[0].grid().y(0) == 30.0);
        for (long j = 0; j < kNy; ++j) {
          for (long i = 0; i < kNx; ++i) BOOST_TEST(f.fields[0].view()(j, i) == static_cast<float>(10 * j + i), boost::test_tools::tolerance(1e-3F));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_named_and_earlier_messages_survive) {
  const std::string folder = test::temporary_folder("grib-cut");
  codes_handle* h = codes_grib_handle_new_from_samples(nullptr, "GRIB2");
  const std::string path = folder + "/two.grib2";
  BOOST_REQUIRE(codes_write_message(h, path.c_str(), "w") == 0);
  BOOST_REQUIRE(codes_write_message(h, path.c_str(), "a") == 0);
  codes_handle_delete(h);
  const auto size = fs::file_size(path);
  fs::resize_file(path, size - 20);
  const FileFields f = read_file(path);
  BOOST_TEST(f.fields.size() == 1U);
  BOOST_REQUIRE(f.problems.size() == 1U);
  BOOST_TEST(f.problems[0].find("message 2") != std::string::npos);
  fs::resize_file(path, size / 2 - 20);
  BOOST_CHECK_EXCEPTION(read_file(path), Error, [&](const Error& e) { return std::string(e.what()).find("two.grib2") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
