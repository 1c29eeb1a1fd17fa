#include <algorithm>
#include <cmath>

#include "engine/region/attribute_values.h"
#include "hpc/parallel/parallel_for.h"
#include "models/models.h"
#include "models/rain_steps.h"

namespace guyu {
namespace {

constexpr std::size_t kTowns = 128;  // a block
constexpr Seconds kPast{12 * 3600}, kMemory{6 * 3600};
constexpr const char* kPonded = "ponded_water";

class Waterlogging final : public SeriesModel {
 public:
  Waterlogging() {
    info_.name = "waterlogging";
    info_.title = "Waterlogging: rain against drainage capacity";
    info_.source = "Water balance of a store; runoff coefficients of GB 50014 (outdoor drainage)";
    info_.inputs = {{"precipitation_amount", "mean", kPast}, {"impervious_share", "", Seconds{0}}};
    info_.optional = {{"drainage_capacity", "", Seconds{0}}};
    info_.params = {
        {"sealed_runoff", ParamType::number, "Share of the rain on sealed ground that runs off (0.85 to 0.95: GB 50014)", "0.9", "", 0, 1},
        {"open_runoff", ParamType::number, "Share of the rain on open ground that runs off (parks 0.10 to 0.20: GB 50014; more when wet)", "0.2", "", 0, 1},
        {"drainage_capacity", ParamType::quantity, "Runoff that drains and pumps take, for townships without the attribute drainage_capacity", "30 mm/h",
         "mm h-1", 0, 500},
        {"collecting_ratio", ParamType::number, "Area that sheds its water towards a low place, over the area of the low place: a setting to be calibrated",
         "5", "", 1, 100},
    };
    info_.quantity = "waterlogging_depth";
    info_.statistic = "max";  // at the low places; what is known in part is a lower bound
    info_.state = {kPonded};
    info_.driver = "precipitation_amount";
    info_.pack = "waterlogging";
  }
  const ModelInfo& info() const override { return info_; }
  Result compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const override;

 private:
  ModelInfo info_;
};

struct Town {
  double runoff = 0, drained_mm_s = 0;
  bool known = false;
};

std::vector<Town> towns_of(const HazardInputs& inputs, const ModelParams& params) {
  const std::vector<float> sealed = values_in(inputs.find_attribute("impervious_share"), "1"),
                           drains = values_in(inputs.find_attribute("drainage_capacity"), "mm h-1");
  std::vector<Town> towns(inputs.regions);
  for (std::size_t r = 0; r < towns.size() && !sealed.empty(); ++r) {
    const double share = static_cast<double>(sealed[r]), own = drains.empty() ? std::nan("") : static_cast<double>(drains[r]);
    if (!(share >= 0) || share > 1) continue;
    towns[r] = {share * params.at("sealed_runoff") + (1 - share) * params.at("open_runoff"), (own >= 0 ? own : params.at("drainage_capacity")) / 3600, true};
  }
  return towns;
}

Waterlogging::Result Waterlogging::compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const {
  Result out;
  out.series = {*find_quantity(info_.quantity), info_.statistic, TimeKind::instant, {}, {}, {}};
  out.state = before;
  const HazardSeries* rain = inputs.find_series("precipitation_amount", "mean");
  if (!rain || rain->pieces.empty()) return out;
  out.series.observed_to = rain->observed_to, out.series.horizon = rain->horizon;
  const auto remembered = before.values.find(kPonded);
  const TimePoint keep = std::min(inputs.issue, rain->observed_to.value_or(inputs.issue));
  const bool remembers = remembered != before.values.end() && remembered->second.size() == inputs.regions && before.at <= keep;
  const TimePoint from = remembers ? before.at : std::max(rain->pieces.front().interval.begin, inputs.issue - kPast);
  const RainSteps steps(*rain, from, keep);
  if (steps.size() == 0) return out;
  const std::vector<Town> towns = towns_of(inputs, params);
  std::vector<std::size_t> place(steps.size(), 0);
  std::vector<StepPlace> memory;
  std::size_t kept = 0;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const TimePoint end = steps[s].time.end;
    memory.push_back(place_in(steps, end - kMemory));
    if (end <= keep && s < steps.first_with_members()) kept = s + 1;
    if (end <= inputs.issue - kMemory || !steps[s].piece) continue;
    SeriesPiece p{{end, end}, steps[s].piece->origin, std::vector<float>(inputs.regions, std::nanf("")), std::vector<float>(inputs.regions, 0.0F), {}};
    if (steps.has_members(s)) p.members.assign(inputs.members, std::vector<float>(inputs.regions, std::nanf("")));
    out.series.pieces.push_back(std::move(p));
    place[s] = out.series.pieces.size();
  }
  out.state.at = kept > 0 ? steps[kept - 1].time.end : from;
  std::vector<float>& keeps = out.state.values[kPonded];
  keeps.assign(inputs.regions, std::nanf(""));
  const double ratio = params.at("collecting_ratio");
  const bool any_members = steps.first_with_members() < steps.size();

  parallel_for(static_cast<std::int64_t>(inputs.regions), kTowns, [&](std::int64_t block_begin, std::int64_t block_end) {
    const auto begin = static_cast<std::size_t>(block_begin), n = static_cast<std::size_t>(block_end) - begin;
    std::vector<double> water((steps.size() + 1) * kTowns), known((steps.size() + 1) * kTowns, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      const double first = remembers ? static_cast<double>(remembered->second[begin + k]) : std::nan("");
      water[k] = !towns[begin + k].known ? std::nan("") : first > 0 ? first : 0;
      // What stood before an unremembered beginning is not known; what is remembered is.
      known[k] = std::isnan(first) ? 0 : static_cast<double>(kMemory.count());
    }
    std::vector<float> seen(steps.size() * kTowns);
    std::vector<double> fallen(kTowns);
    for (std::size_t s = 0; s < steps.size(); ++s)
      for (std::size_t k = 0; k < n; ++k) {
        seen[s * kTowns + k] = steps.known(s, begin + k);
        known[(s + 1) * kTowns + k] = known[s * kTowns + k] + steps.seconds(s) * static_cast<double>(seen[s * kTowns + k]);
      }
    for (std::size_t member = 0; member < (any_members ? inputs.members : 1); ++member) {
      for (std::size_t s = member == 0 ? 0 : steps.first_with_members(); s < steps.size(); ++s) {
        steps.amounts(s, member, begin, n, &seen[s * kTowns], fallen.data());
        for (std::size_t k = 0; k < n; ++k) {
          const Town& town = towns[begin + k];
          const double w = water[s * kTowns + k] + town.runoff * fallen[k] - town.drained_mm_s * steps.seconds(s);
          water[(s + 1) * kTowns + k] = std::isnan(w) ? w : std::max(0.0, w);
        }
        if (place[s] == 0) continue;
        SeriesPiece& piece = out.series.pieces[place[s] - 1];
        std::vector<float>& target = piece.members.empty() ? piece.values : piece.members[member];
        const StepPlace& p = memory[s];
        const TimePoint first = steps[s].time.end - kMemory;
        for (std::size_t k = 0; k < n; ++k) {
          const double w = water[(s + 1) * kTowns + k];
          if (!towns[begin + k].known) continue;
          target[begin + k] = std::isnan(w) ? std::nanf("") : static_cast<float>(std::min(10000.0, ratio * w));
          if (member > 0) continue;
          // Time before the first step counts as known when its water is remembered.
          const double a = known[p.step * kTowns + k], b = known[std::min(p.step + 1, steps.size()) * kTowns + k];
          const double there = first < from ? known[k] * std::min(1.0, static_cast<double>((from - first).count()) / static_cast<double>(kMemory.count())) +
                                                  (known[(s + 1) * kTowns + k] - known[k])
                                            : known[(s + 1) * kTowns + k] - (a + p.part * (b - a));
          piece.coverage[begin + k] = static_cast<float>(std::clamp(there / static_cast<double>(kMemory.count()), 0.0, 1.0));
        }
      }
      if (member == 0)
        for (std::size_t k = 0; k < n; ++k) keeps[begin + k] = static_cast<float>(water[kept * kTowns + k]);
    }
  });
  for (SeriesPiece& p : out.series.pieces)
    if (!p.members.empty()) set_mean_of_members(p);
  blank_unknown(out.series);
  return out;
}

}  // namespace

const SeriesModel& waterlogging_model() {
  static const Waterlogging model;
  return model;
}

}  // namespace guyu
