#include "products/map_palette.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {

Colour hex(unsigned rgb) { return {((rgb >> 16U) & 255U) / 255.0, ((rgb >> 8U) & 255U) / 255.0, (rgb & 255U) / 255.0, 1}; }

Palette classes(std::vector<double> from, const std::vector<unsigned>& colours, const std::string& unit) {
  Palette p;
  for (std::size_t k = 0; k < from.size(); ++k) p.classes.push_back({from[k], hex(colours[k])});
  p.unit = unit;
  return p;
}

// From blue over pale yellow to red.
Colour ramp(double f) {
  static const std::vector<Colour> stops{hex(0x313695), hex(0x4575b4), hex(0x91bfdb), hex(0xe0f3f8), hex(0xfee090), hex(0xfc8d59), hex(0xd73027), hex(0x8b0021)};
  const double at = std::clamp(f, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
  const auto k = std::min(stops.size() - 2, static_cast<std::size_t>(at));
  const double t = at - static_cast<double>(k);
  const auto mix = [&](double a, double b) { return a + t * (b - a); };
  return {mix(stops[k].r, stops[k + 1].r), mix(stops[k].g, stops[k + 1].g), mix(stops[k].b, stops[k + 1].b), 1};
}

// 1, 2 or 5 times a power of ten, so that about `steps` of them cover the range.
double nice_step(double range, int steps) {
  const double raw = range / steps, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double m : {1.0, 2.0, 5.0})
    if (m * power >= raw) return m * power;
  return 10 * power;
}

Palette even(double min, double max, const std::string& unit) {
  if (!(max > min)) {  // one value, or none
    const double at = std::isfinite(min) ? min : 0;
    min = at - 0.5;
    max = at + 0.5;
  }
  const double step = nice_step(max - min, 10), first = std::floor(min / step) * step;
  const int n = std::max(1, static_cast<int>(std::ceil((max - first) / step)));
  Palette p;
  for (int k = 0; k < n; ++k) p.classes.push_back({first + k * step, ramp((k + 0.5) / n)});
  p.below = p.classes.front().colour;
  p.unit = unit;
  return p;
}

}  // namespace

const Colour& Palette::of(double value) const {
  const Colour* c = &below;
  for (const ColourClass& k : classes) {
    if (value < k.from) break;
    c = &k.colour;
  }
  return *c;
}

Palette palette_for(const Quantity& q, TimeKind kind, double min, double max) {
  static const std::vector<unsigned> rain{0xc6efc0, 0x8fdc8c, 0x3dba3d, 0x61b8ff, 0x0000e1, 0xfa00fa, 0xa0005a, 0x500032};
  if (q == quantities::rainfall_rate()) return classes({0.1, 1, 2, 5, 10, 20, 50, 100}, rain, "mm/h");
  if (q == quantities::precipitation_amount() && kind != TimeKind::instant) return classes({0.1, 1, 5, 10, 25, 50, 100, 250}, rain, "mm");
  if (q == quantities::reflectivity()) {
    return classes({5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65},
                   {0xc8e6f5, 0x00acec, 0x019ff5, 0x00eaeb, 0x00d800, 0x019000, 0xffff00, 0xe7c000, 0xff9000, 0xff0000, 0xd60000, 0xff00f0, 0x9600b4}, "dBZ");
  }
  return even(min, max, q.unit);
}

Colour level_colour(Level level) {
  switch (level) {
    case Level::blue: return hex(0x2f7fe6);
    case Level::yellow: return hex(0xffe11a);
    case Level::orange: return hex(0xff8c1a);
    case Level::red: return hex(0xe0201b);
    case Level::none: return hex(0xf0f4ea);
    case Level::unknown: break;
  }
  return hex(0xdddddd);
}

}  // namespace guyu
