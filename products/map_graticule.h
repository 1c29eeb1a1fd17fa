#pragma once
#include <string>
#include <vector>

#include "products/map_canvas.h"
#include "products/map_view.h"

namespace guyu {

// Meridians and parallels of a view at round degrees, and where they meet its frame.
class Graticule {
 public:
  explicit Graticule(const MapView& view);
  void draw_lines(const MapCanvas& canvas) const;                // clipped to nothing: set the clip before
  void draw_labels(const MapCanvas& canvas, double size) const;  // left of the box and below it

 private:
  struct Label {
    Point at;  // on the frame, pixels
    std::string text;
  };
  using Line = std::vector<Point>;  // pixels, unbroken
  const MapView& view_;
  std::vector<Line> lines_;
  std::vector<Label> left_, below_;
  void trace(bool meridian, double degree, const MapArea& degrees, const MapTransform& to_view);
  void add_segment(Point a, Point b, bool meridian, const std::string& text);
};

// A bar of a round length as the map's middle has it, drawn with its top left corner at x, y and at most `width` pixels long.
// Returns its height; draws nothing and returns 0 where the middle has no length (outside the projection).
double draw_scale_bar(const MapCanvas& canvas, const MapView& view, double x, double y, double width, double text_size);

}  // namespace guyu
