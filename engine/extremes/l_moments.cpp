#include "engine/extremes/l_moments.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/core/error.h"

namespace guyu {

LMoments l_moments(std::span<const double> values) {
  std::vector<double> x;
  for (const double v : values)
    if (!std::isnan(v)) x.push_back(v);
  if (x.size() < 4) throw Error("L-moments", std::to_string(x.size()) + " values are too few", "give at least four, better thirty");
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double b0 = 0, b1 = 0, b2 = 0, b3 = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const auto j = static_cast<double>(k);  // values below this one
    const double w1 = j / (n - 1), w2 = w1 * (j - 1) / (n - 2), w3 = w2 * (j - 2) / (n - 3);
    b0 += x[k] / n, b1 += w1 * x[k] / n, b2 += w2 * x[k] / n, b3 += w3 * x[k] / n;
  }
  LMoments m;
  m.mean = b0;
  m.scale = 2 * b1 - b0;
  if (m.scale > 1e-12 * std::abs(m.mean)) {  // more than rounding
    m.skewness = (6 * b2 - 6 * b1 + b0) / m.scale;
    m.kurtosis = (20 * b3 - 30 * b2 + 12 * b1 - b0) / m.scale;
  }
  return m;
}

}  // namespace guyu
