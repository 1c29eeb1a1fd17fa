#include "engine/region/ring_moments.h"

namespace guyu {

RingMoments ring_moments(const Ring& ring) {
  RingMoments m;
  if (ring.size() < 4) return m;
  const Point o = ring.front();  // keeps the products small
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const double x0 = ring[k].x - o.x, y0 = ring[k].y - o.y, x1 = ring[k + 1].x - o.x, y1 = ring[k + 1].y - o.y, cross = x0 * y1 - x1 * y0;
    m.area += cross / 2, m.x += (x0 + x1) * cross / 6, m.y += (y0 + y1) * cross / 6;
  }
  m.x += o.x * m.area, m.y += o.y * m.area;
  return m.area < 0 ? RingMoments{-m.area, -m.x, -m.y} : m;
}

}  // namespace guyu
