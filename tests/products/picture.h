#pragma once
#include <cairo.h>

#include <memory>
#include <string>
#include <vector>

#include "products/map_canvas.h"

namespace guyu::test {

// A picture's pixels, read back through cairo.
struct Picture {
  int width = 0, height = 0;
  std::vector<Color> pixels;
  Color at(int x, int y) const { return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)]; }
  std::size_t count(Color c) const {
    std::size_t n = 0;
    for (const Color p : pixels) n += p == c ? 1 : 0;
    return n;
  }
  // Mean x of the pixels of one colour.
  double mean_x(Color c) const {
    double sum = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) sum += at(x, y) == c ? x : 0;
    }
    return sum / static_cast<double>(count(c));
  }
};

inline Picture pixels_of(cairo_surface_t* surface) {
  cairo_surface_flush(surface);
  Picture p{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), {}};
  for (int y = 0; y < p.height; ++y) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface));
    for (int x = 0; x < p.width; ++x)
      p.pixels.push_back({static_cast<std::uint8_t>(row[x] >> 16), static_cast<std::uint8_t>(row[x] >> 8), static_cast<std::uint8_t>(row[x])});
  }
  return p;
}

inline Picture read_png(const std::string& path) {
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> s(cairo_image_surface_create_from_png(path.c_str()), cairo_surface_destroy);
  return cairo_surface_status(s.get()) == CAIRO_STATUS_SUCCESS ? pixels_of(s.get()) : Picture{};
}

inline Picture drawn_on(const MapCanvas& canvas) { return pixels_of(cairo_get_target(canvas.cairo())); }

}  // namespace guyu::test

namespace guyu {
inline std::ostream& operator<<(std::ostream& out, Color c) { return out << '#' << int{c.red} << ',' << int{c.green} << ',' << int{c.blue}; }
}  // namespace guyu
