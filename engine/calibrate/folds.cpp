#include "engine/calibrate/folds.h"

#include <algorithm>
#include <map>
#include <set>

namespace guyu {

Folds folds_of(std::span<const ForecastCase> cases, std::size_t most) {
  std::set<std::size_t> blocks;
  for (const ForecastCase& c : cases) blocks.insert(c.block);
  Folds out{{}, std::min(blocks.size(), most), blocks.size()};
  std::map<std::size_t, std::size_t> fold_of;
  std::size_t number = 0;
  for (const std::size_t block : blocks) fold_of[block] = number++ * out.folds / blocks.size();
  for (const ForecastCase& c : cases) out.of_case.push_back(fold_of.at(c.block));
  return out;
}

}  // namespace guyu
