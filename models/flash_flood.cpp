#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"
#include "models/curve_number_soil.h"
#include "models/flood_windows.h"
#include "models/models.h"
#include "models/rain_steps.h"
#include "models/town_evaporation.h"
#include "models/xinanjiang_towns.h"

namespace guyu {
namespace {

constexpr Seconds kLongest{kFloodHours.back() * 3600}, kHistory{24 * 3600};

class FlashFlood final : public SeriesModel {
 public:
  FlashFlood() {
    info_.name = "flash_flood";
    info_.title = "Flash flood: rain against flash-flood guidance";
    info_.source =
        "Guidance: Carpenter and others (1999), J. Hydrology 224; runoff: Michel, Andreassian and Perrin (2005), Water Resources Research 41, W02011, or Zhao "
        "(1992), J. Hydrology 135";
    info_.inputs = {{"precipitation_amount", "mean", kHistory}, {"curve_number", "", Seconds{0}}};
    for (const int h : kFloodHours) info_.optional.push_back({"threshold_runoff_" + std::to_string(h) + "h", "", Seconds{0}});
    info_.params = {
        {"runoff", ParamType::text, "How the ground sheds rain", "curve-number", "", 0, 0, {"curve-number", "xinanjiang"}},
        {"abstraction", ParamType::number, "Of curve-number: initial loss as a share of the retention (USDA NEH 630; 0.05: Hawkins and others 2009)", "0.2", "",
         0, 0.5},
        {"daily_recession", ParamType::number,
         "Of curve-number: share of the soil's water that is left after a dry day (0.85 to 0.98: Kohler and Linsley 1951); of both: how fast soil under "
         "unknown "
         "rain comes near the wetness of unknown ground",
         "0.9", "", 0.5, 0.99},
        {"unknown_wetness", ParamType::number,
         "What ground that nothing is known of has, as a share of what dry ground takes before it sheds any (of xinanjiang: of the tension water capacity); 1: "
         "whatever falls runs off in part",
         "1", "", 0, 1},
        {"longest_gap", ParamType::duration, "Soil water that is remembered of longer ago begins anew", "10 d", "", 86400, 60 * 86400},
        {"parameters", ParamType::path,
         "Of xinanjiang: TOML file with a [[soil]] for each class, as guyu flood takes it; regions have the attribute soil_class. Empty: their attributes "
         "xinanjiang_<key>, else parameters that are fitted to nothing",
         ""},
    };
    for (ParamSpec& p : TownEvaporation::params()) info_.params.push_back(std::move(p));
    info_.quantity = "flash_flood_ratio";
    info_.statistic = "max";  // the worst duration; what is known of it in part is a lower bound
    info_.state = CurveNumberSoil::planes();
    info_.driver = "precipitation_amount";
    info_.pack = "flash_flood";
  }
  const ModelInfo& info() const override { return info_; }
  std::vector<InputNeed> needs(const ModelParams& params) const override {
    if (params.word("runoff") == "curve-number") return info_.inputs;
    return {info_.inputs.front()};
  }
  std::vector<InputNeed> optional_needs(const ModelParams& params) const override {
    std::vector<InputNeed> out = info_.optional;
    if (params.word("runoff") == "curve-number") return out;
    for (const std::string& name : XinanjiangTowns::attributes()) out.push_back({name, "", Seconds{0}});
    for (InputNeed& n : TownEvaporation::optional_needs(params, kHistory)) out.push_back(std::move(n));
    return out;
  }
  // What one way of runoff does not look at was given by mistake.
  std::optional<ParamFault> fault_of(const ModelParams& params, const std::set<std::string>& given) const override {
    const bool columns = params.word("runoff") == "xinanjiang";
    for (const char* key : {"parameters", "evaporation", "evaporation_rate"})
      if (!columns && given.count(key)) return ParamFault{key, std::string("\"") + key + "\" is of runoff by xinanjiang", "add runoff = \"xinanjiang\""};
    if (columns && given.count("abstraction")) return ParamFault{"abstraction", "\"abstraction\" is of runoff by curve-number", "leave it out"};
    if (params.word("evaporation") != "rate" && given.count("evaporation_rate"))
      return ParamFault{"evaporation_rate", "\"evaporation\" is not by a rate", "leave one of them out"};
    return std::nullopt;
  }
  Result compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const override;

 private:
  template <class Soil>
  Result computed(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const;

  ModelInfo info_;
};

// Why soil water that is remembered does not serve; empty: it does, or there is none.
std::string fault_of_state(const ModelState& before, const std::vector<std::string>& planes, std::size_t regions, TimePoint issue, Seconds longest_gap) {
  if (before.values.empty()) return "";
  for (const std::string& name : planes) {
    const auto plane = before.values.find(name);
    if (plane == before.values.end()) return "is that of another way of runoff";
    if (plane->second.size() != regions) return "is that of other regions";
  }
  if (before.at > issue - kLongest) return "is of a later time than this cycle can go on from";
  if (before.at < issue - longest_gap) return "is too old";
  return "";
}

// Steps of a run and what of them is answered: the same for all regions and futures.
struct FloodTimes {
  std::vector<std::array<StepPlace, kFloodHours.size()>> begins;  // where each duration that ends with a step begins
  std::vector<std::size_t> piece;                                 // of the answer, one past; 0: none
  std::size_t kept = 0;                                           // state: at the end of so many steps
};
FloodTimes flood_times(const HazardInputs& inputs, const RainSteps& steps, TimePoint keep, HazardSeries& series) {
  FloodTimes out{std::vector<std::array<StepPlace, kFloodHours.size()>>(steps.size()), std::vector<std::size_t>(steps.size(), 0), 0};
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const TimePoint end = steps[s].time.end;
    if (end <= keep && s < steps.first_with_members()) out.kept = s + 1;
    for (std::size_t d = 0; d < kFloodHours.size(); ++d) out.begins[s][d] = place_in(steps, end - std::chrono::hours(kFloodHours[d]));
    if (end <= inputs.issue - kLongest || !steps[s].piece) continue;
    SeriesPiece p{steps[s].time, steps[s].piece->origin, std::vector<float>(inputs.regions, std::nanf("")), std::vector<float>(inputs.regions, 0.0F), {}};
    if (steps.has_members(s)) p.members.assign(inputs.members, std::vector<float>(inputs.regions, std::nanf("")));
    series.pieces.push_back(std::move(p));
    out.piece[s] = series.pieces.size();
  }
  return out;
}

// Amounts at the ends of steps, (steps + 1) x block, at a moment between them.
double amount_at(const std::vector<double>& sums, std::size_t block, const StepPlace& p, std::size_t k) {
  const double a = sums[p.step * block + k];
  return p.part > 0 ? a + p.part * (sums[(p.step + 1) * block + k] - a) : a;
}

// Regions [begin, begin + n) in all futures.
template <class Soil>
void compute_block(const Soil& soil, const RainSteps& steps, const FloodTimes& times, std::size_t begin, std::size_t n, std::size_t members,
                   SeriesModel::Result& out) {
  constexpr std::size_t kBlock = Soil::kBlock;
  auto search = soil.search(begin, n);
  // At the ends of steps, of the future that is looked at; of its past all share what the first one left there.
  std::vector<typename Soil::Water> water((steps.size() + 1) * kBlock);
  std::vector<double> rain((steps.size() + 1) * kBlock), known_s((steps.size() + 1) * kBlock), fallen(kBlock);
  std::vector<float> seen(steps.size() * kBlock);
  for (std::size_t k = 0; k < n; ++k) water[k] = soil.first(begin + k);
  for (std::size_t s = 0; s < steps.size(); ++s)
    for (std::size_t k = 0; k < n; ++k) {
      seen[s * kBlock + k] = steps.known(s, begin + k);
      known_s[(s + 1) * kBlock + k] = known_s[s * kBlock + k] + steps.seconds(s) * static_cast<double>(seen[s * kBlock + k]);
    }
  for (std::size_t member = 0; member < members; ++member) {
    for (std::size_t s = member == 0 ? 0 : steps.first_with_members(); s < steps.size(); ++s) {
      steps.amounts(s, member, begin, n, &seen[s * kBlock], fallen.data());
      for (std::size_t k = 0; k < n; ++k) {
        const std::size_t here = s * kBlock + k, next = here + kBlock;
        water[next] = water[here], rain[next] = rain[here] + fallen[k];
        if (soil.known(begin + k)) soil.step(water[next], s, begin + k, static_cast<double>(seen[here]), fallen[k]);
      }
      if (times.piece[s] == 0) continue;
      SeriesPiece& piece = out.series.pieces[times.piece[s] - 1];
      std::vector<float>& target = piece.members.empty() ? piece.values : piece.members[member];
      for (std::size_t k = 0; k < n; ++k) {
        if (!soil.known(begin + k)) continue;
        double worst = 0, covered = 1;
        for (std::size_t d = 0; d < kFloodHours.size(); ++d) {
          if (!soil.is_judged(begin + k, d)) continue;
          const StepPlace& p = times.begins[s][d];
          covered = std::min(covered, (known_s[(s + 1) * kBlock + k] - amount_at(known_s, kBlock, p, k)) / (3600.0 * kFloodHours[d]));
          if (std::isnan(worst)) continue;
          const double fell = rain[(s + 1) * kBlock + k] - amount_at(rain, kBlock, p, k);
          const auto &a = water[p.step * kBlock + k], &b = water[(p.step + 1) * kBlock + k];
          const double ratio = soil.ratio(search[k][d], p.part <= 0 ? a : p.part >= 1 ? b : Soil::between(a, b, p.part), fell, worst);
          if (!(ratio <= worst)) worst = ratio;  // also a lost future
        }
        target[begin + k] = std::isnan(worst) ? std::nanf("") : static_cast<float>(std::clamp(worst, 0.0, 1000.0));
        if (member == 0) piece.coverage[begin + k] = static_cast<float>(std::clamp(covered, 0.0, 1.0));
      }
    }
    if (member == 0)
      for (std::size_t k = 0; k < n; ++k) soil.keep(begin + k, water[times.kept * kBlock + k], out.state);
  }
}

template <class Soil>
FlashFlood::Result FlashFlood::computed(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const {
  Result out;
  out.series = {*find_quantity(info_.quantity), info_.statistic, TimeKind::maximum, {}, {}, {}};
  out.state = before;
  const HazardSeries* rain = inputs.find_series("precipitation_amount", "mean");
  if (!rain || rain->pieces.empty()) return out;
  out.series.observed_to = rain->observed_to, out.series.horizon = rain->horizon;
  const Seconds longest_gap(std::llround(params.at("longest_gap")));
  const std::string fault = fault_of_state(before, Soil::planes(), inputs.regions, inputs.issue, longest_gap);
  const bool remembers = !before.values.empty() && fault.empty();
  if (!fault.empty()) out.notes.push_back("the soil water of " + to_iso(before.at) + " " + fault + ": it begins anew");
  const TimePoint from = remembers ? before.at : std::max(rain->pieces.front().interval.begin, inputs.issue - kHistory);
  const TimePoint keep = std::max(from, std::min(inputs.issue, rain->observed_to.value_or(inputs.issue)) - kLongest);
  const RainSteps steps(*rain, from, keep);
  if (steps.size() == 0) return out;

  Soil soil(inputs, params, remembers ? &before : nullptr);
  soil.set_steps(inputs, params, steps);
  out.notes.insert(out.notes.end(), soil.notes().begin(), soil.notes().end());
  const FloodTimes times = flood_times(inputs, steps, keep, out.series);
  out.state = {times.kept > 0 ? steps[times.kept - 1].time.end : from, {}};
  for (const std::string& name : Soil::planes()) out.state.values[name].assign(inputs.regions, std::nanf(""));
  const std::size_t members = steps.first_with_members() < steps.size() ? inputs.members : 1;
  parallel_for(static_cast<std::int64_t>(inputs.regions), Soil::kBlock, [&](std::int64_t begin, std::int64_t end) {
    compute_block(soil, steps, times, static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin), members, out);
  });
  for (SeriesPiece& p : out.series.pieces)
    if (!p.members.empty()) set_mean_of_members(p);
  blank_unknown(out.series);
  return out;
}

FlashFlood::Result FlashFlood::compute(const HazardInputs& inputs, const ModelParams& params, const ModelState& before) const {
  return params.word("runoff") == "xinanjiang" ? computed<XinanjiangTowns>(inputs, params, before) : computed<CurveNumberSoil>(inputs, params, before);
}

}  // namespace

const SeriesModel& flash_flood_model() {
  static const FlashFlood model;
  return model;
}

}  // namespace guyu
