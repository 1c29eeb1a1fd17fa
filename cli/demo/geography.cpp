#include "cli/demo/geography.h"

#include <ogr_srs_api.h>

#include "engine/core/error.h"

namespace guyu::cli::demo {
namespace {

using Reference = std::unique_ptr<void, decltype(&OSRDestroySpatialReference)>;

Reference reference(const std::string& crs) {
  Reference srs(OSRNewSpatialReference(nullptr), OSRDestroySpatialReference);
  if (OSRSetFromUserInput(srs.get(), crs.c_str()) != OGRERR_NONE) throw Error(crs, "is not understood as a CRS");
  OSRSetAxisMappingStrategy(srs.get(), OAMS_TRADITIONAL_GIS_ORDER);
  return srs;
}

}  // namespace

ToLonLat::ToLonLat(const std::string& crs) {
  const Reference from = reference(crs), to = reference("EPSG:4326");
  transformation_.reset(OCTNewCoordinateTransformation(from.get(), to.get()), [](void* t) { OCTDestroyCoordinateTransformation(t); });
  if (!transformation_) throw Error(crs, "cannot be brought to longitude and latitude");
}

Coordinates ToLonLat::operator()(double x, double y) const {
  if (!OCTTransform(transformation_.get(), 1, &x, &y, nullptr)) throw Error("", "a point has no longitude and latitude");
  return {x, y};
}

}  // namespace guyu::cli::demo
