#include "engine/nowcast/exceedance.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "hpc/parallel/parallel_for.h"

namespace guyu {

Exceedance::Exceedance(std::int64_t ny, std::int64_t nx, int steps, std::vector<float> thresholds) : ny_(ny), nx_(nx), thresholds_(std::move(thresholds)) {
  const auto cells = static_cast<std::size_t>(ny * nx), n = static_cast<std::size_t>(steps);
  reached_.assign(n * thresholds_.size(), std::vector<std::uint16_t>(cells));
  known_.assign(n, std::vector<std::uint16_t>(cells));
}

void Exceedance::add(int step, FieldView<const float> field) {
  const auto s = static_cast<std::size_t>(step - 1);
  parallel_for(ny_, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float* x = field.row(j);
      std::uint16_t* known = known_[s].data() + j * nx_;
      for (std::int64_t i = 0; i < nx_; ++i) known[i] = static_cast<std::uint16_t>(known[i] + (x[i] == x[i] ? 1 : 0));
      for (std::size_t k = 0; k < thresholds_.size(); ++k) {
        std::uint16_t* reached = reached_[s * thresholds_.size() + k].data() + j * nx_;
        const float limit = thresholds_[k];
        for (std::int64_t i = 0; i < nx_; ++i) reached[i] = static_cast<std::uint16_t>(reached[i] + (x[i] >= limit ? 1 : 0));
      }
    }
  });
}

void Exceedance::probability(std::size_t threshold, int step, int members, FieldView<float> out, double least_share) const {
  const auto s = static_cast<std::size_t>(step - 1);
  const std::uint16_t* known = known_[s].data();
  const std::uint16_t* reached = reached_[s * thresholds_.size() + threshold].data();
  const auto least = std::max(1.0, least_share * members);
  for (std::int64_t j = 0; j < ny_; ++j) {
    for (std::int64_t i = 0; i < nx_; ++i) {
      const auto at = static_cast<std::size_t>(j * nx_ + i);
      out(j, i) = known[at] >= least ? static_cast<float>(reached[at]) / static_cast<float>(known[at]) : std::numeric_limits<float>::quiet_NaN();
    }
  }
}

}  // namespace guyu
