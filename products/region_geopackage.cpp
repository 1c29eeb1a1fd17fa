#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/grid.h"
#include "engine/region/reproject.h"
#include "products/region_files.h"

namespace guyu {
namespace {

struct CloseDataset {
  void operator()(void* d) const { GDALClose(d); }
};
struct DestroyFeature {
  void operator()(void* f) const { OGR_F_Destroy(f); }
};

// Sets a GDAL option for as long as it lives, in this thread.
class GdalOption {
 public:
  GdalOption(const char* name, const std::string& value) : name_(name) { CPLSetThreadLocalConfigOption(name, value.c_str()); }
  ~GdalOption() { CPLSetThreadLocalConfigOption(name_, nullptr); }
  GdalOption(const GdalOption&) = delete;
  GdalOption& operator=(const GdalOption&) = delete;

 private:
  const char* name_;
};

OGRGeometryH ring_of(const Ring& ring) {
  const OGRGeometryH g = OGR_G_CreateGeometry(wkbLinearRing);
  OGR_G_SetPointCount(g, static_cast<int>(ring.size()));
  for (std::size_t k = 0; k < ring.size(); ++k) OGR_G_SetPoint_2D(g, static_cast<int>(k), ring[k].x, ring[k].y);
  return g;
}

OGRGeometryH geometry_of(const MultiPolygon& shape) {
  const OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon);
  for (const Polygon& p : shape) {
    const OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    OGR_G_AddGeometryDirectly(polygon, ring_of(p.outer));
    for (const Ring& hole : p.holes) OGR_G_AddGeometryDirectly(polygon, ring_of(hole));
    OGR_G_AddGeometryDirectly(all, polygon);
  }
  return all;
}

class TownshipLayer {
 public:
  TownshipLayer(const std::string& path, const std::string& file, const Provenance& p) : path_(path) {
    GDALAllRegister();
    CPLErrorReset();
    const GDALDriverH driver = GDALGetDriverByName("GPKG");
    if (!driver) throw Error(path, "cannot be written: GDAL has no GeoPackage driver");
    dataset_.reset(GDALCreate(driver, file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    require(dataset_ != nullptr);
    const std::unique_ptr<void, decltype(&OSRDestroySpatialReference)> crs(OSRNewSpatialReference(nullptr), OSRDestroySpatialReference);
    OSRImportFromEPSG(crs.get(), 4326);
    OSRSetAxisMappingStrategy(crs.get(), OAMS_TRADITIONAL_GIS_ORDER);
    layer_ = GDALDatasetCreateLayer(dataset_.get(), "townships", crs.get(), wkbMultiPolygon, nullptr);
    require(layer_ != nullptr);
    set("title", p.title);
    set("source", "guyu " + p.version);
    set("issue_time", to_iso(p.issue));
    set("config_hash", p.config_hash);
    std::string inputs;
    for (const std::string& i : p.inputs) inputs += (inputs.empty() ? "" : "\n") + i;
    set("inputs", inputs);
  }

  int add(const std::string& name, OGRFieldType type) {
    const std::unique_ptr<void, decltype(&OGR_Fld_Destroy)> field(OGR_Fld_Create(name.c_str(), type), OGR_Fld_Destroy);
    require(OGR_L_CreateField(layer_, field.get(), 1) == OGRERR_NONE);
    return count_++;
  }

  // `fill` sets the fields of region r's feature.
  template <typename Fill>
  void write(const RegionSet& regions, const Fill& fill) {
    const Grid globe("EPSG:4326", -180, 90, 0.01, 0.01, 1, 1);
    const bool as_they_are = Grid(regions.crs, 0, 0, 1, 1, 1, 1).is_latlon();  // the projector would add points along long edges
    const RegionProjector to_lonlat(regions.crs, globe);
    require(GDALDatasetStartTransaction(dataset_.get(), FALSE) == OGRERR_NONE);
    for (std::size_t r = 0; r < regions.regions.size(); ++r) {
      const std::unique_ptr<void, DestroyFeature> feature(OGR_F_Create(OGR_L_GetLayerDefn(layer_)));
      fill(feature.get(), r);
      const MultiPolygon& shape = regions.regions[r].shape;
      if (!shape.empty()) OGR_F_SetGeometryDirectly(feature.get(), geometry_of(as_they_are ? shape : to_lonlat(shape)));
      require(OGR_L_CreateFeature(layer_, feature.get()) == OGRERR_NONE);
    }
    require(GDALDatasetCommitTransaction(dataset_.get()) == OGRERR_NONE);
  }

  void close() {
    CPLErrorReset();
    dataset_.reset();
    require(CPLGetLastErrorType() < CE_Failure);
  }

 private:
  void require(bool fine) const {
    if (!fine) throw Error(path_, std::string("cannot be written: ") + CPLGetLastErrorMsg(), "look at the folder's permissions and free space");
  }
  void set(const char* key, const std::string& value) { GDALSetMetadataItem(layer_, key, value.c_str(), nullptr); }

  std::string path_;
  std::unique_ptr<void, CloseDataset> dataset_;
  OGRLayerH layer_ = nullptr;
  int count_ = 0;
};

// A value that is not known stays NULL.
void set(OGRFeatureH f, int field, double v) {
  if (std::isfinite(v)) OGR_F_SetFieldDouble(f, field, v);
}
void set(OGRFeatureH f, int field, const std::string& v) { OGR_F_SetFieldString(f, field, v.c_str()); }

struct HazardFields {
  // suffix: the unit of the figures in the names of their columns, where all rows share it and it can stand in a name
  HazardFields(TownshipLayer& layer, const std::string& hazard, const std::string& suffix)
      : level(layer.add(hazard + "_level", OFTInteger)), level_name(layer.add(hazard + "_level_name", OFTString)), rule(layer.add(hazard + "_rule", OFTString)),
        begin(layer.add(hazard + "_window_begin", OFTString)), end(layer.add(hazard + "_window_end", OFTString)),
        observed(layer.add(hazard + "_observed" + suffix, OFTReal)), forecast(layer.add(hazard + "_forecast" + suffix, OFTReal)),
        threshold(layer.add(hazard + "_threshold" + suffix, OFTReal)), coverage(layer.add(hazard + "_coverage", OFTReal)),
        data_age(layer.add(hazard + "_data_age_s", OFTReal)), reached(layer.add(hazard + "_already_reached", OFTInteger)),
        valid_begin(layer.add(hazard + "_valid_begin", OFTString)), valid_end(layer.add(hazard + "_valid_end", OFTString)),
        unknown(layer.add(hazard + "_unknown_share", OFTReal)), unit(layer.add(hazard + "_unit", OFTString)) {
    for (const char* level_of : {"blue", "yellow", "orange", "red"}) probability.push_back(layer.add(hazard + "_probability_" + level_of, OFTReal));
  }
  void fill(OGRFeatureH f, const RiskRow* row) const {
    const Level answer = row ? row->level : Level::unknown;
    OGR_F_SetFieldInteger(f, level, static_cast<int>(answer));
    set(f, level_name, std::string(to_string(answer)));
    if (!row) return;
    const Evidence& e = row->evidence;
    set(f, valid_begin, to_iso(row->valid.begin));
    set(f, valid_end, to_iso(row->valid.end));
    if (e.data_age != Seconds::max()) set(f, data_age, static_cast<double>(e.data_age.count()));  // the greatest: nothing was ever observed
    set(f, unknown, double{row->unknown_share});
    for (std::size_t l = 0; l < probability.size() && row->unknown_share < 1; ++l) set(f, probability[l], double{row->probability[l]});
    if (e.rule.empty()) return;
    set(f, rule, e.rule);
    set(f, unit, e.unit);
    set(f, begin, to_iso(e.window.begin));
    set(f, end, to_iso(e.window.end));
    set(f, observed, e.observed);
    set(f, forecast, e.forecast);
    set(f, threshold, e.threshold);
    set(f, coverage, e.coverage);
    OGR_F_SetFieldInteger(f, reached, e.already_reached ? 1 : 0);
  }
  int level, level_name, rule, begin, end, observed, forecast, threshold, coverage, data_age, reached, valid_begin, valid_end, unknown, unit;
  std::vector<int> probability;
};

}  // namespace

void write_region_geopackage(const std::string& path, const RegionSet& regions, const RegionTable& table, const RiskTable& risk, const Provenance& provenance) {
  AtomicFile target(path);
  // SQLite's temporary name is not the final one; the time of change in the file is the cycle's, so that a
  // replay repeats the bytes.
  const GdalOption date("OGR_CURRENT_DATE", to_iso(provenance.issue));
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const std::unique_ptr<void, void (*)(void*)> restore(&target, [](void*) { CPLPopErrorHandler(); });
  std::error_code ec;
  std::filesystem::remove(target.temporary_path(), ec);
  TownshipLayer layer(path, target.temporary_path(), provenance);
  const int code = layer.add("code", OFTString), name = layer.add("name", OFTString), parent = layer.add("parent", OFTString);
  std::vector<std::pair<int, int>> columns;
  for (const RegionColumn& c : table.columns) {
    const int value = layer.add(c.name, OFTReal);
    columns.emplace_back(value, layer.add(c.name + "_coverage", OFTReal));
  }
  std::map<std::string, HazardFields> fields;
  std::map<std::string, std::vector<const RiskRow*>> rows;
  for (const RiskRow& row : risk.rows) {
    rows[row.hazard].resize(regions.regions.size(), nullptr);
    rows[row.hazard].at(row.region) = &row;
  }
  for (const auto& [hazard, of_hazard] : rows) fields.emplace(hazard, HazardFields(layer, hazard, common_unit(of_hazard) == "mm" ? "_mm" : ""));
  layer.write(regions, [&](OGRFeatureH f, std::size_t r) {
    set(f, code, regions.regions[r].code);
    set(f, name, regions.regions[r].name);
    set(f, parent, regions.regions[r].parent);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      set(f, columns[k].first, double{table.columns[k].values[r]});
      set(f, columns[k].second, double{table.columns[k].coverage[r]});
    }
    for (const auto& [hazard, hazard_fields] : fields) hazard_fields.fill(f, rows[hazard][r]);
  });
  layer.close();
  target.commit();
}

}  // namespace guyu
