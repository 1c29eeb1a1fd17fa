#include <cpl_conv.h>
#include <fmt/format.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>

#include "engine/core/error.h"
#include "engine/region/ogr_field.h"
#include "engine/region/region_set.h"

namespace guyu {
namespace {

struct Close {
  void operator()(void* p) const { GDALClose(p); }
};
struct DestroyFeature {
  void operator()(void* p) const { OGR_F_Destroy(p); }
};
struct DestroyGeometry {
  void operator()(void* p) const { OGR_G_DestroyGeometry(p); }
};
using Geometry = std::unique_ptr<void, DestroyGeometry>;

// GDAL's messages become part of our errors and reports.
struct QuietGdal {
  QuietGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~QuietGdal() { CPLPopErrorHandler(); }
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;
};

int column(OGRFeatureDefnH definition, const std::string& name, const RegionSource& source) {
  if (name.empty()) return -1;
  const int k = OGR_FD_GetFieldIndex(definition, name.c_str());
  if (k >= 0) return k;
  std::string known;
  for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
    known += (known.empty() ? "" : ", ") + std::string(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
  }
  throw Error(source.path, "there is no column '" + name + "'", "the columns are " + known);
}

bool is_number(OGRFeatureDefnH definition, int k) { return k >= 0 && OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, k)) != OFTString; }

// False when the ring encloses nothing or has no place.
bool to_ring(OGRGeometryH g, Ring& out) {
  const int n = OGR_G_GetPointCount(g);
  for (int i = 0; i < n; ++i) out.push_back({OGR_G_GetX(g, i), OGR_G_GetY(g, i)});
  if (out.size() >= 2 && (out.front().x != out.back().x || out.front().y != out.back().y)) out.push_back(out.front());
  return out.size() >= 4 && std::all_of(out.begin(), out.end(), [](const Point& p) { return std::isfinite(p.x) && std::isfinite(p.y); });
}

void collect(OGRGeometryH g, MultiPolygon& out, int& dropped) {
  const auto type = wkbFlatten(OGR_G_GetGeometryType(g));
  if (type == wkbPolygon || type == wkbTriangle) {
    Polygon p;
    if (OGR_G_GetGeometryCount(g) == 0 || !to_ring(OGR_G_GetGeometryRef(g, 0), p.outer)) {
      ++dropped;
      return;
    }
    for (int k = 1; k < OGR_G_GetGeometryCount(g); ++k) {
      Ring hole;
      if (to_ring(OGR_G_GetGeometryRef(g, k), hole)) p.holes.push_back(std::move(hole));
      else ++dropped;
    }
    out.push_back(std::move(p));
  } else {
    for (int k = 0; k < OGR_G_GetGeometryCount(g); ++k) collect(OGR_G_GetGeometryRef(g, k), out, dropped);
  }
}

// Rings with fewer than four points make GEOS throw instead of repair, so they go before the validity check.
Geometry without_short_rings(OGRGeometryH g, int& dropped) {
  MultiPolygon parts;
  collect(g, parts, dropped);
  Geometry multi(OGR_G_CreateGeometry(wkbMultiPolygon));
  for (const Polygon& p : parts) {
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    const auto add = [&](const Ring& r) {
      OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
      for (const Point& point : r) OGR_G_AddPoint_2D(ring, point.x, point.y);
      OGR_G_AddGeometryDirectly(polygon, ring);
    };
    add(p.outer);
    for (const Ring& hole : p.holes) add(hole);
    OGR_G_AddGeometryDirectly(multi.get(), polygon);
  }
  return multi;
}

std::string layer_crs(OGRLayerH layer, const RegionSource& source) {
  if (!source.crs.empty()) return source.crs;
  OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
  if (!srs) throw Error(source.path, "the layer has no CRS", "declare one with crs = \"EPSG:4326\"");
  if (OSRIsGeographic(srs)) return "+proj=longlat +datum=WGS84 +no_defs";
  char* out = nullptr;
  std::string crs;
  if (OSRExportToWkt(srs, &out) == OGRERR_NONE && out) crs = out;
  CPLFree(out);
  return crs;
}

}  // namespace

RegionSet read_regions(const RegionSource& source) {
  static std::once_flag once;
  std::call_once(once, [] { GDALAllRegister(); });
  const QuietGdal quiet;
  CPLErrorReset();
  const std::unique_ptr<void, Close> data(
      GDALOpenEx(source.path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, nullptr, nullptr, nullptr));
  if (!data) {
    if (std::error_code ec; !std::filesystem::exists(source.path, ec)) throw Error(source.path, "there is no such file");
    const std::string why = CPLGetLastErrorMsg();
    throw Error(source.path, "cannot be read as regions" + (why.empty() ? std::string() : ": " + why),
                "give a GeoPackage, Shapefile, GeoJSON or TopoJSON file");
  }
  OGRLayerH layer = source.layer.empty() ? GDALDatasetGetLayer(data.get(), 0) : GDALDatasetGetLayerByName(data.get(), source.layer.c_str());
  if (!layer) {
    std::string known;
    for (int k = 0; k < GDALDatasetGetLayerCount(data.get()); ++k) {
      known += (known.empty() ? "" : ", ") + std::string(OGR_L_GetName(GDALDatasetGetLayer(data.get(), k)));
    }
    throw Error(source.path, "there is no layer '" + source.layer + "'", "the layers are " + (known.empty() ? "none" : known));
  }
  if (source.code_column.empty()) throw Error(source.path, "no code column is declared", "name the column that holds the region codes");
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  const int code = column(definition, source.code_column, source), name = column(definition, source.name_column, source),
            parent = column(definition, source.parent_column, source);
  RegionSet set;
  set.crs = layer_crs(layer, source);
  if (is_number(definition, code)) {
    set.problems.push_back("the code column '" + source.code_column + "' holds numbers: leading zeros, if there were any, are lost");
  }
  std::set<std::string> seen;
  OGR_L_ResetReading(layer);
  while (const std::unique_ptr<void, DestroyFeature> f{OGR_L_GetNextFeature(layer)}) {
    Region region;
    region.code = ogr_text(f.get(), code);
    region.name = ogr_text(f.get(), name);
    region.parent = ogr_text(f.get(), parent);
    if (region.name.empty()) region.name = region.code;
    const std::string label = fmt::format("feature {} (code '{}')", OGR_F_GetFID(f.get()), region.code);
    if (region.code.empty()) {
      set.problems.push_back(label + ": has no code; left out");
      continue;
    }
    if (!seen.insert(region.code).second) {
      set.problems.push_back(label + ": the code occurs twice; the later one is left out");
      continue;
    }
    OGRGeometryH g = OGR_F_GetGeometryRef(f.get());
    const Geometry straight(g && OGR_G_HasCurveGeometry(g, 1) ? OGR_G_GetLinearGeometry(g, 0, nullptr) : nullptr);  // arcs to chords
    if (straight) g = straight.get();
    int dropped = 0;
    Geometry shape = g ? without_short_rings(g, dropped) : Geometry();
    if (shape && !OGR_G_IsValid(shape.get())) {
      Geometry repaired(OGR_G_MakeValid(shape.get()));
      if (repaired) {
        shape = std::move(repaired);
        set.problems.push_back(label + ": the outline crosses itself; repaired");
      } else {
        set.problems.push_back(label + ": the outline crosses itself and cannot be repaired; used as it is");
      }
    }
    int ignored = 0;
    if (shape) collect(shape.get(), region.shape, ignored);
    if (dropped > 0) set.problems.push_back(fmt::format("{}: {} rings of fewer than four points or without finite coordinates dropped", label, dropped));
    if (region.shape.empty()) {
      set.problems.push_back(label + ": has no area; its values are unknown");
    }
    set.regions.push_back(std::move(region));
  }
  if (set.regions.empty()) throw Error(source.path, "holds no region");
  return set;
}

}  // namespace guyu
