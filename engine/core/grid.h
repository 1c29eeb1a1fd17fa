#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace guyu {

// Immutable description of a raster: row 0 is the northernmost, column 0 the westernmost. Coordinates are
// in CRS units (degrees for lat-lon, metres for projected), always in x,y = lon,lat order. x0, y0 are the
// *centre* of cell (row 0, column 0); dx, dy > 0, so y decreases with the row. Gaussian and other rectilinear
// grids carry explicit row centres. Equality compares everything.
class Grid {
 public:
  Grid() = default;
  // Throws Error for non-positive sizes or spacing and for more than 2^31 cells.
  Grid(std::string crs, double x0, double y0, double dx, double dy, std::int64_t nx, std::int64_t ny);
  // Rectilinear rows: strictly decreasing centres.
  Grid(std::string crs, double x0, double dx, std::int64_t nx, std::vector<double> row_centres);

  const std::string& crs() const { return crs_; }  // PROJ string, "EPSG:n" or WKT
  bool is_latlon() const { return latlon_; }
  bool is_in_degrees() const { return degrees_; }  // longitude and latitude, or those about a rotated pole
  std::int64_t nx() const { return nx_; }
  std::int64_t ny() const { return ny_; }
  std::int64_t size() const { return nx_ * ny_; }
  double dx() const { return dx_; }
  double dy() const { return dy_; }  // mean spacing for rectilinear rows
  bool has_uniform_rows() const { return !rows_; }
  std::span<const double> row_centres() const { return rows_ ? std::span<const double>(*rows_) : std::span<const double>(); }  // empty for uniform rows
  double x(double column) const { return x0_ + column * dx_; }
  double y(double row) const;                                   // centre, linear between rows
  double column_of(double x) const { return (x - x0_) / dx_; }  // fractional
  double row_of(double y) const;                                // fractional, NaN-free, may lie outside
  // True for a lat-lon grid whose columns close the circle.
  bool wraps_in_x() const;
  std::string describe() const;  // one line for people
  std::string hash() const;      // 16 hex digits of content
  bool operator==(const Grid& o) const;

 private:
  std::string crs_;
  double x0_ = 0, y0_ = 0, dx_ = 1, dy_ = 1;
  std::int64_t nx_ = 0, ny_ = 0;
  bool latlon_ = false, degrees_ = false;
  std::shared_ptr<const std::vector<double>> rows_;
};

}  // namespace guyu
