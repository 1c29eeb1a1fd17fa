#include <algorithm>
#include <array>
#include <cmath>

#include "engine/hydrology/soil_store.h"
#include "engine/region/attribute_values.h"
#include "hpc/parallel/parallel_for.h"
#include "models/models.h"
#include "models/rain_steps.h"

namespace guyu {
namespace {

constexpr std::array<int, 3> kHours{1, 3, 6};
constexpr Seconds kLongest{6 * 3600}, kHistory{24 * 3600};
constexpr std::size_t kBlock = 128;
constexpr const char* kSoilWater = "soil_water";

// Where each duration that ends with a step begins; the same for all regions and futures.
struct WindowStarts {
  std::array<StepPlace, kHours.size()> place;
};

struct Ground {
  SoilStore store;
  std::array<double, kHours.size()> runoff_mm{};  // that floods; NaN: that duration is not judged
  bool known = false;
};

class FlashFlood final : public SeriesModel {
 public:
  FlashFlood() {
    info_.name = "flash_flood";
    info_.title = "Flash flood: rain against flash-flood guidance";
    info_.source =
        "Guidance: Carpenter and others (1999), J. Hydrology 224; runoff: Michel, Andreassian and Perrin (2005), Water Resources Research 41, W02011";
    info_.inputs = {{"precipitation_amount", "mean", kHistory}, {"curve_number", "", Seconds{0}}};
    for (const int h : kHours) info_.optional.push_back({"threshold_runoff_" + std::to_string(h) + "h", "", Seconds{0}});
    info_.params = {
        {"abstraction", ParamType::number, "Initial loss as a share of the retention (USDA NEH 630; 0.05: Hawkins and others 2009)", "0.2", "", 0, 0.5},
        {"daily_recession", ParamType::number, "Share of the soil's water that is left after a dry day (0.85 to 0.98: Kohler and Linsley 1951)", "0.9", "", 0.5,
         0.99},
        {"unknown_wetness", ParamType::number,
         "What ground that nothing is known of has, as a share of what dry ground takes before it sheds any; 1: whatever falls runs off in part", "1", "", 0,
         1},
    };
    info_.quantity = "flash_flood_ratio";
    info_.statistic = "max";  // the worst duration; what is known of it in part is a lower bound
    info_.state = {kSoilWater};
    info_.driver = "precipitation_amount";
    info_.pack = "flash_flood";
  }
  const ModelInfo& info() const override { return info_; }
  Result compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const override;

 private:
  ModelInfo info_;
};

std::vector<Ground> ground_of(const HazardInputs& inputs, double abstraction) {
  std::vector<Ground> ground(inputs.regions);
  const std::vector<float> cn = values_in(inputs.find_attribute("curve_number"), "1");
  std::array<std::vector<float>, kHours.size()> runoff{};
  for (std::size_t d = 0; d < kHours.size(); ++d) runoff[d] = values_in(inputs.find_attribute("threshold_runoff_" + std::to_string(kHours[d]) + "h"), "mm");
  for (std::size_t r = 0; r < ground.size() && !cn.empty(); ++r) {
    Ground& g = ground[r];
    const double number = static_cast<double>(cn[r]);
    if (!(number > 0) || number > 100) continue;
    g.store = soil_store(number, abstraction);
    for (std::size_t d = 0; d < kHours.size(); ++d) {
      g.runoff_mm[d] = runoff[d].empty() ? std::nan("") : static_cast<double>(runoff[d][r]);
      if (!(g.runoff_mm[d] > 0)) g.runoff_mm[d] = std::nan("");
      g.known = g.known || !std::isnan(g.runoff_mm[d]);
    }
  }
  return ground;
}

// One block of regions in one future: water and rain at the ends of steps.
struct FlashFloodColumns {
  std::vector<double> water, rain;  // (steps + 1) x block; water NaN: this future has lost its rain
  explicit FlashFloodColumns(std::size_t steps) : water((steps + 1) * kBlock), rain((steps + 1) * kBlock) {}
  double at(const std::vector<double>& v, const StepPlace& p, std::size_t k) const {
    const double a = v[p.step * kBlock + k];
    return p.part > 0 ? a + p.part * (v[(p.step + 1) * kBlock + k] - a) : a;
  }
};

struct StepFactors {
  double per_second;          // logarithm of the recession
  std::vector<double> whole;  // of each whole step
};

FlashFlood::Result FlashFlood::compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const {
  Result out;
  out.series = {*find_quantity(info_.quantity), info_.statistic, TimeKind::maximum, {}, {}, {}};
  const HazardSeries* rain = inputs.find_series("precipitation_amount", "mean");
  const auto remembered = before.values.find(kSoilWater);
  const bool remembers = remembered != before.values.end() && remembered->second.size() == inputs.regions && before.at <= inputs.issue - kLongest;
  out.state = before;
  if (!rain || rain->pieces.empty()) return out;
  out.series.observed_to = rain->observed_to, out.series.horizon = rain->horizon;
  const TimePoint from = remembers ? before.at : std::max(rain->pieces.front().interval.begin, inputs.issue - kHistory);
  const TimePoint keep = std::max(from, std::min(inputs.issue, rain->observed_to.value_or(inputs.issue)) - kLongest);
  const RainSteps steps(*rain, from, keep);
  if (steps.size() == 0) return out;

  const std::vector<Ground> ground = ground_of(inputs, params.at("abstraction"));
  StepFactors factors{std::log(params.at("daily_recession")) / 86400, {}};
  std::vector<WindowStarts> starts(steps.size());
  std::vector<std::size_t> place(steps.size(), 0);  // piece of the answer, one past
  std::size_t kept = 0;                             // state: at the end of this many steps
  for (std::size_t s = 0; s < steps.size(); ++s) {
    factors.whole.push_back(std::exp(factors.per_second * steps.seconds(s)));
    const TimePoint end = steps[s].time.end;
    if (end <= keep && s < steps.first_with_members()) kept = s + 1;
    for (std::size_t d = 0; d < kHours.size(); ++d) starts[s].place[d] = place_in(steps, end - std::chrono::hours(kHours[d]));
    if (end <= inputs.issue - kLongest || !steps[s].piece) continue;
    SeriesPiece p{steps[s].time, steps[s].piece->origin, std::vector<float>(inputs.regions, std::nanf("")), std::vector<float>(inputs.regions, 0.0F), {}};
    if (steps.has_members(s)) p.members.assign(inputs.members, std::vector<float>(inputs.regions, std::nanf("")));
    out.series.pieces.push_back(std::move(p));
    place[s] = out.series.pieces.size();
  }
  out.state.at = kept > 0 ? steps[kept - 1].time.end : from;
  std::vector<float>& keeps = out.state.values[kSoilWater];
  keeps.assign(inputs.regions, std::nanf(""));
  const double unknown = params.at("unknown_wetness");
  const bool any_members = steps.first_with_members() < steps.size();

  parallel_for(static_cast<std::int64_t>(inputs.regions), kBlock, [&](std::int64_t block_begin, std::int64_t block_end) {
    const auto begin = static_cast<std::size_t>(block_begin), n = static_cast<std::size_t>(block_end) - begin;
    FlashFloodColumns c(steps.size());
    std::vector<double> known_s((steps.size() + 1) * kBlock, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      const Ground& g = ground[begin + k];
      const double first = remembers ? static_cast<double>(remembered->second[begin + k]) : std::nan("");
      c.water[k] = !g.known ? std::nan("") : std::isnan(first) ? unknown * g.store.dry_level : std::clamp(first, 0.0, g.store.full());
      c.rain[k] = 0;
    }
    std::vector<float> seen(steps.size() * kBlock);
    std::vector<double> fallen(kBlock);
    for (std::size_t s = 0; s < steps.size(); ++s)
      for (std::size_t k = 0; k < n; ++k) {
        seen[s * kBlock + k] = steps.known(s, begin + k);
        known_s[(s + 1) * kBlock + k] = known_s[s * kBlock + k] + steps.seconds(s) * static_cast<double>(seen[s * kBlock + k]);
      }
    for (std::size_t member = 0; member < (any_members ? inputs.members : 1); ++member) {
      for (std::size_t s = member == 0 ? 0 : steps.first_with_members(); s < steps.size(); ++s) {
        const double* water = &c.water[s * kBlock];
        steps.amounts(s, member, begin, n, &seen[s * kBlock], fallen.data());
        for (std::size_t k = 0; k < n; ++k) {
          const Ground& g = ground[begin + k];
          const double amount = fallen[k], share = static_cast<double>(seen[s * kBlock + k]);
          double w = water[k];
          // What is known dries; what is not is taken to come near the wetness of ground that nothing is known of, as fast as the soil forgets.
          w *= share >= 1 ? factors.whole[s] : std::exp(factors.per_second * share * steps.seconds(s));
          if (share < 1) {
            const double level = unknown * g.store.dry_level;
            if (w < level) w = level + (w - level) * std::exp(factors.per_second * (1 - share) * steps.seconds(s));
          }
          if (std::isnan(amount)) w = amount;
          else if (amount > 0) soil_store_rain(g.store, w, amount);
          c.water[(s + 1) * kBlock + k] = w;
          c.rain[(s + 1) * kBlock + k] = c.rain[s * kBlock + k] + amount;
        }
        if (place[s] == 0) continue;
        SeriesPiece& piece = out.series.pieces[place[s] - 1];
        std::vector<float>& target = piece.members.empty() ? piece.values : piece.members[member];
        for (std::size_t k = 0; k < n; ++k) {
          const Ground& g = ground[begin + k];
          if (!g.known) continue;
          double worst = 0, covered = 1;
          for (std::size_t d = 0; d < kHours.size(); ++d) {
            if (std::isnan(g.runoff_mm[d])) continue;
            const StepPlace& p = starts[s].place[d];
            const double fell = c.rain[(s + 1) * kBlock + k] - c.at(c.rain, p, k);
            covered = std::min(covered, (known_s[(s + 1) * kBlock + k] - c.at(known_s, p, k)) / (3600.0 * kHours[d]));
            if (fell == 0) continue;
            // No less than what the ground takes before any runs off, and the runoff, is critical: most durations need no more than that.
            const double water_before = c.at(c.water, p, k);
            if (fell <= worst * (std::max(0.0, g.store.dry_level - water_before) + g.runoff_mm[d])) continue;
            const double ratio = fell / soil_store_critical_rain(g.store, water_before, g.runoff_mm[d]);
            if (!(ratio <= worst)) worst = ratio;  // also a lost future
            if (std::isnan(worst)) break;
          }
          target[begin + k] = std::isnan(worst) ? std::nanf("") : static_cast<float>(std::clamp(worst, 0.0, 1000.0));
          if (member == 0) piece.coverage[begin + k] = static_cast<float>(std::clamp(covered, 0.0, 1.0));
        }
      }
      if (member == 0)
        for (std::size_t k = 0; k < n; ++k) keeps[begin + k] = static_cast<float>(c.water[kept * kBlock + k]);
    }
  });
  for (SeriesPiece& p : out.series.pieces)
    if (!p.members.empty()) set_mean_of_members(p);
  blank_unknown(out.series);
  return out;
}

}  // namespace

const SeriesModel& flash_flood_model() {
  static const FlashFlood model;
  return model;
}

}  // namespace guyu
