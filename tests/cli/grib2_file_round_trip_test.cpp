#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "engine/core/error.h"
#include "ingest/reader.h"
#include "products/grib2_parameter.h"
#include "products/grid_grib2.h"
#include "tests/support/test_data.h"

// What products write as GRIB2, ingest reads as the same field.
using namespace guyu;

namespace {
const TimePoint kRun = parse_time("2026-07-01T12:00:00Z");
const std::string kDegrees = "+proj=longlat +datum=WGS84 +no_defs";
const Grid kBox(kDegrees, 110.005, 29.995, 0.01, 0.01, 40, 30);

// Values over the plausible range, some missing.
Field sample(const Grid& grid, const std::string& quantity, const std::string& level) {
  const Quantity& q = *find_quantity(quantity);
  Field f(grid, {q, TimeKind::instant, {kRun + Seconds(6 * 3600), kRun + Seconds(6 * 3600)}, kRun, level, {}, "", ""});
  if (is_amount(q)) f.meta.kind = TimeKind::accumulation, f.meta.valid.begin = kRun + Seconds(3 * 3600);
  const double high = std::min(q.plausible_max, q.plausible_min + 1e5);
  const auto n = static_cast<double>(f.values().size());
  for (std::size_t k = 0; k < f.values().size(); ++k)
    f.values()[k] = static_cast<float>(q.plausible_min + (high - q.plausible_min) * static_cast<double>(k * 7919 % f.values().size()) / n);
  for (const std::size_t k : {std::size_t{0}, std::size_t{5}, f.values().size() - 1}) f.values()[k] = std::numeric_limits<float>::quiet_NaN();
  return f;
}

std::vector<Field> round_trip(const std::vector<const Field*>& fields, Grib2Options options = {}) {
  const std::string path = test::temporary_folder("grib2-trip") + "/f.grib2";
  GridGrib2Writer writer(path, options);
  for (const Field* f : fields) writer.write(*f);
  writer.close();
  FileFields file = read_file(path);
  BOOST_TEST(file.problems.empty());
  return std::move(file.fields);
}

// Half a step of the packing, and what float32 cannot hold of value and sum.
double tolerance_of(const std::string& quantity, double value) {
  const Grib2Parameter& p = *grib2_parameter(quantity);
  const double step = std::pow(10.0, -p.decimals) / std::abs(convert_units(find_quantity(quantity)->unit, p.unit).scale);
  return 0.5001 * step + 2e-7 * std::abs(value);
}

void check_values(const Field& was, const Field& is) {
  BOOST_REQUIRE(is.values().size() == was.values().size());
  std::size_t wrong = 0;
  for (std::size_t k = 0; k < was.values().size(); ++k) {
    const auto a = static_cast<double>(was.values()[k]), b = static_cast<double>(is.values()[k]);
    if (std::isnan(a) != std::isnan(b) || std::abs(a - b) > tolerance_of(was.meta.quantity.name, a)) {
      if (++wrong == 1) BOOST_TEST_MESSAGE(was.meta.quantity.name << " cell " << k << ": " << a << " became " << b);
    }
  }
  BOOST_TEST(wrong == 0U, was.meta.quantity.name);
}

void check_meta(const FieldMeta& was, const FieldMeta& is) {
  BOOST_TEST(is.quantity.name == was.quantity.name);
  BOOST_TEST(is.quantity.unit == was.quantity.unit, was.quantity.name);
  BOOST_TEST(is.level == was.level, was.quantity.name);
  BOOST_TEST((is.kind == was.kind), was.quantity.name);
  BOOST_TEST((is.valid == was.valid), was.quantity.name << " " << to_iso(is.valid.begin) << " to " << to_iso(is.valid.end));
  BOOST_TEST((is.reference == was.reference), was.quantity.name);
  BOOST_TEST((is.member == was.member), was.quantity.name);
}

// Cells lie where they lay, to within `part` of a cell.
void check_grid(const Grid& was, const Grid& is, double part) {
  BOOST_REQUIRE(is.nx() == was.nx());
  BOOST_REQUIRE(is.ny() == was.ny());
  const auto i = static_cast<double>(was.nx() - 1), j = static_cast<double>(was.ny() - 1);
  for (const auto& [column, row] : {std::pair{0.0, 0.0}, {i, 0.0}, {0.0, j}, {i, j}}) {
    BOOST_TEST(std::abs(is.x(column) - was.x(column)) < part * was.dx());
    BOOST_TEST(std::abs(is.y(row) - was.y(row)) < part * was.dy());
  }
}
}  // namespace

BOOST_AUTO_TEST_SUITE(grib2_file_round_trip)

BOOST_AUTO_TEST_CASE(every_quantity_comes_back_within_its_stated_precision) {
  for (const std::string& quantity : grib2_quantities()) {
    const bool along_axes = grib2_parameter(quantity)->along_grid_axes;
    const std::string level = quantity == "air_pressure"                          ? "80 m"
                              : quantity == "geopotential_height"                 ? "500 hPa"
                              : quantity == "air_pressure_at_mean_sea_level"      ? "mean sea level"
                              : quantity == "freezing_level_altitude"             ? ""
                              : quantity == "relative_humidity"                   ? "2 m"
                              : quantity.find("_wind") != std::string::npos       ? "10 m"
                              : quantity.find("temperature") != std::string::npos ? "2 m"
                                                                                  : "surface";
    const Grid plane("+proj=lcc +lat_1=30 +lat_2=60 +lat_0=30 +lon_0=110 +R=6371229.000 +units=m +no_defs", 1000, 2000, 3000, 3000, 12, 9);
    const Field f = sample(along_axes ? plane : kBox, quantity, level);
    for (const auto packing : {Grib2Options::Packing::ccsds, Grib2Options::Packing::simple}) {
      const auto back = round_trip({&f}, {.packing = packing});
      BOOST_REQUIRE_MESSAGE(back.size() == 1, quantity);
      check_meta(f.meta, back[0].meta);
      check_values(f, back[0]);
    }
  }
}

BOOST_AUTO_TEST_CASE(times_kinds_and_members_come_back) {
  std::vector<Field> fields;
  const auto add = [&](const std::string& quantity, TimeKind kind, long begin, long end, std::optional<int> member) {
    Field f = sample(kBox, quantity, quantity == "precipitation_amount" ? "surface" : "2 m");
    f.meta.kind = kind;
    f.meta.valid = {kRun + Seconds(begin), kRun + Seconds(end)};
    f.meta.member = member;
    fields.push_back(std::move(f));
  };
  add("air_temperature", TimeKind::instant, 0, 0, {});
  add("air_temperature", TimeKind::instant, 240 * 3600, 240 * 3600, 0);
  add("wind_speed_of_gust", TimeKind::maximum, 6 * 3600, 12 * 3600, 7);
  add("relative_humidity", TimeKind::minimum, 6 * 3600, 12 * 3600, 50);
  add("relative_humidity", TimeKind::mean, 0, 24 * 3600, {});
  add("precipitation_amount", TimeKind::accumulation, 0, 6 * 60, {});  // minutes
  add("precipitation_amount", TimeKind::accumulation, 600, 1200, 3);
  add("precipitation_amount", TimeKind::accumulation, 23 * 3600, 25 * 3600, 3);  // over midnight
  std::vector<const Field*> all;
  for (const Field& f : fields) all.push_back(&f);
  const auto back = round_trip(all, {.members = 51});
  BOOST_REQUIRE(back.size() == fields.size());
  for (std::size_t k = 0; k < back.size(); ++k) {
    check_meta(fields[k].meta, back[k].meta);
    check_grid(kBox, back[k].grid(), 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(grids_come_back_where_they_were) {
  const std::vector<Grid> grids{
      kBox,
      Grid(kDegrees, -28.95, 39.95, 1.0 / 120, 1.0 / 120, 240, 120),  // no whole millionths
      Grid(kDegrees, -180, 90, 0.25, 0.25, 1440, 721),                // round the globe
      Grid(kDegrees, 179.5, 10, 0.5, 0.5, 9, 5),                      // over the date line
      Grid("+proj=lcc +lat_1=25 +lat_2=25 +lat_0=25 +lon_0=265 +R=6371229.000 +units=m +no_defs", -4226108, 4370528, 40635, 40635, 185, 129),
      Grid("+proj=lcc +lat_1=-30 +lat_2=-60 +lat_0=-30 +lon_0=140 +R=6371229.000 +units=m +no_defs", -3e5, 2e5, 2500, 2500, 20, 10),
      Grid("+proj=stere +lat_0=90 +lat_ts=60 +lon_0=249 +R=6371229.000 +units=m +no_defs", -1e6, -2e6, 10000, 10000, 30, 20),
      Grid("+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +ellps=WGS84 +units=m +no_defs", -1e6, 2e6, 10000, 10000, 30, 20),
  };
  for (const Grid& g : grids) {
    const Field f = sample(g, "air_temperature", "2 m");
    const auto back = round_trip({&f});
    BOOST_REQUIRE_MESSAGE(back.size() == 1, g.describe());
    BOOST_TEST_MESSAGE(g.describe() << " -> " << back[0].grid().describe());
    if (!(g.is_latlon() && g.x(static_cast<double>(g.nx() - 1)) > 180)) check_grid(g, back[0].grid(), 1e-3);
    check_values(f, back[0]);
  }
  // A false origin moves the numbers, not the cells.
  const Grid shifted("+proj=lcc +lat_1=30 +lat_2=60 +lat_0=40 +lon_0=110 +x_0=500000 +R=6371229.000 +units=m +no_defs", 5e5, 1e5, 1000, 1000, 8, 6);
  const Field f = sample(shifted, "air_temperature", "2 m");
  const auto back = round_trip({&f});
  BOOST_TEST(std::abs(back.at(0).grid().x(0)) < 1);
  check_values(f, back[0]);
}

BOOST_AUTO_TEST_CASE(fields_without_any_value_and_of_one_value_come_back) {
  Field empty = sample(kBox, "air_temperature", "2 m"), flat = sample(kBox, "precipitation_amount", "surface");
  for (float& v : empty.values()) v = std::numeric_limits<float>::quiet_NaN();
  for (float& v : flat.values()) v = 0;
  Field holed = flat.clone();
  holed.values()[3] = std::numeric_limits<float>::quiet_NaN();
  Field even = sample(kBox, "wind_speed", "10 m");
  for (float& v : even.values()) v = 7.12F;
  const auto back = round_trip({&empty, &flat, &holed, &even});
  BOOST_REQUIRE(back.size() == 4);
  check_values(even, back[3]);
  check_values(empty, back[0]);
  check_values(flat, back[1]);
  check_values(holed, back[2]);
}

BOOST_AUTO_TEST_CASE(grib_ls_knows_the_names) {
  if (std::system("command -v grib_ls > /dev/null") != 0) {
    BOOST_TEST_MESSAGE("skipped: grib_ls is not installed");
    return;
  }
  const std::string path = test::temporary_folder("grib2-ls") + "/f.grib2";
  {
    GridGrib2Writer writer(path);
    writer.write(sample(kBox, "air_temperature", "2 m"));
    writer.write(sample(kBox, "precipitation_amount", "surface"));
    Field gust = sample(kBox, "wind_speed_of_gust", "10 m");
    gust.meta.kind = TimeKind::maximum;
    gust.meta.valid.begin = kRun;
    gust.meta.member = 4;
    writer.write(gust);
    writer.write(sample(kBox, "relative_humidity", "850 hPa"));
    writer.close();
  }
  std::FILE* out = ::popen(("grib_ls -p shortName,level,stepRange,perturbationNumber,packingType,dataDate " + path).c_str(), "r");
  std::string text;
  for (int c = std::fgetc(out); c != EOF; c = std::fgetc(out)) text += c == ' ' ? ' ' : static_cast<char>(c);
  BOOST_TEST(::pclose(out) == 0);
  BOOST_TEST_MESSAGE(text);
  for (const char* word : {"2t ", "tp ", "10fg ", "r ", "3-6", "0-6", "850", "grid_ccsds", "20260701", "4 of 4 messages"})
    BOOST_TEST((text.find(word) != std::string::npos), word);
}

BOOST_AUTO_TEST_CASE(real_fields_come_back_on_their_grid) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  std::vector<Field> kept;
  ReadRequest request;
  request.quantities = {"air_temperature", "precipitation_amount", "eastward_wind", "x_wind", "surface_air_pressure"};
  read_each(data + "/nwp/ruc13_20050807/2005080700/wrfprs_ruc13_12.tm00_G212", request, [&](Field&& f) {
    if (f.meta.level == "2 m" || f.meta.level == "10 m" || f.meta.level == "surface") kept.push_back(std::move(f));
  });
  BOOST_REQUIRE(kept.size() >= 4);
  std::vector<const Field*> all;
  for (const Field& f : kept) all.push_back(&f);
  const auto back = round_trip(all);
  BOOST_REQUIRE(back.size() == kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k) {
    check_meta(kept[k].meta, back[k].meta);
    check_values(kept[k], back[k]);
    check_grid(kept[k].grid(), back[k].grid(), 1e-4);
  }
}

BOOST_AUTO_TEST_SUITE_END()
