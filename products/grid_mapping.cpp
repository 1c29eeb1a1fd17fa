#include "products/grid_mapping.h"

#include <proj.h>

#include <cstdlib>
#include <map>
#include <memory>

#include "engine/core/error.h"

namespace guyu {
namespace {

using Attributes = std::vector<std::pair<std::string, MappingValue>>;
using Object = std::unique_ptr<PJ, decltype(&proj_destroy)>;
using Parameters = std::map<std::string, std::string>;

struct Crs {
  std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> context{proj_context_create(), proj_context_destroy};
  Object object{nullptr, proj_destroy};
  explicit Crs(const std::string& text) {
    proj_log_level(context.get(), PJ_LOG_NONE);
    const bool parameters = text.find("+proj=") != std::string::npos && text.find("+type=crs") == std::string::npos;
    object.reset(proj_create(context.get(), (parameters ? text + " +type=crs" : text).c_str()));
    if (!object) throw Error("", "PROJ does not understand the CRS '" + text + "'");
  }
};

// "+proj=lcc +lat_1=30" -> {proj: lcc, lat_1: 30}
Parameters parameters_of(const Crs& crs, const std::string& text) {
  const char* written = proj_as_proj_string(crs.context.get(), crs.object.get(), PJ_PROJ_4, nullptr);
  const std::string all = written ? written : text;
  Parameters parameters;
  for (std::size_t at = all.find('+'); at != std::string::npos; at = all.find('+', at + 1)) {
    const std::string word = all.substr(at + 1, all.find(' ', at) - at - 1);
    const std::size_t equals = word.find('=');
    parameters[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
  }
  return parameters;
}

double number_in(const Parameters& p, const std::string& key, double fallback) {
  const auto found = p.find(key);
  return found == p.end() ? fallback : std::strtod(found->second.c_str(), nullptr);
}

// Metres per unit of a projected CRS's coordinates.
double metres_per_unit(const Crs& crs) {
  PJ_CONTEXT* const context = crs.context.get();
  const Object unbound(proj_get_type(crs.object.get()) == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(context, crs.object.get()) : nullptr, proj_destroy);
  const PJ* const projected = unbound ? unbound.get() : crs.object.get();
  if (proj_get_type(projected) != PJ_TYPE_PROJECTED_CRS) return 1;
  const Object axes(proj_crs_get_coordinate_system(context, projected), proj_destroy);
  double metres = 1;
  const bool known = axes && proj_cs_get_axis_info(context, axes.get(), 0, nullptr, nullptr, nullptr, &metres, nullptr, nullptr, nullptr);
  return known ? metres : 1;
}

// The same CRS in metres, as a PROJ string.
std::string in_metres(const Parameters& parameters) {
  std::string out;
  for (const auto& [key, value] : parameters) {
    if (key != "units" && key != "to_meter" && key != "type") out += "+" + key + (value.empty() ? "" : "=" + value) + " ";
  }
  return out + "+units=m +type=crs";
}

// The figure that the formulas use, which for Web Mercator is a sphere and not the ellipsoid of its datum.
void add_figure_of_earth(const Crs& crs, const Parameters& p, Attributes& out) {
  const Object ellipsoid(proj_get_ellipsoid(crs.context.get(), crs.object.get()), proj_destroy);
  double a = number_in(p, "a", 0), b = number_in(p, "b", 0), inverse = 0;
  int computed = 0;
  const bool stated = a > 0 && b > 0;
  if (!stated && !(ellipsoid && proj_ellipsoid_get_parameters(crs.context.get(), ellipsoid.get(), &a, &b, &computed, &inverse))) return;
  out.emplace_back("semi_major_axis", std::vector<double>{a});
  out.emplace_back("semi_minor_axis", std::vector<double>{b});
}

class Mapping {
 public:
  explicit Mapping(const Parameters& p) : p_(p) {}

  // Empty where CF has no name for the projection or no attribute for one of its parameters.
  Attributes attributes() {
    const std::string proj = word("proj");
    const bool scaled = number("k", number("k_0", 1)) != 1;
    if (p_.count("pm") || (scaled && (proj == "lcc" || proj == "merc"))) return {};
    if (proj == "longlat" || proj == "latlong") {
      named("latitude_longitude");
    } else if (proj == "lcc" || proj == "aea") {
      named(proj == "lcc" ? "lambert_conformal_conic" : "albers_conical_equal_area");
      out_.emplace_back("standard_parallel", std::vector<double>{number("lat_1", number("lat_0", 0)), number("lat_2", number("lat_1", number("lat_0", 0)))});
      add("latitude_of_projection_origin", "lat_0", 0);
      add("longitude_of_central_meridian", "lon_0", 0);
      offsets();
    } else if (proj == "laea" || proj == "aeqd") {
      named(proj == "laea" ? "lambert_azimuthal_equal_area" : "azimuthal_equidistant");
      add("latitude_of_projection_origin", "lat_0", 0);
      add("longitude_of_projection_origin", "lon_0", 0);
      offsets();
    } else if (proj == "stere") {
      stereographic();
      offsets();
    } else if (proj == "merc") {
      named("mercator");
      add("longitude_of_projection_origin", "lon_0", 0);
      add("standard_parallel", "lat_ts", 0);
      offsets();
    } else if (proj == "tmerc") {
      named("transverse_mercator");
      add("latitude_of_projection_origin", "lat_0", 0);
      add("longitude_of_central_meridian", "lon_0", 0);
      scale("scale_factor_at_central_meridian");
      offsets();
    } else if (proj == "ob_tran" && word("o_proj") == "longlat") {
      named("rotated_latitude_longitude");
      add("grid_north_pole_latitude", "o_lat_p", 90);
      out_.emplace_back("grid_north_pole_longitude", std::vector<double>{number("lon_0", 180) - 180});
      add("north_pole_grid_longitude", "o_lon_p", 0);
    }
    return std::move(out_);
  }

 private:
  double number(const std::string& key, double fallback) const { return number_in(p_, key, fallback); }
  std::string word(const std::string& key) const {
    const auto found = p_.find(key);
    return found == p_.end() ? "" : found->second;
  }
  void named(const std::string& name) { out_.emplace_back("grid_mapping_name", name); }
  void add(const std::string& attribute, const std::string& key, double fallback) { out_.emplace_back(attribute, std::vector<double>{number(key, fallback)}); }
  void scale(const std::string& attribute) { out_.emplace_back(attribute, std::vector<double>{number("k", number("k_0", 1))}); }
  void offsets() {
    add("false_easting", "x_0", 0);
    add("false_northing", "y_0", 0);
  }
  void stereographic() {
    const double lat0 = number("lat_0", 0);
    const bool polar = lat0 == 90 || lat0 == -90;
    named(polar ? "polar_stereographic" : "stereographic");
    add("latitude_of_projection_origin", "lat_0", 0);
    add(polar ? "straight_vertical_longitude_from_pole" : "longitude_of_projection_origin", "lon_0", 0);
    if (polar && p_.count("lat_ts")) add("standard_parallel", "lat_ts", 0);
    else scale("scale_factor_at_projection_origin");
  }

  const Parameters& p_;
  Attributes out_;
};

}  // namespace

GridMapping grid_mapping(const std::string& text) {
  GridMapping out;
  const Crs crs(text);
  const Parameters parameters = parameters_of(crs, text);
  out.rotated = parameters.count("proj") && parameters.at("proj") == "ob_tran";
  if (const double metres = out.rotated ? 1 : metres_per_unit(crs); metres != 1) {
    out = grid_mapping(in_metres(parameters));
    out.to_metres = metres;
    return out;
  }
  out.attributes = Mapping(parameters).attributes();
  add_figure_of_earth(crs, parameters, out.attributes);
  if (const char* wkt = proj_as_wkt(crs.context.get(), crs.object.get(), PJ_WKT2_2019, nullptr)) out.attributes.emplace_back("crs_wkt", std::string(wkt));
  return out;
}

}  // namespace guyu
