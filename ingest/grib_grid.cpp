#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "engine/core/error.h"
#include "ingest/grib_message.h"
#include "ingest/grib_mrms.h"
#include "ingest/grib_run_length.h"
#include "ingest/longitude.h"
#include "ingest/projection.h"
#include "ingest/reader.h"

namespace guyu {
namespace {

// Latitudes of a spherical model Earth are used as WGS 84 latitudes, the customary practice; so that all longitude-
// latitude sources share one CRS.
constexpr const char* kLatLon = "+proj=longlat +datum=WGS84 +no_defs";

struct Scan {
  bool west, north_up, column_major, snake;  // -i, +j, j consecutive, alternate rows reversed
};

Scan scan_of(const GribMessage& m) {
  return {m.integer("iScansNegatively").value_or(0) != 0, m.integer("jScansPositively").value_or(0) != 0, m.integer("jPointsAreConsecutive").value_or(0) != 0,
          m.integer("alternativeRowScanning").value_or(0) != 0};
}

std::string earth(const GribMessage& m) {
  if (const auto r = m.number("radius"); r && m.integer("earthIsOblate").value_or(0) == 0) return fmt::format("+R={:.3f}", *r);
  const auto a = m.number("earthMajorAxisInMetres"), b = m.number("earthMinorAxisInMetres");
  if (a && b && *a > 6e6) return fmt::format("+a={:.3f} +b={:.3f}", *a, *b);
  switch (m.integer("shapeOfTheEarth").value_or(6)) {
    case 2: return "+a=6378160 +b=6356775";
    case 4: return "+ellps=GRS80";
    case 5: return "+ellps=WGS84";
    case 9: return "+a=6377563.396 +b=6356256.909";
    default: return m.integer("earthIsOblate").value_or(0) ? "+a=6378160 +b=6356775" : "+R=6371229";
  }
}

// All digits of a GRIB angle (millionths of a degree), but not those that its way through floating point adds.
std::string degrees(double angle) { return fmt::format("{:.10g}", angle); }

double positive_longitude_span(double first, double last) {
  double span = last - first;
  while (span < 0) span += 360;
  return span;
}

// Spacing of n points from the stated ends; the stated increment, where it fits the ends, has more digits.
double spacing(double span, std::int64_t n, std::optional<double> stated) {
  const double from_ends = n > 1 ? span / static_cast<double>(n - 1) : stated.value_or(1);
  if (stated && *stated > 0 && std::abs(*stated - from_ends) * static_cast<double>(n) < 0.02 * from_ends * 5) return *stated;
  return from_ends > 0 ? from_ends : 1;
}

LongitudeAxis columns_of(const GribMessage& m, std::int64_t nx, bool westward) {
  double first = m.require_number("longitudeOfFirstGridPointInDegrees");
  double last = m.number("longitudeOfLastGridPointInDegrees").value_or(first);
  if (westward) std::swap(first, last);
  return {first, spacing(positive_longitude_span(first, last), nx, m.number("iDirectionIncrementInDegrees"))};
}

// Brings raw values to row-major order in the scan's own direction, then flips to north-first, west-first.
void order(const Scan& scan, std::int64_t ny, std::int64_t nx, std::vector<float>& v) {
  if (scan.column_major) {
    std::vector<float> t(v.size());
    for (std::int64_t i = 0; i < nx; ++i) {
      for (std::int64_t j = 0; j < ny; ++j) {
        const std::int64_t jj = scan.snake && i % 2 == 1 ? ny - 1 - j : j;
        t[static_cast<std::size_t>(jj * nx + i)] = v[static_cast<std::size_t>(i * ny + j)];
      }
    }
    v.swap(t);
  } else if (scan.snake) {
    for (std::int64_t j = 1; j < ny; j += 2) std::reverse(v.begin() + j * nx, v.begin() + (j + 1) * nx);
  }
  if (scan.north_up) flip_rows(v, ny, nx);
  if (scan.west) flip_columns(v, ny, nx);
}

std::vector<float> raw_values(const GribMessage& m, const Quantity& quantity) {
  if (const auto unpacked = run_length_values(m)) return {unpacked->begin(), unpacked->end()};
  constexpr double kMissing = 1e30;
  codes_set_double(m.handle(), "missingValue", kMissing);
  std::vector<double> values = m.numbers("values");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (m.integer("bitmapPresent").value_or(0) || m.integer("missingValueManagementUsed").value_or(0) || m.integer("numberOfMissing").value_or(0) > 0) {
    for (double& v : values) {
      if (v == kMissing) v = nan;
    }
  }
  apply_mrms_sentinels(m, quantity, values);
  return {values.begin(), values.end()};
}

std::vector<float> raster_values(const GribMessage& m, const Quantity& quantity, std::int64_t nx, std::int64_t ny) {
  require_plausible_size(m.place(), nx, ny, static_cast<std::uintmax_t>(m.integer("totalLength").value_or(0)));
  std::vector<float> v = raw_values(m, quantity);
  if (static_cast<std::int64_t>(v.size()) != nx * ny) throw Error(m.place(), fmt::format("holds {} values for {} x {} cells", v.size(), nx, ny));
  return v;
}

// Latitudes of a Gaussian grid, north first: those of the whole globe that lie between the first and the last row. (ecCodes' key for
// them walks a damaged grid out of bounds.)
std::vector<double> gaussian_rows(const GribMessage& m) {
  constexpr long kMaxHalf = 10000;
  const auto n = m.integer("N");
  if (!n || *n < 1 || *n > kMaxHalf) throw Error(m.place(), "a Gaussian grid with an impossible number of rows");
  std::vector<double> globe(static_cast<std::size_t>(2 * *n)), rows;
  if (codes_get_gaussian_latitudes(*n, globe.data()) != CODES_SUCCESS) throw Error(m.place(), "the Gaussian latitudes cannot be computed");
  double north = m.require_number("latitudeOfFirstGridPointInDegrees"), south = m.require_number("latitudeOfLastGridPointInDegrees");
  if (north < south) std::swap(north, south);
  const double half = 45.0 / static_cast<double>(*n);  // half the distance of two rows
  std::sort(globe.rbegin(), globe.rend());
  std::copy_if(globe.begin(), globe.end(), std::back_inserter(rows), [&](double y) { return y < north + half && y > south - half; });
  return rows;
}

Field finish(Grid grid, FieldMeta meta, const std::vector<float>& v, const GribMessage& m) {
  if (static_cast<std::int64_t>(v.size()) != grid.size()) {
    throw Error(m.place(), fmt::format("holds {} values for {} cells", v.size(), grid.size()));
  }
  Field f(std::move(grid), std::move(meta));
  std::copy(v.begin(), v.end(), f.values().begin());
  return f;
}

Field regular(const GribMessage& m, FieldMeta meta, bool gaussian, const std::string& crs) {
  const std::int64_t nx = m.require_integer("Ni"), ny = m.require_integer("Nj");
  const Scan scan = scan_of(m);
  std::vector<float> v = raster_values(m, meta.quantity, nx, ny);
  order(scan, ny, nx, v);
  LongitudeAxis c = columns_of(m, nx, scan.west);
  to_signed_longitudes(c, ny, nx, v);
  if (gaussian) {
    std::vector<double> rows = gaussian_rows(m);
    if (static_cast<std::int64_t>(rows.size()) != ny) {
      throw Error(m.place(), fmt::format("a Gaussian grid with {} latitudes for {} rows", rows.size(), ny));
    }
    return finish(Grid(crs, c.first, c.step, nx, std::move(rows)), std::move(meta), v, m);
  }
  double north = m.require_number("latitudeOfFirstGridPointInDegrees");
  double south = m.number("latitudeOfLastGridPointInDegrees").value_or(north);
  if (north < south) std::swap(north, south);
  const double dy = spacing(north - south, ny, m.number("jDirectionIncrementInDegrees"));
  return finish(Grid(crs, c.first, north, c.step, dy, nx, ny), std::move(meta), v, m);
}

// Rows of a reduced Gaussian grid are stretched to the longest one by linear interpolation along the circle.
Field reduced(const GribMessage& m, FieldMeta meta) {
  const std::vector<long> pl = m.integers("pl");
  std::vector<double> rows = gaussian_rows(m);
  const std::vector<float> v = raw_values(m, meta.quantity);
  const long total = std::accumulate(pl.begin(), pl.end(), 0L);
  if (rows.size() != pl.size() || static_cast<long>(v.size()) != total || pl.empty()) {
    throw Error(m.place(), "a reduced Gaussian grid of a part of the globe cannot be read", "send the whole globe or a regular grid");
  }
  const auto ny = static_cast<std::int64_t>(pl.size());
  const auto nx = static_cast<std::int64_t>(*std::max_element(pl.begin(), pl.end()));
  require_plausible_size(m.place(), nx, ny, static_cast<std::uintmax_t>(m.integer("totalLength").value_or(0)));
  std::vector<float> out(static_cast<std::size_t>(nx * ny));
  std::size_t at = 0;
  for (std::int64_t j = 0; j < ny; ++j) {
    const long n = pl[static_cast<std::size_t>(j)];
    for (std::int64_t i = 0; i < nx && n > 0; ++i) {
      const double x = static_cast<double>(i) * static_cast<double>(n) / static_cast<double>(nx);
      const auto k = static_cast<long>(x);
      const auto w = static_cast<float>(x - static_cast<double>(k));
      const float a = v[at + static_cast<std::size_t>(k % n)], b = v[at + static_cast<std::size_t>((k + 1) % n)];
      out[static_cast<std::size_t>(j * nx + i)] = w == 0 ? a : a * (1 - w) + b * w;
    }
    at += static_cast<std::size_t>(n);
  }
  LongitudeAxis c{0, 360.0 / static_cast<double>(nx)};
  to_signed_longitudes(c, ny, nx, out);
  return finish(Grid(kLatLon, c.first, c.step, nx, std::move(rows)), std::move(meta), out, m);
}

double metres(const GribMessage& m, const char* a, const char* b) {
  if (const auto v = m.number(a)) return *v;
  return m.require_number(b);
}

Field projected(const GribMessage& m, FieldMeta meta, const std::string& type) {
  const std::int64_t nx = m.integer("Nx") ? m.require_integer("Nx") : m.require_integer("Ni");
  const std::int64_t ny = m.integer("Ny") ? m.require_integer("Ny") : m.require_integer("Nj");
  std::string crs;
  double dx = 0, dy = 0;
  if (type == "mercator") {
    crs = fmt::format("+proj=merc +lat_ts={} +lon_0=0 +over {} +units=m +no_defs", degrees(m.require_number("LaDInDegrees")), earth(m));
    dx = metres(m, "DiInMetres", "Di");
    dy = metres(m, "DjInMetres", "Dj");
  } else {
    dx = metres(m, "DxInMetres", "xDirectionGridLengthInMetres");
    dy = metres(m, "DyInMetres", "yDirectionGridLengthInMetres");
    if (type == "lambert" || type == "albers") {
      const double lat1 = m.require_number("Latin1InDegrees");
      crs = fmt::format("+proj={} +lat_1={} +lat_2={} +lat_0={} +lon_0={} {} +units=m +no_defs", type == "lambert" ? "lcc" : "aea", degrees(lat1),
                        degrees(m.require_number("Latin2InDegrees")), degrees(m.number("LaDInDegrees").value_or(lat1)),
                        degrees(m.require_number("LoVInDegrees")), earth(m));
    } else if (type == "polar_stereographic") {
      const bool south = m.integer("projectionCentreFlag").value_or(0) & 128;
      crs = fmt::format("+proj=stere +lat_0={} +lat_ts={} +lon_0={} {} +units=m +no_defs", south ? -90 : 90,
                        degrees(m.number("LaDInDegrees").value_or(south ? -60 : 60)), degrees(m.require_number("orientationOfTheGridInDegrees")), earth(m));
    } else {
      crs = fmt::format("+proj=laea +lat_0={} +lon_0={} {} +units=m +no_defs", degrees(m.require_number("standardParallelInDegrees")),
                        degrees(m.require_number("centralLongitudeInDegrees")), earth(m));
    }
  }
  const Scan scan = scan_of(m);
  const Coordinates first = project(crs, m.require_number("longitudeOfFirstGridPointInDegrees"), m.require_number("latitudeOfFirstGridPointInDegrees"));
  const double x0 = scan.west ? first.x - dx * static_cast<double>(nx - 1) : first.x;
  const double y0 = scan.north_up ? first.y + dy * static_cast<double>(ny - 1) : first.y;
  std::vector<float> v = raster_values(m, meta.quantity, nx, ny);
  order(scan, ny, nx, v);
  return finish(Grid(crs, x0, y0, dx, dy, nx, ny), std::move(meta), v, m);
}

}  // namespace

Field grib_field(const GribMessage& m, FieldMeta meta) {
  const std::string type = m.text("gridType");
  if (type == "regular_ll") return regular(m, std::move(meta), false, kLatLon);
  if (type == "regular_gg") return regular(m, std::move(meta), true, kLatLon);
  if (type == "reduced_gg") return reduced(m, std::move(meta));
  if (type == "rotated_ll") {
    // The axes are turned by the angle towards the east (GRIB2 template 3.1, note 1), so that longitudes on them are smaller by it.
    const double angle = m.number("angleOfRotationInDegrees").value_or(0);
    const std::string crs = fmt::format("+proj=ob_tran +o_proj=longlat +o_lat_p={} +o_lon_p={} +lon_0={} {} +to_meter=0.0174532925199433 +no_defs",
                                        degrees(-m.require_number("latitudeOfSouthernPoleInDegrees")), degrees(angle == 0 ? 0 : -angle),
                                        degrees(m.require_number("longitudeOfSouthernPoleInDegrees")), earth(m));
    return regular(m, std::move(meta), false, crs);
  }
  for (const char* known : {"lambert", "albers", "polar_stereographic", "mercator", "lambert_azimuthal_equal_area"}) {
    if (type == known) return projected(m, std::move(meta), type);
  }
  throw Error(m.place(), "the grid type " + (type.empty() ? std::string("(unknown)") : type) + " is no raster of rows and columns",
              "interpolate it to a regular grid first");
}

}  // namespace guyu
