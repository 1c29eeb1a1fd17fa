#include "engine/blend/forecast_blend.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/blend/blend_weights.h"
#include "engine/core/error.h"
#include "engine/nowcast/rain_scale.h"

namespace guyu {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Moments {
  double mean_a = 0, mean_b = 0, var_a = 0, var_b = 0, correlation = 0;
};

Moments moments(const Plane& a, const Plane& b) {
  Moments m;
  const auto n = static_cast<double>(a.values.size());
  double saa = 0, sbb = 0, sab = 0;
  for (std::size_t k = 0; k < a.values.size(); ++k) m.mean_a += static_cast<double>(a.values[k]), m.mean_b += static_cast<double>(b.values[k]);
  m.mean_a /= n, m.mean_b /= n;
  for (std::size_t k = 0; k < a.values.size(); ++k) {
    const double x = static_cast<double>(a.values[k]) - m.mean_a, y = static_cast<double>(b.values[k]) - m.mean_b;
    saa += x * x, sbb += y * y, sab += x * y;
  }
  m.var_a = saa / n, m.var_b = sbb / n;
  const double scale = std::sqrt(saa * sbb);
  m.correlation = scale > 0 ? sab / scale : 0;
  return m;
}

constexpr int kBins = 4096;

// A distribution of rates, counted: dry, then bins of a quarter of a per cent.
class RateCounts {
 public:
  RateCounts() : count_(kBins, 0) {}
  void add(float rate) {
    ++count_[bin_of(rate)];
    ++all_;
  }
  // The q-quantile; calls with rising q walk the bins once.
  float quantile(double q) {
    const double wanted = q * static_cast<double>(all_);
    while (at_ + 1 < count_.size() && static_cast<double>(below_ + count_[at_]) < wanted) below_ += count_[at_++];
    if (at_ == 0 || all_ == 0) return 0;
    const double part = count_[at_] > 0 ? std::clamp((wanted - static_cast<double>(below_)) / static_cast<double>(count_[at_]), 0.0, 1.0) : 0.5;
    return static_cast<float>(std::pow(10.0, kLow + (static_cast<double>(at_ - 1) + part) / kPerDecade));
  }

 private:
  static constexpr double kLow = -1, kHigh = 2.7;  // log10 of kLeastRain and a little more than kMostRain
  static constexpr double kPerDecade = (kBins - 1) / (kHigh - kLow);
  static std::size_t bin_of(float rate) {
    if (!(rate >= kLeastRain)) return 0;
    return 1 + static_cast<std::size_t>(std::clamp((std::log10(static_cast<double>(rate)) - kLow) * kPerDecade, 0.0, kBins - 2.0));
  }
  std::vector<std::int64_t> count_;
  std::int64_t all_ = 0, below_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

ForecastBlend::ForecastBlend(BlendForecast forecast, std::vector<Decorrelation> memory, TimePoint start, Seconds step, std::int64_t ny, std::int64_t nx)
    : forecast_(std::move(forecast)), memory_(std::move(memory)), start_(start), step_(step), out_(ny, nx) {
  for (const auto& member : forecast_.members) {
    std::vector<Prepared>& list = prepared_.emplace_back();
    for (const ForecastRate& r : member) {
      if (r.rate.ny != ny || r.rate.nx != nx) throw Error("blend", "the forecast stands on another grid than the nowcast");
      list.push_back({&r, {}});
    }
  }
}

const ForecastBlend::Prepared* ForecastBlend::prepared(int member, TimePoint at) {
  if (prepared_.empty()) return nullptr;
  for (Prepared& p : prepared_[static_cast<std::size_t>(member) % prepared_.size()]) {
    if (at <= p.source->valid.begin || at > p.source->valid.end) continue;
    if (p.pyramid.levels.empty()) p.pyramid = decompose(fill_missing(to_decibel(p.source->rate.view()).view(), kDryDecibel), static_cast<int>(memory_.size()));
    return &p;
  }
  return nullptr;
}

FieldView<const float> ForecastBlend::operator()(int member, int step, FieldView<const float> rate) {
  const Seconds lead = step_ * step;
  const Prepared* forecast = prepared(member, start_ + lead);
  if (part_.size() < static_cast<std::size_t>(step)) part_.resize(static_cast<std::size_t>(step), 0.0);
  if (!forecast) return rate;

  ScalePyramid mine = decompose(fill_missing(to_decibel(rate).view(), kDryDecibel), static_cast<int>(memory_.size()));
  double of_forecast = 0, of_all = 0;
  for (std::size_t l = 0; l < mine.levels.size(); ++l) {
    const Moments m = moments(mine.levels[l], forecast->pyramid.levels[l]);
    const double skill = l < forecast_.skill.correlation.size() ? static_cast<double>(forecast_.skill.correlation[l]) : 0.0;
    const BlendWeights w = blend_weights(memory_[l].at(static_cast<double>(lead.count())), skill, m.correlation);
    // Each field in units of its own spread; the result has the spread that the one with more to say has. A forecast without structures at this
    // scale (its grid is too coarse) has nothing to give, whatever its skill.
    const double sa = std::sqrt(m.var_a), sb = std::sqrt(m.var_b);
    const bool flat = sb < 0.05 * sa;
    const double f = flat ? 0.0 : static_cast<double>(w.forecast), a = flat ? 1.0 : static_cast<double>(w.member);
    const double part = f * f / std::max(f * f + a * a, 1e-12);
    const double spread = std::sqrt((1 - part) * m.var_a + part * m.var_b);
    const double mean = (1 - part) * m.mean_a + part * m.mean_b;
    const double ka = sa > 0 ? a * spread / sa : 0, kb = sb > 0 ? f * spread / sb : 0;
    std::vector<float>& x = mine.levels[l].values;
    const std::vector<float>& y = forecast->pyramid.levels[l].values;
    for (std::size_t k = 0; k < x.size(); ++k)
      x[k] = static_cast<float>(mean + ka * (static_cast<double>(x[k]) - m.mean_a) + kb * (static_cast<double>(y[k]) - m.mean_b));
    of_forecast += part * spread * spread;
    of_all += spread * spread;
  }
  const double part = of_all > 0 ? of_forecast / of_all : 0;
  part_[static_cast<std::size_t>(step) - 1] = part;
  Plane whole = recompose(mine);
  std::swap(out_, whole);
  match_rates(rate, *forecast, part);
  const Plane& out = out_;
  return out.view();
}

// Ranks of the blended decibels take the rates that lie between those of member and forecast at the same rank, of the cells that both know: what falls where
// only one of them sees says nothing of here.
void ForecastBlend::match_rates(FieldView<const float> member, const Prepared& forecast, double part) {
  RateCounts own, other;
  constexpr float kLow = -40, kHigh = 70;  // dB
  const auto bin_of = [](float z) { return static_cast<std::size_t>(std::clamp((z - kLow) * (kBins / (kHigh - kLow)), 0.0F, kBins - 1.0F)); };
  std::vector<std::int64_t> count(kBins, 0);
  for (std::int64_t j = 0; j < out_.ny; ++j) {
    for (std::int64_t i = 0; i < out_.nx; ++i) {
      const bool mine = !std::isnan(member(j, i)), theirs = !std::isnan(forecast.source->rate.row(j)[i]);
      if (!mine && !theirs) out_.row(j)[i] = kNaN;
      else if (!mine || !theirs) continue;
      else {
        ++count[bin_of(out_.row(j)[i])];
        own.add(member(j, i));
        other.add(forecast.source->rate.row(j)[i]);
      }
    }
  }
  std::int64_t all = 0;
  for (const std::int64_t c : count) all += c;
  std::vector<float> rate(kBins, 0.0F);
  std::int64_t below = 0;
  for (std::size_t b = 0; b < kBins && all > 0; ++b) {
    const double q = (static_cast<double>(below) + 0.5 * static_cast<double>(count[b])) / static_cast<double>(all);
    below += count[b];
    const float r = static_cast<float>((1 - part) * static_cast<double>(own.quantile(q)) + part * static_cast<double>(other.quantile(q)));
    rate[b] = r < kLeastRain ? 0.0F : std::min(r, kMostRain);
  }
  for (std::int64_t j = 0; j < out_.ny; ++j) {
    for (std::int64_t i = 0; i < out_.nx; ++i) {
      float& z = out_.row(j)[i];
      if (std::isnan(z)) continue;
      const float mine = member(j, i), theirs = forecast.source->rate.row(j)[i];
      // Beyond the radars' view, or the forecast's edge, one of the two speaks alone.
      z = std::isnan(mine) ? theirs : std::isnan(theirs) ? mine : rate[bin_of(z)];
    }
  }
}

double ForecastBlend::forecast_part(int step) const {
  const auto k = static_cast<std::size_t>(step) - 1;
  return k < part_.size() ? part_[k] : 0;
}

}  // namespace guyu
