#include "engine/core/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace {
// Geographic systems that data come in by code: WGS 84, CGCS2000, Xian 1980, Beijing 1954, ETRS89, NAD83, NAD27, GDA94, GDA2020.
constexpr std::array<std::string_view, 10> kGeographic{"EPSG:4326", "OGC:CRS84", "EPSG:4490", "EPSG:4610", "EPSG:4214",
                                                       "EPSG:4258", "EPSG:4269", "EPSG:4267", "EPSG:4283", "EPSG:7844"};

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }
// Longitude and latitude about a pole of its own.
bool looks_rotated(const std::string& crs) { return (has(crs, "+proj=ob_tran") && has(crs, "+o_proj=lon")) || has(crs, "DERIVINGCONVERSION"); }
bool looks_latlon(const std::string& crs) {
  if (std::find(kGeographic.begin(), kGeographic.end(), crs) != kGeographic.end()) return true;
  return has(crs, "+proj=longlat") || has(crs, "+proj=latlong") || ((crs.rfind("GEOGCS[", 0) == 0 || crs.rfind("GEOGCRS[", 0) == 0) && !looks_rotated(crs));
}
void check_size(std::int64_t nx, std::int64_t ny) {
  constexpr std::int64_t kMax = std::int64_t{1} << 31;
  if (nx <= 0 || ny <= 0 || nx > kMax || ny > kMax || nx > kMax / ny) {
    throw Error("", fmt::format("a grid of {} x {} cells is not possible", nx, ny), "1 to 2^31 cells");
  }
}
}  // namespace

Grid::Grid(std::string crs, double x0, double y0, double dx, double dy, std::int64_t nx, std::int64_t ny)
    : crs_(std::move(crs)), x0_(x0), y0_(y0), dx_(dx), dy_(dy), nx_(nx), ny_(ny), latlon_(looks_latlon(crs_)), degrees_(latlon_ || looks_rotated(crs_)) {
  check_size(nx, ny);
  if (!(dx > 0) || !(dy > 0) || !std::isfinite(dx) || !std::isfinite(dy) || !std::isfinite(x0) || !std::isfinite(y0)) {
    throw Error("", fmt::format("grid spacing {} x {} at {}, {} is not possible", dx, dy, x0, y0));
  }
}

Grid::Grid(std::string crs, double x0, double dx, std::int64_t nx, std::vector<double> row_centres)
    : crs_(std::move(crs)), x0_(x0), dx_(dx), nx_(nx), ny_(static_cast<std::int64_t>(row_centres.size())), latlon_(looks_latlon(crs_)),
      degrees_(latlon_ || looks_rotated(crs_)) {
  check_size(nx_, ny_);
  if (!(dx > 0) || !std::isfinite(dx) || !std::isfinite(x0)) throw Error("", "grid column spacing must be positive");
  for (std::size_t j = 1; j < row_centres.size(); ++j) {
    if (!(row_centres[j] < row_centres[j - 1])) throw Error("", "grid rows must run from north to south");
  }
  y0_ = row_centres.front();
  dy_ = ny_ > 1 ? (row_centres.front() - row_centres.back()) / static_cast<double>(ny_ - 1) : 1;
  rows_ = std::make_shared<const std::vector<double>>(std::move(row_centres));
}

double Grid::y(double row) const {
  if (!rows_ || ny_ < 2) return y0_ - row * dy_;
  const auto& r = *rows_;
  const auto j = static_cast<std::size_t>(std::clamp(std::floor(row), 0.0, static_cast<double>(ny_ - 2)));
  return r[j] + (row - static_cast<double>(j)) * (r[j + 1] - r[j]);
}

double Grid::row_of(double y) const {
  if (!rows_ || ny_ < 2) return (y0_ - y) / dy_;
  const auto& r = *rows_;
  const auto after = std::lower_bound(r.begin(), r.end(), y, [](double a, double b) { return a > b; });
  const auto j = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(after - r.begin() - 1, 0, static_cast<std::ptrdiff_t>(r.size()) - 2));
  return static_cast<double>(j) + (y - r[j]) / (r[j + 1] - r[j]);
}

bool Grid::wraps_in_x() const { return latlon_ && std::abs(static_cast<double>(nx_) * dx_ - 360.0) < 0.5 * dx_; }

std::string Grid::describe() const { return fmt::format("{} x {} cells of {:g} x {:g}, first centre {:g}, {:g}, {}", nx_, ny_, dx_, dy_, x0_, y0_, crs_); }

std::string Grid::hash() const {
  Hasher h;
  h.text(crs_).number(x0_).number(y0_).number(dx_).number(dy_).integer(nx_).integer(ny_);
  if (rows_) {
    for (const double y : *rows_) h.number(y);
  }
  return h.short_hex();
}

bool Grid::operator==(const Grid& o) const {
  return crs_ == o.crs_ && x0_ == o.x0_ && y0_ == o.y0_ && dx_ == o.dx_ && dy_ == o.dy_ && nx_ == o.nx_ && ny_ == o.ny_ &&
         ((!rows_ && !o.rows_) || (rows_ && o.rows_ && *rows_ == *o.rows_));
}

}  // namespace guyu
