#include <cpl_conv.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <memory>

#include "cli/demo/townships.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu::cli::demo {
namespace {

template <auto F>
struct Call {
  void operator()(void* p) const { F(p); }
};
using DataSource = std::unique_ptr<void, Call<GDALClose>>;
using Reference = std::unique_ptr<void, Call<OSRDestroySpatialReference>>;
using Feature = std::unique_ptr<void, Call<OGR_F_Destroy>>;

// A GeoPackage states when it was last changed; a fixed date keeps the file the same on every run.
struct FixedDate {
  FixedDate() { CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", "2024-06-18T00:00:00Z"); }
  ~FixedDate() { CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", nullptr); }
  FixedDate(const FixedDate&) = delete;
  FixedDate& operator=(const FixedDate&) = delete;
};

OGRGeometryH polygon_of(const MultiPolygon& shape) {
  OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon), ring = OGR_G_CreateGeometry(wkbLinearRing);
  for (const Point& p : shape.front().outer) OGR_G_AddPoint_2D(ring, p.x, p.y);
  OGR_G_AddGeometryDirectly(polygon, ring);
  return polygon;
}

void add_column(OGRLayerH layer, const char* name, OGRFieldType type) {
  const std::unique_ptr<void, Call<OGR_Fld_Destroy>> column(OGR_Fld_Create(name, type));
  OGR_L_CreateField(layer, column.get(), 1);
}

bool write_rows(OGRLayerH layer, const Province& province) {
  for (const char* name : {"code", "name", "county"}) add_column(layer, name, OFTString);
  add_column(layer, "population", OFTInteger);
  for (const Township& t : province.townships) {
    const Feature row(OGR_F_Create(OGR_L_GetLayerDefn(layer)));
    OGR_F_SetFieldString(row.get(), 0, t.region.code.c_str());
    OGR_F_SetFieldString(row.get(), 1, t.region.name.c_str());
    OGR_F_SetFieldString(row.get(), 2, t.region.parent.c_str());
    OGR_F_SetFieldInteger(row.get(), 3, static_cast<int>(t.population));
    OGR_F_SetGeometryDirectly(row.get(), polygon_of(t.region.shape));
    if (OGR_L_CreateFeature(layer, row.get()) != OGRERR_NONE) return false;
  }
  return true;
}

}  // namespace

void write_townships(const std::string& path, const Province& province) {
  GDALAllRegister();
  const FixedDate date;
  AtomicFile file(path);
  bool written = false;
  {
    CPLPushErrorHandler(CPLQuietErrorHandler);  // the temporary name has another ending than .gpkg
    const DataSource data(GDALCreate(GDALGetDriverByName("GPKG"), file.temporary_path().c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    const Reference srs(OSRNewSpatialReference(nullptr));
    OSRSetFromUserInput(srs.get(), province.crs.c_str());
    OGRLayerH layer = data ? GDALDatasetCreateLayer(data.get(), "townships", srs.get(), wkbPolygon, nullptr) : nullptr;
    written = layer && OGR_L_StartTransaction(layer) == OGRERR_NONE && write_rows(layer, province) && OGR_L_CommitTransaction(layer) == OGRERR_NONE;
    CPLPopErrorHandler();
  }
  if (!written) throw Error(path, "cannot be written as a GeoPackage", "is the disk full?");
  file.commit();
}

}  // namespace guyu::cli::demo
