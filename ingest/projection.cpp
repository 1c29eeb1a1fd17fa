#include "ingest/projection.h"

#include <proj.h>

#include <cmath>
#include <memory>

#include "engine/core/error.h"

namespace guyu {

Coordinates project(const std::string& crs, double longitude, double latitude) {
  const std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> context(proj_context_create(), proj_context_destroy);
  proj_log_level(context.get(), PJ_LOG_NONE);
  // Without "+type=crs" PROJ takes a PROJ string for an operation on radians, and rotated grids would come out in radians too.
  const bool bare = crs.rfind("+proj=", 0) == 0 && crs.find("+type=crs") == std::string::npos;
  const std::string target = bare ? crs + " +type=crs" : crs;
  const std::unique_ptr<PJ, decltype(&proj_destroy)> known(proj_create(context.get(), target.c_str()), proj_destroy);
  if (!known) throw Error("", "PROJ does not understand the CRS '" + crs + "'");
  const std::unique_ptr<PJ, decltype(&proj_destroy)> raw(proj_create_crs_to_crs(context.get(), "OGC:CRS84", target.c_str(), nullptr), proj_destroy);
  if (!raw) throw Error("", "PROJ has no way from longitude and latitude to '" + crs + "'");
  const std::unique_ptr<PJ, decltype(&proj_destroy)> ordered(proj_normalize_for_visualization(context.get(), raw.get()), proj_destroy);
  const PJ_COORD out = proj_trans(ordered.get(), PJ_FWD, proj_coord(longitude, latitude, 0, 0));
  if (!std::isfinite(out.xy.x) || !std::isfinite(out.xy.y)) throw Error("", "the CRS '" + crs + "' has no image of the grid's corner");
  return {out.xy.x, out.xy.y};
}

}  // namespace guyu
