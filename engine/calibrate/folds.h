#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "engine/calibrate/emos.h"

namespace guyu {

// Which of at most `most` folds each case belongs to, 0 ... : neighbouring blocks of time make a fold, so that each fit costs the same, however long the
// archive is. One fold: there is one block. O(cases log blocks).
struct Folds {
  std::vector<std::size_t> of_case;
  std::size_t folds = 0, blocks = 0;
};
Folds folds_of(std::span<const ForecastCase> cases, std::size_t most = 10);

}  // namespace guyu
