#pragma once
#include <string>
#include <vector>

#include "engine/core/grid.h"
#include "engine/region/region_set.h"
#include "products/map.h"
#include "products/map_canvas.h"

namespace guyu {

struct Extent {
  double west = 0, south = 0, east = 0, north = 0;  // CRS units
  bool empty() const { return !(east > west && north > south); }
  void include(const MultiPolygon& shape);
};

// The sheet that every map is drawn on: title above, legend to the right, footer below, and the plot with its own coordinates. The plot keeps
// distances true at its middle latitude on longitude-latitude maps.
class MapSheet {
 public:
  // An empty extent becomes a small one around 0, so that a map without content is still a map.
  MapSheet(const std::string& crs, Extent extent, const MapText& text, int width);
  MapCanvas& canvas() { return canvas_; }
  const Box& plot() const { return plot_; }
  const Extent& extent() const { return extent_; }
  double scale() const { return scale_; }  // 1 on a sheet of 1200 pixels
  double px(double x) const { return plot_.x + (x - extent_.west) / (extent_.east - extent_.west) * plot_.width; }
  double py(double y) const { return plot_.y + (extent_.north - y) / (extent_.north - extent_.south) * plot_.height; }

  // Adds a shape (in the sheet's CRS) to the path; points nearer than half a pixel to the last are left out. False when it is outside the plot.
  bool trace(const MultiPolygon& shape);
  void clip_to_plot();
  void unclip();
  void graticule();  // meridians and parallels with their degrees at the frame; drawn over the map
  // Rows of the legend from top to bottom; a colour without `known` is hatched.
  struct LegendRow {
    Colour colour;
    bool known = true;
    std::string label, note;
  };
  void legend(const std::string& heading, const std::vector<LegendRow>& rows);
  void finish(const std::string& path);  // frame, then the file

 private:
  void degree_labels(const std::vector<double>& values, bool meridians, const Extent& lonlat);
  std::string crs_;
  Extent extent_;
  double scale_;
  Box plot_;
  MapCanvas canvas_;
};

}  // namespace guyu
