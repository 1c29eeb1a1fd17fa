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

Transform::Transform(const std::string& from, const std::string& to) {
  const Reference source = reference(from), target = reference(to);
  transformation_.reset(OCTNewCoordinateTransformation(source.get(), target.get()), [](void* t) { OCTDestroyCoordinateTransformation(t); });
  if (!transformation_) throw Error(from, "cannot be brought to " + to);
}

Point Transform::operator()(double x, double y) const {
  if (!OCTTransform(transformation_.get(), 1, &x, &y, nullptr)) throw Error("", "a point of the made-up case has no image in the other CRS");
  return {x, y};
}

}  // namespace guyu::cli::demo
