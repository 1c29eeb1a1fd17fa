#include "ingest/projection.h"

#include <proj.h>

#include <cmath>
#include <memory>

#include "engine/core/error.h"

namespace guyu {

Coordinates project(const std::string& crs, double longitude, double latitude) {
  const std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> context(proj_context_create(), proj_context_destroy);
  proj_log_level(context.get(), PJ_LOG_NONE);
  const std::unique_ptr<PJ, decltype(&proj_destroy)> target(proj_create(context.get(), crs.c_str()), proj_destroy);
  if (!target) throw Error("", "PROJ does not understand the CRS '" + crs + "'");
  if (proj_get_type(target.get()) == PJ_TYPE_OTHER_COORDINATE_OPERATION || proj_get_type(target.get()) == PJ_TYPE_CONVERSION) {
    // a bare "+proj=..." string: a conversion from radians
    const PJ_COORD out = proj_trans(target.get(), PJ_FWD, proj_coord(proj_torad(longitude), proj_torad(latitude), 0, 0));
    if (!std::isfinite(out.xy.x)) throw Error("", "the CRS '" + crs + "' has no image of the grid's corner");
    if (proj_degree_output(target.get(), PJ_FWD)) return {out.xy.x, out.xy.y};
    if (proj_angular_output(target.get(), PJ_FWD)) return {proj_todeg(out.xy.x), proj_todeg(out.xy.y)};
    return {out.xy.x, out.xy.y};
  }
  const std::unique_ptr<PJ, decltype(&proj_destroy)> raw(
      proj_create_crs_to_crs(context.get(), "OGC:CRS84", crs.c_str(), nullptr), proj_destroy);
  if (!raw) throw Error("", "PROJ has no way from longitude and latitude to '" + crs + "'");
  const std::unique_ptr<PJ, decltype(&proj_destroy)> ordered(
      proj_normalize_for_visualization(context.get(), raw.get()), proj_destroy);
  const PJ_COORD out = proj_trans(ordered.get(), PJ_FWD, proj_coord(longitude, latitude, 0, 0));
  if (!std::isfinite(out.xy.x)) throw Error("", "the CRS '" + crs + "' has no image of the grid's corner");
  return {out.xy.x, out.xy.y};
}

}  // namespace guyu
