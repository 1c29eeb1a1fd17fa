#include "ingest/gdal_raster.h"

#include <cpl_conv.h>
#include <fmt/format.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <limits>
#include <memory>
#include <mutex>

#include "engine/core/error.h"
#include "ingest/longitude.h"

namespace guyu {
namespace {

struct CloseDataset {
  void operator()(void* d) const { GDALClose(d); }
};

// GDAL's messages go into our errors, not to stderr.
struct QuietGdal {
  QuietGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~QuietGdal() { CPLPopErrorHandler(); }
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;
};

std::string crs_of(GDALDatasetH data, const std::string& path) {
  OGRSpatialReferenceH srs = GDALGetSpatialRef(data);
  if (!srs) throw Error(path, "the raster has no CRS", "write one with gdal_edit.py -a_srs");
  if (OSRIsGeographic(srs)) return "+proj=longlat +datum=WGS84 +no_defs";
  char* text = nullptr;
  std::string crs;
  if (OSRExportToProj4(srs, &text) == OGRERR_NONE && text && *text) crs = text;
  CPLFree(text);
  if (crs.empty()) {
    if (OSRExportToWkt(srs, &text) == OGRERR_NONE && text) crs = text;
    CPLFree(text);
  }
  return crs;
}

struct Georeference {
  Grid grid;
  double first_column = 0;  // as in the file, before longitudes are made signed
  bool south_first = false, east_first = false;
};

Georeference georeference(GDALDatasetH data, const std::string& path) {
  double t[6] = {};
  if (GDALGetGeoTransform(data, t) != CE_None) throw Error(path, "the raster has no georeference", "write one with gdal_edit.py -a_ullr");
  if (t[2] != 0 || t[4] != 0) throw Error(path, "the raster is rotated", "warp it to a north-up grid with gdalwarp");
  const std::int64_t nx = GDALGetRasterXSize(data), ny = GDALGetRasterYSize(data);
  require_plausible_size(path, nx, ny, file_bytes(path));
  const double dx = std::abs(t[1]), dy = std::abs(t[5]);
  const double left = t[1] > 0 ? t[0] : t[0] - dx * static_cast<double>(nx);
  const double top = t[5] < 0 ? t[3] : t[3] + dy * static_cast<double>(ny);
  Georeference g{Grid(crs_of(data, path), left + dx / 2, top - dy / 2, dx, dy, nx, ny), left + dx / 2, t[5] > 0, t[1] < 0};
  if (g.grid.is_latlon()) {
    LongitudeAxis axis{g.first_column, dx};
    std::vector<float> one_row(static_cast<std::size_t>(nx));
    to_signed_longitudes(axis, 1, nx, one_row);
    g.grid = Grid(g.grid.crs(), axis.first, top - dy / 2, dx, dy, nx, ny);
  }
  return g;
}

Field read_band(GDALDatasetH data, int b, const Grid& grid, const std::string& path, const GdalFormat& format) {
  GDALRasterBandH band = GDALGetRasterBand(data, b);
  FieldMeta meta;
  meta.source = path;
  meta.format = format.name;
  const std::string unit = GDALGetRasterUnitType(band), name = GDALGetDescription(band);
  const Quantity* known = find_quantity(format.quantity.empty() ? std::string(name) : format.quantity);
  meta.quantity = known && units_convertible(unit, known->unit) ? *known : Quantity{name.empty() ? fmt::format("band_{}", b) : name, unit.empty() ? "1" : unit};
  const char* stamp = GDALGetMetadataItem(band, "TIME", nullptr);
  if (!stamp) stamp = GDALGetMetadataItem(data, "TIME", nullptr);
  if (stamp) {
    const TimePoint t = parse_time(stamp);
    meta.valid = {t, t};
    meta.reference = t;
  }
  Field f(grid, meta);
  const auto out = f.values();
  if (GDALRasterIO(band, GF_Read, 0, 0, static_cast<int>(grid.nx()), static_cast<int>(grid.ny()), out.data(), static_cast<int>(grid.nx()),
                   static_cast<int>(grid.ny()), GDT_Float32, 0, 0) != CE_None) {
    throw Error(path, fmt::format("band {} cannot be decoded: {}", b, CPLGetLastErrorMsg()));
  }
  int has_nodata = 0, has_scale = 0, has_offset = 0;
  const auto nodata = static_cast<float>(GDALGetRasterNoDataValue(band, &has_nodata));
  const double scale = GDALGetRasterScale(band, &has_scale), offset = GDALGetRasterOffset(band, &has_offset);
  for (float& v : out) {
    if (has_nodata && v == nodata) v = std::numeric_limits<float>::quiet_NaN();
    else if ((has_scale && scale != 1) || (has_offset && offset != 0))
      v = static_cast<float>(static_cast<double>(v) * (has_scale ? scale : 1) + (has_offset ? offset : 0));
  }
  if (known && !unit.empty()) convert_in_place(out, unit, f.meta.quantity);
  return f;
}

}  // namespace

void read_gdal_raster(const std::string& path, const GdalFormat& format, const ReadRequest& request, const std::function<void(Field&&)>& sink,
                      const ProblemSink& problem) {
  static std::once_flag registered;
  std::call_once(registered, [] { GDALAllRegister(); });
  const QuietGdal quiet;
  const char* drivers[] = {format.driver.c_str(), nullptr};
  const std::unique_ptr<void, CloseDataset> data(GDALOpenEx(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr));
  if (!data) throw Error(path, fmt::format("GDAL cannot open it: {}", CPLGetLastErrorMsg()));
  const Georeference place = [&] {
    try {
      return georeference(data.get(), path);
    } catch (const Error& e) {
      throw in_file(path, e);
    }
  }();
  const std::int64_t nx = place.grid.nx(), ny = place.grid.ny();
  for (int b = 1; b <= GDALGetRasterCount(data.get()); ++b) {
    try {
      Field f = read_band(data.get(), b, place.grid, path, format);
      if (!request.wants(f.meta.quantity)) continue;
      if (place.south_first) flip_rows(f.values(), ny, nx);
      if (place.east_first) flip_columns(f.values(), ny, nx);
      LongitudeAxis as_stored{place.first_column, place.grid.dx()};
      if (place.grid.is_latlon()) to_signed_longitudes(as_stored, ny, nx, f.values());
      sink(std::move(f));
    } catch (const Error& e) {
      problem(in_file(path, e));
    }
  }
}

}  // namespace guyu
