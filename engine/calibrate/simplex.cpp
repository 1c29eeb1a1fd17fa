#include "engine/calibrate/simplex.h"

#include <algorithm>
#include <numeric>

namespace guyu {

std::vector<double> simplex_minimum(const std::function<double(const std::vector<double>&)>& f, std::vector<double> start, const std::vector<double>& step,
                                    int evaluations, double tolerance) {
  const std::size_t n = start.size();
  std::vector<std::vector<double>> points(n + 1, start);
  for (std::size_t k = 0; k < n; ++k) points[k + 1][k] += step[k];
  std::vector<double> values;
  for (const auto& p : points) values.push_back(f(p));
  int used = static_cast<int>(n) + 1;
  while (used < evaluations) {
    std::vector<std::size_t> order(n + 1);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    const std::size_t best = order.front(), worst = order.back(), second = order[n - 1];
    if (values[worst] - values[best] < tolerance) break;
    std::vector<double> centre(n, 0.0);
    for (std::size_t p = 0; p <= n; ++p)
      for (std::size_t k = 0; p != worst && k < n; ++k) centre[k] += points[p][k] / static_cast<double>(n);
    const auto along = [&](double t) {
      std::vector<double> x(n);
      for (std::size_t k = 0; k < n; ++k) x[k] = centre[k] + t * (points[worst][k] - centre[k]);
      return x;
    };
    const auto put = [&](std::vector<double> x, double v) { points[worst] = std::move(x), values[worst] = v; };
    std::vector<double> reflected = along(-1);
    const double r = f(reflected);
    ++used;
    if (r < values[best]) {
      std::vector<double> expanded = along(-2);
      const double e = f(expanded);
      ++used;
      if (e < r) put(std::move(expanded), e);
      else put(std::move(reflected), r);
      continue;
    }
    if (r < values[second]) {
      put(std::move(reflected), r);
      continue;
    }
    std::vector<double> contracted = along(r < values[worst] ? -0.5 : 0.5);
    const double c = f(contracted);
    ++used;
    if (c < std::min(r, values[worst])) {
      put(std::move(contracted), c);
      continue;
    }
    for (std::size_t p = 0; p <= n; ++p) {
      if (p == best) continue;
      for (std::size_t k = 0; k < n; ++k) points[p][k] = points[best][k] + 0.5 * (points[p][k] - points[best][k]);
      values[p] = f(points[p]);
      ++used;
    }
  }
  return points[static_cast<std::size_t>(std::min_element(values.begin(), values.end()) - values.begin())];
}

}  // namespace guyu
