#include "engine/convection/downdraft_gust.h"

#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

double downdraft_gust_m_s(double liquid, double top) {
  if (std::isnan(liquid) || std::isnan(top)) return std::numeric_limits<double>::quiet_NaN();
  if (top <= 0) return 0;
  const double squared = 20.628571 * liquid - 3.125e-6 * top * top;
  return squared > 0 ? std::sqrt(squared) : 0;
}

void downdraft_gust(FieldView<const float> liquid, FieldView<const float> top, FieldView<float> out) {
  if (liquid.ny != out.ny || liquid.nx != out.nx || top.ny != out.ny || top.nx != out.nx) throw Error("gusts", "liquid and echo tops differ in shape");
  parallel_for(out.ny, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) out(j, i) = static_cast<float>(downdraft_gust_m_s(double{liquid(j, i)}, double{top(j, i)}));
    }
  });
}

}  // namespace guyu
