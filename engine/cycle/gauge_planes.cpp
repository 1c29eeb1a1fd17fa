#include "engine/cycle/gauge_planes.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/cycle/gauge_slots.h"

namespace guyu {
namespace {

// Cells in the place of regions.
RainSlot slot_of(const RainPlane& p, std::size_t cells) {
  RainSlot s{p.interval, std::vector<float>(cells), std::vector<float>(cells), {}};
  spread(p, s.amount_mm);
  for (std::size_t k = 0; k < cells; ++k) s.coverage[k] = std::isnan(s.amount_mm[k]) ? 0.0F : 1.0F;
  return s;
}

// Of each region, the larger of what the two know.
std::vector<float> either(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> out(b);
  for (std::size_t r = 0; r < a.size(); ++r) out[r] = std::max(a[r], b[r]);
  return out;
}

}  // namespace

std::vector<RainPlanePtr> with_gauges(const std::vector<RainPlanePtr>& radar, const std::vector<RainPlanePtr>& merged, std::size_t cells) {
  std::vector<RainPlanePtr> left = radar, out;
  const auto keep = [&](RainPlane plane) { out.push_back(std::make_shared<const RainPlane>(std::move(plane))); };
  for (const RainPlanePtr& m : merged) {
    std::vector<RainPlane> inside;
    std::vector<RainPlanePtr> later;
    for (RainPlanePtr& p : left) {
      if (p->interval.end <= m->interval.begin) {
        out.push_back(std::move(p));
      } else if (p->interval.begin >= m->interval.end) {
        later.push_back(std::move(p));
      } else {
        if (p->interval.begin < m->interval.begin) keep(part_of(*p, {p->interval.begin, m->interval.begin}));
        if (p->interval.end > m->interval.end) later.push_back(std::make_shared<const RainPlane>(part_of(*p, {m->interval.end, p->interval.end})));
        inside.push_back(part_of(*p, {std::max(p->interval.begin, m->interval.begin), std::min(p->interval.end, m->interval.end)}));
      }
    }
    std::vector<RainSlot> slots;
    for (const RainPlane& p : inside) slots.push_back(slot_of(p, cells));
    for (const RainSlot& s : with_gauges(slots, {slot_of(*m, cells)})) {
      const auto own = std::find_if(inside.begin(), inside.end(), [&](const RainPlane& p) { return p.interval == s.interval; });
      const FieldView<const float> row{s.amount_mm.data(), 1, static_cast<std::int64_t>(cells), static_cast<std::int64_t>(cells)};
      keep(rain_plane(row, s.interval, own == inside.end() ? m->coverage : either(own->coverage, m->coverage)));
    }
    left = std::move(later);
  }
  out.insert(out.end(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
  return out;
}

}  // namespace guyu
