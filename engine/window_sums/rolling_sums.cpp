#include "engine/window_sums/rolling_sums.h"

#include <algorithm>

#include "engine/window_sums/even_share.h"

namespace guyu {
namespace {

template <typename F>
void for_each_wet(const RainPlane& p, F f) {
  const std::uint32_t* amount = p.amount.data();
  for (const RainPlane::Run& r : p.wet) {
    f(r.first, r.count, amount);
    amount += r.count;
  }
}

}  // namespace

RollingSums::RollingSums(std::size_t cells, std::vector<Seconds> windows) {
  for (const Seconds w : windows) windows_.push_back({w, std::vector<std::uint32_t>(cells, 0), 0, {}});
}

void RollingSums::add(RainPlanePtr plane) {
  for (Window& w : windows_) {
    if (w.oldest == planes_.size()) w.from = plane->interval.begin;
    std::uint32_t* sums = w.sums.data();
    for_each_wet(*plane, [sums](std::uint32_t first, std::uint32_t count, const std::uint32_t* amount) {
      for (std::uint32_t k = 0; k < count; ++k) sums[first + k] += amount[k];
    });
  }
  planes_.push_back(std::move(plane));
}

void RollingSums::end_at(TimePoint t) {
  std::size_t needed = planes_.size();
  for (Window& w : windows_) {
    const TimePoint begin = t - w.length;
    while (w.oldest < planes_.size() && w.from < begin) {
      const RainPlane& p = *planes_[w.oldest];
      const TimePoint to = std::min(begin, p.interval.end);
      if (w.from == p.interval.begin && to == p.interval.end) {
        std::uint32_t* sums = w.sums.data();
        for_each_wet(p, [sums](std::uint32_t first, std::uint32_t count, const std::uint32_t* amount) {
          for (std::uint32_t k = 0; k < count; ++k) sums[first + k] -= amount[k];
        });
      } else if (to > w.from) {
        const EvenShare share(p.interval, {w.from, to});
        std::uint32_t* sums = w.sums.data();
        for_each_wet(p, [&](std::uint32_t first, std::uint32_t count, const std::uint32_t* amount) {
          for (std::uint32_t k = 0; k < count; ++k) sums[first + k] -= share(amount[k]);
        });
      }
      w.from = to;
      if (to < p.interval.end) break;
      ++w.oldest;
      if (w.oldest < planes_.size()) w.from = planes_[w.oldest]->interval.begin;
    }
    needed = std::min(needed, w.oldest);
  }
  // Planes that no window holds any more.
  planes_.erase(planes_.begin(), planes_.begin() + static_cast<std::ptrdiff_t>(needed));
  for (Window& w : windows_) w.oldest -= needed;
}

}  // namespace guyu
