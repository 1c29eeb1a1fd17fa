#include "engine/post/wet_periods.h"

#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

void wet_share_of_periods(std::span<const FieldView<const float>> accumulation_exceeds, std::span<const FieldView<const float>> rate_exceeds,
                          FieldView<float> share) {
  if (accumulation_exceeds.empty() || accumulation_exceeds.size() != rate_exceeds.size())
    throw Error("wet periods", std::to_string(accumulation_exceeds.size()) + " periods of accumulation, " + std::to_string(rate_exceeds.size()) + " of rate",
                "give both for every period");
  parallel_for(share.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < share.nx; ++i) {
        int wet = 0;
        bool known = true;
        for (std::size_t k = 0; k < accumulation_exceeds.size(); ++k) {
          const float a = accumulation_exceeds[k](j, i), r = rate_exceeds[k](j, i);
          known = known && !std::isnan(a) && !std::isnan(r);
          wet += a != 0 && r != 0 ? 1 : 0;
        }
        const double part = static_cast<double>(wet) / static_cast<double>(accumulation_exceeds.size());
        share(j, i) = known ? static_cast<float>(part) : std::numeric_limits<float>::quiet_NaN();
      }
    }
  });
}

}  // namespace guyu
