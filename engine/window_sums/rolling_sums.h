#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/window_sums/rain_plane.h"

namespace guyu {

// What fell in each cell over the last so-and-so long, as time goes on: planes are added as they come, and what is older than a window is taken from it again;
// each plane's rain is even over its time. Exact in RainPlane's units. 4 bytes a cell and window, and the planes within the longest window, which copies share.
class RollingSums {
 public:
  RollingSums(std::size_t cells, std::vector<Seconds> windows);
  void add(RainPlanePtr plane);  // begins at or after the end of the one before; O(windows x wet cells)
  // The windows end at t from now on: not before an earlier end, nor before the end of the last plane. O(windows x wet cells that leave).
  void end_at(TimePoint t);
  std::size_t windows() const { return windows_.size(); }
  // By cell, units round 2^32.
  std::span<const std::uint32_t> sums(std::size_t window) const { return windows_[window].sums; }

 private:
  struct Window {
    Seconds length;
    std::vector<std::uint32_t> sums;
    std::size_t oldest = 0;  // the first plane that is in it still,
    TimePoint from{};        // from here on
  };
  std::vector<Window> windows_;
  std::vector<RainPlanePtr> planes_;
};

}  // namespace guyu
