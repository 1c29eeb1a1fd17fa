#include "engine/cycle/gauge_planes.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "engine/cycle/gauge_slots.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::size_t kBlock = 1 << 16;  // cells that are spread out at a time

// Cells [begin, begin + n) in the place of regions.
RainSlot slot_of(const RainPlane& p, std::size_t begin, std::size_t n) {
  RainSlot s{p.interval, std::vector<float>(n), std::vector<float>(n), {}};
  spread(p, begin, s.amount_mm);
  for (std::size_t k = 0; k < n; ++k) s.coverage[k] = std::isnan(s.amount_mm[k]) ? 0.0F : 1.0F;
  return s;
}

// Of each region, the larger of what the two know.
std::vector<float> either(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> out(b);
  for (std::size_t r = 0; r < a.size(); ++r) out[r] = std::max(a[r], b[r]);
  return out;
}

// The radar's planes within the time of a merged one, and that one, as one.
std::vector<RainPlane> set_right(const std::vector<RainPlane>& inside, const RainPlane& merged, std::size_t cells) {
  const std::size_t blocks = (cells + kBlock - 1) / kBlock;
  std::vector<std::vector<RainPlane>> parts(blocks);  // their cells count from the block's first one
  parallel_for(static_cast<std::int64_t>(blocks), 1, [&](std::int64_t first, std::int64_t last) {
    for (auto b = static_cast<std::size_t>(first); b < static_cast<std::size_t>(last); ++b) {
      const std::size_t begin = b * kBlock, n = std::min(kBlock, cells - begin);
      std::vector<RainSlot> slots;
      for (const RainPlane& p : inside) slots.push_back(slot_of(p, begin, n));
      for (const RainSlot& s : with_gauges(slots, {slot_of(merged, begin, n)}))
        parts[b].push_back(rain_plane({s.amount_mm.data(), 1, static_cast<std::int64_t>(n), static_cast<std::int64_t>(n)}, s.interval, {}));
    }
  });
  // A block of which nothing is known over some time has no slot of it.
  std::map<TimePoint, RainPlane> whole;
  for (const auto& block : parts)
    for (const RainPlane& p : block) whole[p.interval.begin].interval = p.interval;
  for (auto& [begin, plane] : whole) {
    for (std::size_t b = 0; b < blocks; ++b) {
      const auto own = std::find_if(parts[b].begin(), parts[b].end(), [at = begin](const RainPlane& p) { return p.interval.begin == at; });
      const auto offset = static_cast<std::uint32_t>(b * kBlock), n = static_cast<std::uint32_t>(std::min(kBlock, cells - b * kBlock));
      append_cells(plane, own == parts[b].end() ? RainPlane{plane.interval, {}, {}, {{0, n}}, {}} : *own, offset);
    }
    const auto before = std::find_if(inside.begin(), inside.end(), [&, interval = plane.interval](const RainPlane& p) { return p.interval == interval; });
    plane.coverage = before == inside.end() ? merged.coverage : either(before->coverage, merged.coverage);
  }
  std::vector<RainPlane> out;
  for (auto& [begin, plane] : whole) out.push_back(std::move(plane));
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
    for (RainPlane& plane : set_right(inside, *m, cells)) keep(std::move(plane));
    left = std::move(later);
  }
  out.insert(out.end(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
  return out;
}

}  // namespace guyu
