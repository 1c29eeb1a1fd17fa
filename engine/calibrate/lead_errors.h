#pragma once
#include <array>
#include <cstddef>

#include "engine/core/time.h"

namespace guyu {

// How wrong a model was, by lead: mean squared error of its mean in the quantity's unit, and of how many cases.
struct LeadErrors {
  static constexpr std::array<int, 8> kEdges_h{0, 6, 12, 24, 48, 72, 120, 240};  // bucket k: (edge k, edge k + 1]
  std::array<double, kEdges_h.size() - 1> squared{};
  std::array<std::size_t, kEdges_h.size() - 1> cases{};
  static std::size_t bucket(Seconds lead);  // beyond the last edge: the last
  void add(Seconds lead, double error);
  double mean_squared(std::size_t bucket) const;  // NaN without cases
};

}  // namespace guyu
