#pragma once
#include "products/map_projection.h"

namespace guyu {

// A rectangle of the picture, pixels.
struct PixelBox {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

// A rectangle of a CRS seen in a rectangle of the picture. Longitude-latitude maps are equirectangular: a degree of longitude
// is drawn shorter by the cosine of the middle latitude.
class MapView {
 public:
  // The area is widened on two sides until it has the shape of the box.
  MapView(std::string crs, MapArea area, PixelBox box);
  const std::string& crs() const { return crs_; }
  bool is_latlon() const { return latlon_; }
  const MapArea& area() const { return area_; }
  const PixelBox& box() const { return box_; }
  Point to_pixel(Point p) const { return {box_.x + (p.x - area_.west) * scale_x_, box_.y + (area_.north - p.y) * scale_y_}; }
  Point to_crs(Point pixel) const { return {area_.west + (pixel.x - box_.x) / scale_x_, area_.north - (pixel.y - box_.y) / scale_y_}; }
  double pixels_per_x() const { return scale_x_; }
  double pixels_per_y() const { return scale_y_; }

 private:
  std::string crs_;
  bool latlon_;
  MapArea area_;
  PixelBox box_;
  double scale_x_ = 1, scale_y_ = 1;
};

// Height over width of an area as it is drawn.
double drawn_aspect(const std::string& crs, const MapArea& area);

}  // namespace guyu
