#include "products/cell_geojson.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "engine/cells/cell_outline.h"
#include "engine/cells/grid_scale.h"
#include "engine/region/region_set.h"
#include "engine/regrid/crs_transform.h"

namespace guyu {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double x, double steps) { return std::round(x * steps) / steps; }

class Writer {
 public:
  explicit Writer(const CellScene& scene) : scene_(scene), grid_(scene.frame->grid()), scale_(grid_), to_degrees_(grid_.crs(), "EPSG:4326") {}

  Json features() const {
    Json out = Json::array();
    std::size_t next = 0;
    for (const StormTrack& t : scene_.tracks) {
      if (!t.seen()) continue;
      const CellForecast& f = scene_.forecasts[next++];
      out.push_back(cell(t, f));
      out.push_back(feature("swath", {{"type", "Polygon"}, {"coordinates", Json::array({ring(f.swath)})}},
                            {{"id", t.id}, {"horizon_min", f.leads.back().lead.count() / 60}}));
      out.push_back(path(t, f));
    }
    return out;
  }

 private:
  static Json feature(const char* kind, Json geometry, Json properties) {
    Json p{{"feature", kind}};
    p.update(properties);
    return {{"type", "Feature"}, {"geometry", std::move(geometry)}, {"properties", std::move(p)}};
  }
  Point degrees(CellPlace p) const {
    Point q{grid_.x(p.column), grid_.y(p.row)};
    to_degrees_.forward(&q.x, &q.y, 1, sizeof(double));
    return q;
  }
  Json position(CellPlace p) const {
    const Point q = degrees(p);
    return {rounded(q.x, 1e5), rounded(q.y, 1e5)};
  }
  Json ring(const std::vector<CellPlace>& places) const {  // GeoJSON's rings turn the other way
    Json out = Json::array();
    for (auto p = places.rbegin(); p != places.rend(); ++p) out.push_back(position(*p));
    out.push_back(out.front());
    return out;
  }
  Json outline(const StormCell& c) const {
    Json parts = Json::array();
    for (const CellOutline& o : cell_outlines(c.runs)) {
      Json rings = Json::array({ring(o.outer)});
      for (const auto& hole : o.holes) rings.push_back(ring(hole));
      parts.push_back(std::move(rings));
    }
    return {{"type", "MultiPolygon"}, {"coordinates", std::move(parts)}};
  }
  // Towards true north, whatever the grid's north is.
  Json direction(const StormTrack& t) const {
    if (!t.moves) return {};
    const CellPlace from = t.cell.centroid;
    const Point a = degrees(from), b = degrees({from.row + 300 * t.v, from.column + 300 * t.u});
    const double radian = std::numbers::pi / 180, east = (b.x - a.x) * std::cos(a.y * radian), north = b.y - a.y;
    if (east == 0 && north == 0) return 0;
    const double d = std::atan2(east, north) / radian;
    return rounded(d < 0 ? d + 360 : d, 1);
  }
  Json cell(const StormTrack& t, const CellForecast& f) const {
    const StormCell& c = t.cell;
    const Point p = degrees(c.centroid), peak = degrees(c.peak);
    const FieldMeta& m = scene_.frame->meta;
    return feature("cell", outline(c),
                   {{"id", t.id},
                    {"time", to_iso(t.points.back().time)},
                    {"quantity", m.quantity.name},
                    {"unit", m.quantity.unit},
                    {"longitude", rounded(p.x, 1e5)},
                    {"latitude", rounded(p.y, 1e5)},
                    {"peak_longitude", rounded(peak.x, 1e5)},
                    {"peak_latitude", rounded(peak.y, 1e5)},
                    {"area_km2", rounded(c.area_km2, 10)},
                    {"maximum", rounded(double{c.maximum}, 10)},
                    {"mean", rounded(double{c.mean}, 10)},
                    {"core_threshold", rounded(double{c.core_threshold}, 100)},
                    {"ellipse_major_km", rounded(c.ellipse.major_km, 10)},
                    {"ellipse_minor_km", rounded(c.ellipse.minor_km, 10)},
                    {"ellipse_direction_deg", rounded(c.ellipse.direction_deg, 1)},
                    {"ellipse_bounding_factor", rounded(c.ellipse.bounding, 100)},
                    {"may_be_larger_than_seen", c.cut},
                    {"speed_m_s", t.moves ? Json(rounded(1e3 * scale_.length_km(c.centroid.row, t.v, t.u), 10)) : Json()},
                    {"direction_deg", direction(t)},
                    {"speed_error_m_s", rounded(1e3 * t.velocity_error_km_s, 10)},
                    {"position_error_km", rounded(t.position_error_km, 100)},
                    {"area_growth_percent_per_h", rounded(3600 * 100 * t.area_growth_per_s, 1)},
                    {"maximum_growth_per_h", rounded(3600 * t.maximum_growth_per_s, 10)},
                    {"age_min", t.age().count() / 60},
                    {"frames", t.points.size()},
                    {"lifetime_min", f.lifetime.count() / 60},
                    {"parents", t.parents},
                    {"children", t.children}});
  }
  Json path(const StormTrack& t, const CellForecast& f) const {
    Json line = Json::array(), times = Json::array(), areas = Json::array(), errors = Json::array();
    for (const TrackPoint& p : t.points) {
      line.push_back(position(p.place)), times.push_back(to_iso(p.time));
      areas.push_back(rounded(p.area_km2, 10)), errors.push_back(0);
    }
    for (std::size_t k = 1; k < f.leads.size(); ++k) {
      const auto& lead = f.leads[k];
      line.push_back(position(lead.place)), times.push_back(to_iso(t.points.back().time + lead.lead));
      areas.push_back(rounded(lead.area_km2, 10)), errors.push_back(rounded(lead.position_error_km, 100));
    }
    return feature(
        "path", {{"type", "LineString"}, {"coordinates", std::move(line)}},
        {{"id", t.id}, {"seen", t.points.size()}, {"times", std::move(times)}, {"area_km2", std::move(areas)}, {"position_error_km", std::move(errors)}});
  }

  const CellScene& scene_;
  const Grid& grid_;
  GridScale scale_;
  CrsTransform to_degrees_;
};

}  // namespace

std::string cell_geojson(const CellScene& scene, const Provenance& from) {
  const Json document{{"type", "FeatureCollection"},       {"title", from.title},   {"issued", to_iso(from.issue)},
                      {"program", "guyu " + from.version}, {"inputs", from.inputs}, {"features", Writer(scene).features()}};
  return document.dump() + "\n";
}

}  // namespace guyu
