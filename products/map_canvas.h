#pragma once
#include <cstdint>
#include <memory>
#include <string>

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;

namespace guyu {

struct Colour {
  double r = 0, g = 0, b = 0, a = 1;
};
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  bool overlaps(const Box& o) const { return x < o.x + o.width && o.x < x + width && y < o.y + o.height && o.y < y + height; }
};
enum class Align { left, centre, right };
struct TextStyle {
  double size = 12;  // pixels
  bool bold = false;
  Colour colour{0.13, 0.13, 0.13};
  bool halo = false;  // a light rim, for words on a map
};

// A white picture with the few strokes that maps need; owns its cairo surface. The same calls give the same PNG bytes.
class MapCanvas {
 public:
  MapCanvas(int width, int height);
  ~MapCanvas();
  MapCanvas(const MapCanvas&) = delete;
  MapCanvas& operator=(const MapCanvas&) = delete;
  cairo_t* cairo() { return cairo_; }
  int width() const { return width_; }
  int height() const { return height_; }

  void fill(const Box& box, const Colour& colour);
  void hatch(const Box& box);  // grey diagonal lines: nothing is known here
  void hatch_path();           // the same inside the current path, which is used up
  void outline(const Box& box, const Colour& colour, double line_width);
  void text(const std::string& utf8, double x, double y, Align align, const TextStyle& style);  // y: middle of the line
  Box text_box(const std::string& utf8, double x, double y, Align align, const TextStyle& style);
  // Atomically; throws Error naming the file.
  void save(const std::string& path);

 private:
  void use(const Colour& c);
  int width_, height_;
  cairo_surface_t* surface_;
  cairo_t* cairo_;
};

}  // namespace guyu
