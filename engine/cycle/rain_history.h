#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// Observed rain of all regions over one interval. amount_mm: area mean over the valid part, NaN when no part is
// valid; coverage: valid share of the area, 0..1.
struct RainSlot {
  Interval interval;
  std::vector<float> amount_mm, coverage;
  std::string source;  // what it was made from
};

// The cycle state: rolling observed rain per region, so that a cycle reads only what is new. Slots never overlap
// and are ordered; a slot that overlaps a kept one is refused (add returns false), so that a file seen twice is
// counted once. Saved as NetCDF, atomically; bound to one region set by its hash.
class RainHistory {
 public:
  RainHistory(std::string region_hash, std::size_t regions);
  const std::vector<RainSlot>& slots() const { return slots_; }
  bool add(RainSlot slot);
  bool covers(const Interval& interval) const;  // some kept slot overlaps it
  void forget_before(TimePoint t);              // drops slots that end at or before t
  void forget(const Interval& interval);        // drops slots that overlap it
  void save(const std::string& path) const;

  // An absent file gives an empty history. A damaged file, or one of other regions, gives an empty history too and
  // its reason in `problem`: the run goes on, degraded, and says so.
  static RainHistory load(const std::string& path, const std::string& region_hash, std::size_t regions, std::string& problem);

 private:
  std::string region_hash_;
  std::size_t regions_;
  std::vector<RainSlot> slots_;
};

}  // namespace guyu
