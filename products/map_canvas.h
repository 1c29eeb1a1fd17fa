#pragma once
#include <cairo.h>
#include <pango/pango.h>

#include <cstdint>
#include <memory>
#include <string>

namespace guyu {

struct Color {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Color&) const = default;
};
// Linear in sRGB; t = 0 gives a, 1 gives b.
Color mix(Color a, Color b, double t);

namespace map_colors {
inline constexpr Color paper{255, 255, 255}, ink{32, 36, 42}, faint_ink{96, 104, 114}, frame{70, 78, 88}, grid_line{150, 160, 170};
inline constexpr Color county{138, 146, 154}, parent{52, 58, 66}, hatch_paper{236, 237, 239}, hatch_line{190, 193, 198};
}  // namespace map_colors

struct TextStyle {
  double size = 12;  // pixels
  bool bold = false;
  Color color = map_colors::ink;
  double wrap_width = 0;  // pixels; 0: one line
  bool halo = false;      // a thin border of paper colour, for text on top of a map
};
struct TextSize {
  double width = 0, height = 0;  // pixels
};
enum class Anchor { left, centre, right };

// A picture in memory: cairo for lines and areas, pango for text (Chinese too; font Noto Sans CJK SC, or what the machine has
// for the characters). x grows to the right, y downwards, in pixels. The same calls give the same bytes. For one thread.
class MapCanvas {
 public:
  MapCanvas(int width, int height);  // paper all over; throws Error when cairo has no such surface
  int width() const { return width_; }
  int height() const { return height_; }
  cairo_t* cairo() const { return cairo_.get(); }
  void color(Color c) const;
  void hatch() const;  // the source becomes the hatch that stands for "not known"

  TextSize measure(const std::string& text, const TextStyle& style) const;
  // y is the top of the text; x its left, middle or right. Returns the size.
  TextSize text(double x, double y, const std::string& text, const TextStyle& style, Anchor anchor = Anchor::left) const;

  void save(const std::string& path) const;  // PNG, written atomically; throws Error naming the file

 private:
  struct Release {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
    void operator()(cairo_t* c) const { cairo_destroy(c); }
    void operator()(cairo_pattern_t* p) const { cairo_pattern_destroy(p); }
    void operator()(PangoLayout* l) const;
  };
  int width_, height_;
  std::unique_ptr<cairo_surface_t, Release> surface_;
  std::unique_ptr<cairo_t, Release> cairo_;
  std::unique_ptr<cairo_pattern_t, Release> hatch_;
  std::unique_ptr<PangoLayout, Release> layout_;
  void set_layout(const std::string& text, const TextStyle& style) const;
};

}  // namespace guyu
