#include "products/map_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guyu {
namespace {
// Pixels per unit of x over pixels per unit of y. Near the poles the cosine is held, or the map would have no width.
double x_stretch(bool latlon, const MapArea& area) {
  constexpr double kLeast = 0.2;
  return latlon ? std::max(kLeast, std::cos((area.south + area.north) / 2 * std::numbers::pi / 180)) : 1;
}
}  // namespace

MapView::MapView(std::string crs, MapArea area, PixelBox box) : crs_(std::move(crs)), latlon_(is_geographic(crs_)), area_(area), box_(box) {
  const double stretch = x_stretch(latlon_, area);
  scale_y_ = std::min(box.width / (area.width() * stretch), box.height / area.height());
  scale_x_ = scale_y_ * stretch;
  const double more_x = (box.width / scale_x_ - area.width()) / 2, more_y = (box.height / scale_y_ - area.height()) / 2;
  area_ = {area.west - more_x, area.south - more_y, area.east + more_x, area.north + more_y};
}

double drawn_aspect(const std::string& crs, const MapArea& area) { return area.height() / (area.width() * x_stretch(is_geographic(crs), area)); }

}  // namespace guyu
