#include "engine/cycle/gauge_slots.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>

namespace guyu {
namespace {

constexpr std::string_view kAlone = "gauges alone, radar frames: ";

double seconds(const Interval& i) { return static_cast<double>(i.length().count()); }

// The merged interval's share of a region for slots [begin, end) that lie in it.
void adjust(std::vector<RainSlot>& slots, std::size_t begin, std::size_t end, const RainSlot& merged, std::size_t r) {
  const float wanted = merged.amount_mm[r];
  if (std::isnan(wanted)) return;
  double seen = 0, known = 0, told = 0;  // told: share of the time
  for (std::size_t k = begin; k < end; ++k) {
    const float mm = slots[k].amount_mm[r];
    if (std::isnan(mm)) continue;
    seen += static_cast<double>(mm);
    told += seconds(slots[k].interval) / seconds(merged.interval);
    known += static_cast<double>(slots[k].coverage[r]) * seconds(slots[k].interval) / seconds(merged.interval);
  }
  std::vector<std::size_t> seen_by_gauges;
  const bool radar_knows = known >= static_cast<double>(kRadarKnows);
  constexpr double kTrace = 0.05;  // mm
  if (radar_knows) {
    // Times at which the radar saw nothing of the region have their even share, the others the rest.
    const double rest = static_cast<double>(wanted) * std::min(told, 1.0);
    for (std::size_t k = begin; k < end; ++k) {
      if (!std::isnan(slots[k].amount_mm[r])) continue;
      slots[k].amount_mm[r] = static_cast<float>(static_cast<double>(wanted) * seconds(slots[k].interval) / seconds(merged.interval));
      slots[k].coverage[r] = merged.coverage[r];
      seen_by_gauges.push_back(k);
    }
    if (seen <= kTrace && rest <= kTrace) return;
    if (seen > kTrace) {
      const auto factor = static_cast<float>(std::clamp(rest / seen, 1.0 / static_cast<double>(kMostGaugeFactor), static_cast<double>(kMostGaugeFactor)));
      for (std::size_t k = begin; k < end; ++k)
        if (std::find(seen_by_gauges.begin(), seen_by_gauges.end(), k) == seen_by_gauges.end()) slots[k].amount_mm[r] *= factor;
      return;
    }
  }
  for (std::size_t k = begin; k < end; ++k) {
    slots[k].amount_mm[r] = static_cast<float>(static_cast<double>(wanted) * seconds(slots[k].interval) / seconds(merged.interval));
    slots[k].coverage[r] = std::max(std::isnan(slots[k].coverage[r]) ? 0.0F : slots[k].coverage[r], merged.coverage[r]);
  }
}

// Slots that a border cuts become two, with amounts by the share of time.
void split_at(std::vector<RainSlot>& slots, TimePoint border) {
  for (std::size_t k = 0; k < slots.size(); ++k) {
    const Interval whole = slots[k].interval;
    if (whole.begin >= border || whole.end <= border) continue;
    RainSlot later = slots[k];
    slots[k].interval.end = later.interval.begin = border;
    for (RainSlot* part : {&slots[k], &later}) {
      const auto share = static_cast<float>(seconds(part->interval) / seconds(whole));
      for (float& mm : part->amount_mm) mm *= share;
    }
    slots.insert(slots.begin() + static_cast<std::ptrdiff_t>(k) + 1, std::move(later));
    return;
  }
}

// Times of the interval that no slot holds, as empty slots.
void add_gaps(std::vector<RainSlot>& slots, const Interval& interval, std::size_t regions, const std::string& source) {
  std::vector<Interval> gaps;
  TimePoint at = interval.begin;
  for (const RainSlot& s : slots) {
    if (s.interval.end <= interval.begin || s.interval.begin >= interval.end) continue;
    if (s.interval.begin > at) gaps.push_back({at, s.interval.begin});
    at = std::max(at, s.interval.end);
  }
  if (at < interval.end) gaps.push_back({at, interval.end});
  for (const Interval& g : gaps)
    slots.push_back({g, std::vector<float>(regions, std::numeric_limits<float>::quiet_NaN()), std::vector<float>(regions, 0.0F), source});
  std::sort(slots.begin(), slots.end(), [](const RainSlot& a, const RainSlot& b) { return a.interval.begin < b.interval.begin; });
}

}  // namespace

std::string gauge_source() { return "gauges"; }

std::string gauges_alone_source(std::size_t radar_frames) { return std::string(kAlone) + std::to_string(radar_frames); }

std::optional<std::size_t> frames_beside_gauges(const RainSlot& slot) {
  if (!slot.source.starts_with(kAlone)) return std::nullopt;
  std::size_t frames = 0;
  const char* const end = slot.source.data() + slot.source.size();
  const auto [last, fault] = std::from_chars(slot.source.data() + kAlone.size(), end, frames);
  return fault == std::errc() && last == end ? frames : std::size_t{0};  // a number that is none: whatever comes is more
}

std::vector<RainSlot> with_gauges(const std::vector<RainSlot>& radar, const std::vector<RainSlot>& merged) {
  std::vector<RainSlot> slots = radar;
  for (const RainSlot& m : merged) {
    const std::size_t regions = m.amount_mm.size();
    split_at(slots, m.interval.begin);
    split_at(slots, m.interval.end);
    add_gaps(slots, m.interval, regions, m.source);
    const auto inside = [&](const RainSlot& s) { return s.interval.begin >= m.interval.begin && s.interval.end <= m.interval.end; };
    const auto first = std::find_if(slots.begin(), slots.end(), inside), last = std::find_if_not(first, slots.end(), inside);
    const auto begin = static_cast<std::size_t>(first - slots.begin()), end = static_cast<std::size_t>(last - slots.begin());
    for (std::size_t r = 0; r < regions; ++r) adjust(slots, begin, end, m, r);
  }
  // Gaps that no merged amount filled are no observation.
  std::erase_if(slots, [](const RainSlot& s) {
    return std::all_of(s.amount_mm.begin(), s.amount_mm.end(), [](float x) { return std::isnan(x); }) &&
           std::all_of(s.coverage.begin(), s.coverage.end(), [](float c) { return c == 0; });
  });
  return slots;
}

}  // namespace guyu
