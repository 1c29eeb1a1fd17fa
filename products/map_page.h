#pragma once
#include <string>

#include "products/map.h"
#include "products/map_canvas.h"
#include "products/map_legend.h"
#include "products/map_view.h"

namespace guyu {

// The sheet that all maps share: title and subtitle above, the map's box with its graticule, the legend and the scale bar to
// the right, the footer below. Nothing of it lies upon the map.
class MapPage {
 public:
  // `area` in `crs`; an empty one is shown as a square of one unit. Throws Error when the width is not between 400 and 16000.
  MapPage(const MapText& text, const MapOptions& options, Legend legend, const std::string& crs, const MapArea& area);
  const MapCanvas& canvas() const { return sheet_.canvas; }
  const MapView& view() const { return sheet_.view; }
  double unit() const { return unit_; }  // 1 for a picture of 1200 pixels

  void begin_map() const;  // what is drawn until end_map() is cut at the box
  void end_map() const;    // graticule and frame
  void save(const std::string& path) const;

 private:
  struct Sheet {
    MapCanvas canvas;
    MapView view;
    double footer_y;
  };
  MapText text_;
  Legend legend_;
  double unit_;
  Sheet sheet_;
  Sheet lay_out(int width, const std::string& crs, const MapArea& area) const;
  void draw_texts() const;
};

// The area that the options ask for in `crs`, or `all` when they ask for none. Throws Error for an area that is none or that the
// CRS cannot show.
MapArea area_to_show(const MapOptions& options, const std::string& crs, const MapArea& all);

}  // namespace guyu
