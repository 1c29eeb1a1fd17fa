#include "engine/verify/agreement.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/verify/chunked_sum.h"

namespace guyu {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

// Two passes over each chunk, which is still in cache at the second.
template <typename Takes>
void AgreementSums::add_if(std::span<const float> forecast, std::span<const float> truth, const Takes& takes) {
  assert(forecast.size() == truth.size());
  *this += sum_in_chunks<AgreementSums>(std::ssize(forecast), kScoreChunk, [&](std::int64_t begin, std::int64_t end) {
    AgreementSums s;
    const auto each = [&](auto&& visit) {
      for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
        if (!std::isnan(forecast[k]) && takes(truth[k])) visit(double{forecast[k]}, double{truth[k]});
    };
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
      s.unjudged_ += std::isnan(truth[k]) || (std::isnan(forecast[k]) && takes(truth[k])) ? 1 : 0;
    each([&](double f, double t) {
      ++s.pairs_;
      s.mean_forecast_ += f, s.mean_truth_ += t;
      s.absolute_ += std::abs(f - t), s.square_ += (f - t) * (f - t);
    });
    if (s.pairs_ == 0) return s;
    s.mean_forecast_ /= static_cast<double>(s.pairs_), s.mean_truth_ /= static_cast<double>(s.pairs_);
    each([&](double f, double t) {
      const double df = f - s.mean_forecast_, dt = t - s.mean_truth_;
      s.ff_ += df * df, s.tt_ += dt * dt, s.ft_ += df * dt;
    });
    return s;
  });
}

void AgreementSums::add(std::span<const float> forecast, std::span<const float> truth) {
  add_if(forecast, truth, [](float t) { return !std::isnan(t); });
}

void AgreementSums::add_where_truth(std::span<const float> forecast, std::span<const float> truth, double least_truth) {
  const auto least = static_cast<float>(least_truth);
  add_if(forecast, truth, [least](float t) { return t >= least; });
}

AgreementSums& AgreementSums::operator+=(const AgreementSums& o) {
  unjudged_ += o.unjudged_;
  if (o.pairs_ == 0) return *this;
  const auto n = static_cast<double>(pairs_), m = static_cast<double>(o.pairs_);
  const double df = o.mean_forecast_ - mean_forecast_, dt = o.mean_truth_ - mean_truth_, shared = n * m / (n + m);
  ff_ += o.ff_ + df * df * shared, tt_ += o.tt_ + dt * dt * shared, ft_ += o.ft_ + df * dt * shared;
  mean_forecast_ += df * m / (n + m), mean_truth_ += dt * m / (n + m);
  absolute_ += o.absolute_, square_ += o.square_;
  pairs_ += o.pairs_;
  return *this;
}

Agreement AgreementSums::result() const {
  if (pairs_ == 0) return {0, kNone, kNone, kNone, kNone, kNone, kNone, kNone, unjudged_};
  const auto n = static_cast<double>(pairs_);
  Agreement a{pairs_, mean_forecast_, mean_truth_, mean_forecast_ - mean_truth_, absolute_ / n, kNone, std::sqrt(square_ / n), kNone, unjudged_};
  if (ff_ > 0 && tt_ > 0) a.correlation = ft_ / std::sqrt(ff_ * tt_);
  if (mean_truth_ != 0) a.multiplicative_bias = mean_forecast_ / mean_truth_;
  return a;
}

Agreement agreement(std::span<const float> forecast, std::span<const float> truth) {
  AgreementSums sums;
  sums.add(forecast, truth);
  return sums.result();
}

double median(std::span<const double> values) {
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return !std::isnan(v); });
  if (sorted.empty()) return kNone;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

}  // namespace guyu
