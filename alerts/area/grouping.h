#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/region/region_set.h"

namespace guyu {

// Groups of regions, one after the other: those of group g are members[begins[g]] to members[begins[g + 1] - 1].
struct RegionGroups {
  std::vector<std::size_t> members, begins;
  std::size_t size() const { return begins.size() - 1; }
};

// Which regions are neighbours, and a fixed way to part a crowd of them; made once per RegionSet.
// O(regions log regions) plus the polygons' own size.
class RegionGraph {
 public:
  // Regions are neighbours when their shapes come within `tolerance` (CRS units) of each other.
  RegionGraph(const RegionSet& regions, double tolerance);
  const std::vector<std::uint32_t>& neighbours(std::size_t region) const { return neighbours_[region]; }
  std::size_t size() const { return neighbours_.size(); }

  // Connected groups of the given regions (sorted, unique indices). A group over `cap` regions is halved along a
  // fixed tree of the whole region set, so the same places part the same way in every cycle. Groups and their
  // members are in ascending order.
  std::vector<std::vector<std::size_t>> groups(const std::vector<std::size_t>& regions, std::size_t cap) const;
  // The same without a vector for each: there may be 100,000 groups of one.
  RegionGroups flat_groups(const std::vector<std::size_t>& regions, std::size_t cap) const;

 private:
  std::vector<std::vector<std::uint32_t>> neighbours_;
  std::vector<std::uint32_t> place_;  // of each region in the order of a k-d tree; its halves are the tree's nodes
};

}  // namespace guyu
