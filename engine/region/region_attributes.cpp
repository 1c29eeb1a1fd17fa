#include "engine/region/region_attributes.h"

#include <fmt/format.h>
#include <gdal.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "engine/core/error.h"
#include "engine/region/ogr_field.h"

namespace guyu {
namespace {

struct CloseTable {
  void operator()(void* d) const { GDALClose(d); }
};
struct DestroyRow {
  void operator()(void* f) const { OGR_F_Destroy(f); }
};

// "slope [degree]" -> slope, degree
std::pair<std::string, std::string> parted(const std::string& heading) {
  const std::size_t open = heading.find('['), close = heading.find(']', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return {heading, "1"};
  return {heading.substr(0, heading.find_last_not_of(' ', open - 1) + 1), heading.substr(open + 1, close - open - 1)};
}

float number_in(OGRFeatureH row, int field) {
  constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
  if (!OGR_F_IsFieldSetAndNotNull(row, field)) return kMissing;
  const std::string text = OGR_F_GetFieldAsString(row, field);
  char* end = nullptr;
  const double v = std::strtod(text.c_str(), &end);
  while (*end == ' ') ++end;
  return text.empty() || end == text.c_str() || *end != '\0' || !std::isfinite(v) ? kMissing : static_cast<float>(v);
}

}  // namespace

std::vector<RegionAttribute> read_attributes(const AttributeSource& source, const std::vector<std::string>& codes, std::vector<std::string>& problems) {
  static std::once_flag once;
  std::call_once(once, [] { GDALAllRegister(); });
  const std::unique_ptr<void, CloseTable> data(GDALOpenEx(source.path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
  if (!data) throw Error(source.path, "cannot be read as a table of attributes", "give a CSV file with a heading, or a GeoPackage, Shapefile or GeoJSON");
  OGRLayerH layer = source.layer.empty() ? GDALDatasetGetLayer(data.get(), 0) : GDALDatasetGetLayerByName(data.get(), source.layer.c_str());
  if (!layer) throw Error(source.path, "there is no layer '" + source.layer + "'");
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  struct Column {
    int field;
    std::string heading;
  };
  std::vector<Column> there;
  std::string known;
  for (int k = 0; k < OGR_FD_GetFieldCount(definition); ++k) {
    there.push_back({k, OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, k))});
    known += (known.empty() ? "" : ", ") + there.back().heading;
  }
  const auto field_of = [&](const std::string& name) {
    for (const Column& c : there)
      if (c.heading == name || parted(c.heading).first == name) return c;
    throw Error(source.path, "has no column '" + name + "'", "the columns are " + (known.empty() ? "none" : known));
  };
  const int code = field_of(source.code_column).field;
  std::vector<RegionAttribute> attributes;
  std::vector<int> fields;
  const bool all = source.columns.empty();
  const auto take = [&](const Column& c, const std::string& heading) {
    const auto [name, unit] = parted(heading);
    attributes.push_back({name, unit, std::vector<float>(codes.size(), std::numeric_limits<float>::quiet_NaN())});
    fields.push_back(c.field);
  };
  if (all)
    for (const Column& c : there) {
      if (c.field != code) take(c, c.heading);
    }
  for (const std::string& wanted : source.columns) {
    const Column c = field_of(parted(wanted).first);
    take(c, wanted.find('[') != std::string::npos ? wanted : c.heading);
  }
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t r = 0; r < codes.size(); ++r) place.emplace(codes[r], r);
  std::size_t found = 0;
  OGR_L_ResetReading(layer);
  while (const std::unique_ptr<void, DestroyRow> row{OGR_L_GetNextFeature(layer)}) {
    const auto at = place.find(ogr_text(row.get(), code));
    if (at == place.end()) continue;
    ++found;
    for (std::size_t k = 0; k < fields.size(); ++k) attributes[k].values[at->second] = number_in(row.get(), fields[k]);
  }
  if (found < codes.size()) problems.push_back(fmt::format("{}: has no row for {} of {} regions", source.path, codes.size() - found, codes.size()));
  if (all)
    std::erase_if(attributes, [](const RegionAttribute& a) { return std::all_of(a.values.begin(), a.values.end(), [](float v) { return std::isnan(v); }); });
  return attributes;
}

}  // namespace guyu
