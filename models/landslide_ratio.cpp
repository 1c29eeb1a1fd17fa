// Rain against the intensity and duration that have set off shallow landslides (models/landslide_threshold.h), hour by hour.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "engine/region/attribute_values.h"
#include "hpc/parallel/parallel_for.h"
#include "models/landslide_threshold.h"
#include "models/models.h"
#include "models/rules/series_axis.h"

namespace guyu {
namespace {

constexpr float kNoRatio = std::numeric_limits<float>::quiet_NaN();
constexpr Seconds kHourLong{3600}, kDayLong{86400};
constexpr int kHoursTold = 3;        // before the issue time, so that rules see what has been reached
constexpr std::size_t kBlock = 256;  // regions whose hours are in the cache together
constexpr int kAntecedentDays = 10, kMostDays = 40;
constexpr double kKnownDay = 0.8;  // of a day's rain, by time and area

// What pieces of rain say of a stretch of time.
struct RainPart {
  const SeriesPiece* piece;
  float share;  // of the piece's time
  float part;   // of the stretch
};
std::vector<RainPart> parts_of(const SeriesAxis& rain, const Interval& stretch) {
  std::vector<RainPart> out;
  const auto [first, end] = rain.over(stretch);
  for (std::size_t k = first; k < end; ++k) {
    const Interval& span = rain.span(k);
    const auto inside = static_cast<double>((std::min(span.end, stretch.end) - std::max(span.begin, stretch.begin)).count());
    out.push_back({&rain.piece(k), static_cast<float>(inside / static_cast<double>(span.length().count())),
                   static_cast<float>(inside / static_cast<double>(stretch.length().count()))});
  }
  return out;
}

class LandslideRatioModel final : public SeriesModel {
 public:
  const ModelInfo& info() const override {
    static const ModelInfo info{
        "landslide_ratio",
        "Rain against the threshold of shallow landslides and debris flows",
        "Caine (1980), Geografiska Annaler 62A, 23-27",
        {{"precipitation_amount", "mean", Seconds(76 * 3600)}},
        {{"landslide_susceptibility", "", {}}, {"landslide_wetness", "", {}}},
        {{"longest", ParamType::duration, "Longest duration of rain that is held against the threshold, in whole hours; so much observed rain is needed",
          "48 h", "", 3600, 240 * 3600},
         {"factor", ParamType::number, "Mean intensity over one hour at the threshold, mm/h (Caine 1980)", "14.82", "", 0.01, 1000},
         {"exponent", ParamType::number, "Of the duration in hours (Caine 1980)", "-0.39", "", -0.99, 0},
         {"dry_factor", ParamType::number, "Times the threshold on dry ground; to be calibrated, no published number", "1", "", 0.1, 10},
         {"wet_factor", ParamType::number, "Times the threshold on full ground, and where the wetness is not known", "1", "", 0.1, 10},
         {"full_rain", ParamType::number, "Antecedent rain that makes the ground full, mm", "100", "", 1, 2000},
         {"decay", ParamType::number, "Of the antecedent rain from day to day (Crozier and Eyles 1980; Glade and others 2000)", "0.84", "", 0, 0.999}},
        "landslide_ratio",
        "max",  // over durations: the ratio of the rain that is known is a lower bound, as a maximum over a part of an area is
        {"antecedent_rain", "antecedent_days"},
        "precipitation_amount",
        false,
        "landslide_caine"};
    return info;
  }
  std::vector<InputNeed> needs(const ModelParams& params) const override {
    return {{"precipitation_amount", "mean", Seconds(std::llround(params.at("longest"))) + kHoursTold * kHourLong + kDayLong}};
  }
  Result compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const override;
};

// Rain of the days before, decaying; days: how many of them in a row are known.
struct Antecedent {
  TimePoint at{};  // local midnight
  std::vector<float> rain, days;
};

Antecedent antecedent_rain(const HazardInputs& in, const HazardSeries& rain, const ModelParams& params, const ModelState& before) {
  Antecedent out{std::chrono::floor<std::chrono::days>(in.issue + in.utc_offset) - in.utc_offset, {}, {}};
  const auto a = before.values.find("antecedent_rain"), d = before.values.find("antecedent_days");
  const bool there = a != before.values.end() && d != before.values.end() && a->second.size() == in.regions && d->second.size() == in.regions;
  const bool goes_on = there && before.at <= out.at && out.at - before.at <= kMostDays * kDayLong && (out.at - before.at) % kDayLong == Seconds(0);
  TimePoint t = out.at - kDayLong * (Seconds(std::llround(params.at("longest"))) / kDayLong);
  if (goes_on) out.rain = a->second, out.days = d->second, t = before.at;
  else out.rain.assign(in.regions, 0.0F), out.days.assign(in.regions, 0.0F);
  const auto decay = static_cast<float>(params.at("decay"));
  const SeriesAxis axis(rain, {t, out.at});
  for (; t < out.at; t += kDayLong) {
    const std::vector<RainPart> parts = parts_of(axis, {t, t + kDayLong});
    for (std::size_t r = 0; r < in.regions; ++r) {
      float mm = 0, known = 0;
      for (const RainPart& p : parts)
        if (const float v = p.piece->values[r]; !std::isnan(v)) mm += p.share * v, known += p.part * p.piece->coverage[r];
      const bool is_known = double{known} >= kKnownDay - 1e-6;
      out.rain[r] = is_known ? decay * out.rain[r] + mm : 0.0F;
      out.days[r] = is_known ? std::min(out.days[r] + 1, 1000.0F) : 0.0F;
    }
  }
  return out;
}

SeriesModel::Result LandslideRatioModel::compute(const HazardInputs& in, const ModelParams& params, const ModelState& before) const {
  Result result{{*find_quantity(info().quantity), info().statistic, TimeKind::maximum, {}, {}, in.issue}, {}, {}};
  const HazardSeries* rain = in.find_series("precipitation_amount", "mean");
  if (!rain) return result;
  const TimePoint known_to = std::max(in.issue, rain->horizon.value_or(in.horizon));
  const int longest = std::max(1, static_cast<int>(std::llround(params.at("longest")) / 3600)), ahead = static_cast<int>((known_to - in.issue) / kHourLong);
  // Hour h ends h hours after the issue time; bin 0 is the oldest that is looked at.
  const int oldest = 2 - kHoursTold - longest, told = kHoursTold + ahead;
  const SeriesAxis axis(*rain, {in.issue + kHourLong * (oldest - 1), in.issue + kHourLong * ahead});
  const auto hour = [&](int h) { return Interval{in.issue + kHourLong * (h - 1), in.issue + kHourLong * h}; };
  std::vector<std::vector<RainPart>> bins;
  for (int h = oldest; h <= ahead; ++h) bins.push_back(parts_of(axis, hour(h)));
  const auto parts_with_members = [](const std::vector<RainPart>& parts) {
    return std::any_of(parts.begin(), parts.end(), [](const RainPart& p) { return !p.piece->members.empty(); });
  };
  std::size_t first_parted = 0;  // bin from which members differ
  while (first_parted < bins.size() && (in.members == 1 || !parts_with_members(bins[first_parted]))) ++first_parted;

  auto& pieces = result.series.pieces;
  for (int k = 0; k < told; ++k) {
    SeriesPiece& p = pieces.emplace_back();
    const int h = 1 - kHoursTold + k;
    p.interval = hour(h), p.origin = h <= 0 ? Origin::observed : Origin::forecast;
    p.values.assign(in.regions, kNoRatio), p.coverage.assign(in.regions, 0.0F);
    if (static_cast<std::size_t>(h - oldest) >= first_parted) p.members.assign(in.members, std::vector<float>(in.regions, kNoRatio));
  }
  result.series.horizon = in.issue + kHourLong * ahead;
  result.series.observed_to = rain->observed_to;

  std::vector<float> per_mm(static_cast<std::size_t>(longest) + 1);  // 1 / the rain of the threshold over n hours
  for (int n = 1; n <= longest; ++n)
    per_mm[static_cast<std::size_t>(n)] = static_cast<float>(1 / (params.at("factor") * std::pow(n, 1 + params.at("exponent"))));

  const Antecedent ground = antecedent_rain(in, *rain, params, before);
  result.state.at = ground.at;
  result.state.values = {{"antecedent_rain", ground.rain}, {"antecedent_days", ground.days}};
  const LandslideWetness wetness{params.at("dry_factor"), params.at("wet_factor")};
  const std::vector<float> susceptible = values_in(in.find_attribute("landslide_susceptibility"), "1"),
                           wet = values_in(in.find_attribute("landslide_wetness"), "1");
  const auto weight_of = [&](std::size_t r) {
    double full = ground.days[r] >= kAntecedentDays ? double{ground.rain[r]} / params.at("full_rain") : std::nan("");
    if (!wet.empty() && !std::isnan(wet[r])) full = double{wet[r]};
    const double slope = !susceptible.empty() && !std::isnan(susceptible[r]) ? double{susceptible[r]} : 1;
    return static_cast<float>(slope / wetness.factor(full));
  };

  parallel_for(static_cast<std::int64_t>(in.regions), kBlock, [&](std::int64_t begin, std::int64_t end) {
    const auto b = static_cast<std::size_t>(begin), n = static_cast<std::size_t>(end - begin);
    const auto at = [&](std::vector<float>& v, std::size_t bin) { return v.data() + bin * kBlock; };
    std::vector<float> mm(bins.size() * kBlock), known(bins.size() * kBlock), weight(kBlock), sum(kBlock), seen(kBlock), ratio(kBlock), cover(kBlock);
    for (std::size_t k = 0; k < n; ++k) weight[k] = weight_of(b + k);
    // A member that was lost is NaN; rain that nobody knows counts as none and lowers the known share.
    const auto load = [&](std::size_t bin, const auto& of) {
      float *rain_of_bin = at(mm, bin), *known_of_bin = at(known, bin);
      std::fill_n(rain_of_bin, n, 0.0F), std::fill_n(known_of_bin, n, 0.0F);
      for (const RainPart& p : bins[bin]) {
        const std::vector<float>&values = p.piece->values, &mine = of(*p.piece);
        for (std::size_t k = 0; k < n; ++k) {
          if (std::isnan(values[b + k])) continue;
          rain_of_bin[k] += p.share * mine[b + k], known_of_bin[k] += p.part * p.piece->coverage[b + k];
        }
      }
    };
    // Of the hours up to `bin`: the largest ratio, and the smallest known share of any window.
    const auto reckon_ratio = [&](std::size_t bin) {
      float *total = sum.data(), *largest = ratio.data();
      std::fill_n(total, n, 0.0F), std::fill_n(largest, n, 0.0F);
      for (std::size_t hours = 1; hours < per_mm.size(); ++hours) {
        const float* rain_of_bin = at(mm, bin + 1 - hours);
        const float scale = per_mm[hours];
        for (std::size_t k = 0; k < n; ++k) {
          total[k] += rain_of_bin[k];
          const float r = total[k] * scale;
          largest[k] = r > largest[k] ? r : largest[k];
        }
      }
    };
    const auto reckon_cover = [&](std::size_t bin) {
      std::fill_n(seen.data(), n, 0.0F), std::fill_n(cover.data(), n, 1.0F);
      for (std::size_t hours = 1; hours < per_mm.size(); ++hours) {
        const float* known_of_bin = at(known, bin + 1 - hours);
        const auto length = static_cast<float>(hours);
        for (std::size_t k = 0; k < n; ++k) {
          seen[k] += known_of_bin[k];
          const float c = seen[k] / length;
          cover[k] = c < cover[k] ? c : cover[k];
        }
      }
    };
    const auto value = [&](std::size_t k) { return std::isnan(sum[k]) ? kNoRatio : weight[k] * ratio[k]; };
    const auto bin_of = [&](std::size_t piece) { return piece + static_cast<std::size_t>(longest) - 1; };
    for (std::size_t bin = 0; bin < bins.size(); ++bin) load(bin, [](const SeriesPiece& p) -> const std::vector<float>& { return p.values; });
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      reckon_ratio(bin_of(p)), reckon_cover(bin_of(p));
      for (std::size_t k = 0; k < n; ++k)
        if (seen[k] > 0 && !std::isnan(value(k))) pieces[p].values[b + k] = value(k), pieces[p].coverage[b + k] = cover[k];
    }
    for (std::size_t m = 0; m < in.members && first_parted < bins.size(); ++m) {
      for (std::size_t bin = first_parted; bin < bins.size(); ++bin) load(bin, [m](const SeriesPiece& p) -> const std::vector<float>& { return p.of(m); });
      for (std::size_t p = 0; p < pieces.size(); ++p) {
        if (pieces[p].members.empty()) continue;
        reckon_ratio(bin_of(p));
        for (std::size_t k = 0; k < n; ++k)
          if (!std::isnan(pieces[p].values[b + k])) pieces[p].members[m][b + k] = value(k);
      }
    }
    // The mean of the members' ratios, not the ratio of their mean rain.
    for (SeriesPiece& p : pieces) {
      if (p.members.empty()) continue;
      for (std::size_t k = 0; k < n; ++k) {
        double total = 0;
        std::size_t there = 0;
        for (const auto& member : p.members)
          if (!std::isnan(member[b + k])) total += double{member[b + k]}, ++there;
        p.values[b + k] = there > 0 ? static_cast<float>(total / static_cast<double>(there)) : kNoRatio;
      }
    }
  });
  return result;
}

}  // namespace

const SeriesModel& landslide_ratio_model() {
  static const LandslideRatioModel model;
  return model;
}

}  // namespace guyu
