#include "engine/regrid/row_band.h"

#include <algorithm>

namespace guyu {

void RowBand::tidy() {
  const auto from = entries.end() - static_cast<std::ptrdiff_t>(counts.back());
  std::sort(from, entries.end(), [](const auto& a, const auto& b) { return a.source != b.source ? a.source < b.source : a.weight < b.weight; });
  auto to = from;
  for (auto it = from; it != entries.end(); ++it) {
    if (to != from && (to - 1)->source == it->source) (to - 1)->weight += it->weight;
    else *to++ = *it;
  }
  counts.back() = to - from;
  entries.erase(to, entries.end());
}

}  // namespace guyu
