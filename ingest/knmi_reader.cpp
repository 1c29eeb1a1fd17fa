#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/projection.h"
#include "ingest/reader.h"

// KNMI HDF5 radar composites (KNMI HDF5 data format specification 3.5): image1 with a linear calibration, corner
// coordinates, and the product's start and end times.
namespace guyu {
namespace {

TimePoint knmi_time(const std::string& path, const std::string& text) {  // 26-AUG-2010;00:00:00.000
  static constexpr std::array<const char*, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  int day = 0, year = 0, h = 0, m = 0, s = 0;
  std::array<char, 4> month{};
  if (std::sscanf(text.c_str(), "%2d-%3[A-Za-z]-%4d;%2d:%2d:%2d", &day, month.data(), &year, &h, &m, &s) == 6) {
    for (unsigned k = 0; k < 12; ++k) {
      if (std::string(month.data()) == kMonths[k]) {
        try {
          return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, k + 1, day, h, m, s));
        } catch (const Error& e) {
          throw in_file(path, e);
        }
      }
    }
  }
  throw Error(path, "cannot read the time '" + text + "'");
}

Grid knmi_grid(const Hdf5File& file) {
  const auto count = [&](const char* name) {
    const double v = file.require_number("/geographic", name);
    if (!(v >= 1 && v <= 1e6)) throw Error(file.path(), fmt::format("/geographic:{} is {}, which is not possible", name, v));
    return static_cast<std::int64_t>(v);
  };
  const std::int64_t nx = count("geo_number_columns"), ny = count("geo_number_rows");
  // The PROJ string gives the ellipsoid in kilometres; metres are meant everywhere else, so the units are scaled here.
  std::string crs = file.require_text("/geographic/map_projection", "projection_proj4_params");
  const double a = [&] {
    const auto at = crs.find("+a=");
    return at == std::string::npos ? 0.0 : std::strtod(crs.c_str() + at + 3, nullptr);
  }();
  double unit = 1000;  // metres per CRS unit of the file
  if (a > 6000 && a < 7000) {
    const auto scale = [&](const std::string& key) {
      const auto at = crs.find(key);
      if (at == std::string::npos) return;
      const auto from = at + key.size();
      const auto to = std::min(crs.find(' ', from), crs.size());
      crs.replace(from, to - from, fmt::format("{:.3f}", std::strtod(crs.c_str() + from, nullptr) * 1000));
    };
    for (const char* key : {"+a=", "+b=", "+x_0=", "+y_0="}) scale(key);
  }
  if (const auto dim = file.text("/geographic", "geo_dim_pixel"); dim && dim->rfind("KM", 0) != 0) unit = 1;
  const double dx = std::abs(file.require_number("/geographic", "geo_pixel_size_x")) * unit;
  const double dy = std::abs(file.require_number("/geographic", "geo_pixel_size_y")) * unit;
  // Corners: lower left, upper left, upper right, lower right, as longitude, latitude of the outer cell corners.
  const auto corners = file.numbers("/geographic", "geo_product_corners");
  if (corners.size() != 8) throw Error(file.path(), "the attribute /geographic:geo_product_corners does not hold 8 numbers");
  const Coordinates upper_left = project(crs, corners[2], corners[3]);
  // The printed corners are rounded to 0.001 degree; the offsets, counted in pixels from the pole, are exact.
  const auto column_offset = file.number("/geographic", "geo_column_offset");
  const auto row_offset = file.number("/geographic", "geo_row_offset");
  double left = upper_left.x, top = upper_left.y;
  if (column_offset && row_offset) {
    const double x = *column_offset * dx, y = -*row_offset * dy;
    if (std::abs(x - left) < dx && std::abs(y - top) < dy) {
      left = x;
      top = y;
    }
  }
  return Grid(crs, left + dx / 2, top - dy / 2, dx, dy, nx, ny);
}

class KnmiReader final : public Reader {
 public:
  std::string_view format() const override { return "KNMI_HDF5"; }

  bool recognises(std::span<const std::byte> head, const std::string& path) const override {
    if (!is_hdf5(head)) return false;
    const std::lock_guard lock(hdf5_mutex());
    try {
      const Hdf5File file(path);
      return file.exists("/overview") && file.exists("/image1/image_data");
    } catch (const Error&) {
      return false;
    }
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const override {
    const std::lock_guard lock(hdf5_mutex());
    const Hdf5File file(path);
    const Grid grid = [&] {
      try {
        return knmi_grid(file);
      } catch (const Error& e) {
        throw in_file(path, e);
      }
    }();
    FieldMeta meta;
    meta.source = path;
    meta.format = "KNMI_HDF5";
    meta.valid.end = knmi_time(path, file.require_text("/overview", "product_datetime_end"));
    meta.valid.begin = knmi_time(path, file.require_text("/overview", "product_datetime_start"));
    meta.reference = meta.valid.end;
    for (int k = 1; file.exists(fmt::format("/image{}/image_data", k)); ++k) {
      try {
        read_image(file, fmt::format("/image{}", k), grid, meta, request, sink);
      } catch (const Error& e) {
        problem(in_file(path, e));
      }
    }
  }

 private:
  static void read_image(const Hdf5File& file, const std::string& image, const Grid& grid, FieldMeta meta, const ReadRequest& request,
                         const std::function<void(Field&&)>& sink) {
    const std::string parameter = file.require_text(image, "image_geo_parameter");
    if (parameter.find("ACCUMULATED_PRECIPITATION") != std::string::npos || parameter.find("PRECIP") != std::string::npos) {
      meta.quantity = quantities::precipitation_amount();
      meta.kind = TimeKind::accumulation;
      if (meta.valid.begin >= meta.valid.end) throw Error(file.path(), image + ": an amount over an empty interval");
    } else if (parameter.find("REFLECTIVITY") != std::string::npos) {
      meta.quantity = quantities::reflectivity();
      meta.valid.begin = meta.valid.end;
    } else {
      meta.quantity = {parameter, "1"};
      meta.valid.begin = meta.valid.end;
    }
    if (!request.wants(meta.quantity)) return;
    const std::string calibration = image + "/calibration";
    const std::string formula = file.require_text(calibration, "calibration_formulas");
    double slope = 0, offset = 0;
    if (std::sscanf(formula.c_str(), "GEO = %lf * PV + %lf", &slope, &offset) != 2 && std::sscanf(formula.c_str(), "GEO=%lf*PV+%lf", &slope, &offset) != 2) {
      throw Error(file.path(), "cannot read the calibration formula '" + formula + "'", "GEO=a*PV+b is known");
    }
    const double missing = file.number(calibration, "calibration_missing_data").value_or(-1);
    const double outside = file.number(calibration, "calibration_out_of_image").value_or(-1);
    const Hdf5File::Plane plane = file.plane(image + "/image_data");
    if (plane.nx != grid.nx() || plane.ny != grid.ny()) {
      throw Error(file.path(), fmt::format("{} holds {} x {} values, but /geographic says {} x {}", image, plane.nx, plane.ny, grid.nx(), grid.ny()));
    }
    Field field(grid, meta);
    const auto out = field.values();
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double raw = static_cast<double>(plane.values[i]);
      if (raw != missing && raw != outside) out[i] = static_cast<float>(slope * raw + offset);
    }
    sink(std::move(field));
  }
};

}  // namespace

const Reader& knmi_reader() {
  static const KnmiReader reader;
  return reader;
}

}  // namespace guyu
