#include "cli/verify/warnings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "cli/run/region_means.h"
#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"
#include "ingest/township_levels.h"

namespace guyu::cli::verify {
namespace fs = std::filesystem;
namespace {

constexpr std::array<Level, 4> kLevels{Level::blue, Level::yellow, Level::orange, Level::red};

std::vector<TownshipLevels> read_cycles(const std::string& run, const std::string& hazard,
                                        std::vector<std::string>& problems) {
  std::vector<TownshipLevels> cycles;
  std::error_code ec;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(run + "/cycles", ec))
    files.push_back((entry.path() / "townships.nc").string());
  if (ec || files.empty()) throw Error(run, "holds no cycles", "give the --out folder of guyu run");
  for (const std::string& file : files) {
    try {
      cycles.push_back(read_township_levels(file, hazard));
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
  }
  if (cycles.empty())
    throw Error(run, "none of its cycles can be read: " + problems.back(),
                "give the --out folder of guyu run");
  std::sort(cycles.begin(), cycles.end(),
            [](const TownshipLevels& a, const TownshipLevels& b) { return a.issue < b.issue; });
  return cycles;
}

// The township's place in each cycle's file.
std::size_t place_in(const TownshipLevels& cycle, const std::string& code, std::size_t guess) {
  if (guess < cycle.codes.size() && cycle.codes[guess] == code) return guess;
  const auto at = std::find(cycle.codes.begin(), cycle.codes.end(), code);
  if (at == cycle.codes.end())
    throw Error("--regions", "the township " + code + " is not in the cycle of " + to_iso(cycle.issue),
                "give the regions and the --code of the run");
  return static_cast<std::size_t>(at - cycle.codes.begin());
}

std::vector<WarningSpan> warnings_of(const std::vector<TownshipLevels>& cycles, const std::string& code,
                                     std::size_t guess, Level level) {
  std::vector<WarningSpan> spans;
  bool open = false;
  for (const TownshipLevels& c : cycles) {
    const std::size_t at = place_in(c, code, guess);
    if (open && spans.back().end < c.issue) open = false;  // had run out
    if (c.levels[at] == Level::unknown) continue;
    if (c.levels[at] >= level) {
      if (!open) spans.push_back({c.issue, c.valid_until[at]});
      spans.back().end = std::max(spans.back().end, c.valid_until[at]);
      open = true;
    } else if (open) {
      spans.back().end = std::min(spans.back().end, c.issue);
      open = false;
    }
  }
  return spans;
}

// The rain of all regions in steps: two frames are in memory at a time.
class RegionRain {
 public:
  RegionRain(const RegionSet& regions, const WarningScoring& scoring)
      : means_(regions, scoring.cache), options_{scoring.max_gap}, steps_(regions.regions.size()) {}

  void add(Field field, std::vector<std::string>& problems) {
    auto frame = std::make_shared<const Field>(std::move(field));
    std::vector<FieldPtr> pair{frame};
    if (before_) pair.insert(pair.begin(), before_);
    for (const Field& amount : observed_amounts(pair, options_, problems)) {
      const Interval& i = amount.meta.valid;
      if (observed_ && i.begin < observed_->end) {
        problems.push_back(amount.meta.source +
                           ": its rain overlaps that of a file before it; it is left out");
        continue;
      }
      const RainSlot slot = means_(amount);
      for (std::size_t r = 0; r < steps_.size(); ++r) {
        // Where too little of the township is seen its rain is unknown.
        const bool known = slot.coverage[r] >= kLeastCoverage;
        steps_[r].push_back(
            {i, known ? double{slot.amount_mm[r]} : std::numeric_limits<double>::quiet_NaN()});
      }
      observed_ = observed_ ? Interval{observed_->begin, i.end} : i;
    }
    before_ = frame->meta.kind == TimeKind::instant ? frame : nullptr;
  }
  const std::vector<RainStep>& steps(std::size_t region) const { return steps_[region]; }
  const std::optional<Interval>& observed() const { return observed_; }

 private:
  static constexpr float kLeastCoverage = 0.8F;
  RegionMeans means_;
  ObservedRainOptions options_;
  std::vector<std::vector<RainStep>> steps_;  // [region]
  FieldPtr before_;
  std::optional<Interval> observed_;
};

RegionRain read_rain(const RegionSet& regions, const WarningScoring& scoring,
                     std::vector<FieldEntry> observations, std::vector<std::string>& problems) {
  std::stable_sort(observations.begin(), observations.end(),
                   [](const FieldEntry& a, const FieldEntry& b) { return a.valid() < b.valid(); });
  RegionRain rain(regions, scoring);
  for (const FieldEntry& o : observations) {
    try {
      rain.add(std::move(load_fields({&o, 1}).front()), problems);
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
  }
  if (!rain.observed())
    throw Error("the observations",
                "give no rain over any time" + (problems.empty() ? "" : ": " + problems.back()),
                "two consecutive frames are needed, or amounts over intervals");
  return rain;
}

}  // namespace

WarningVerification score_warnings(const WarningScoring& scoring, const RulePack& pack,
                                   const RegionSet& regions, const std::vector<FieldEntry>& observations,
                                   std::vector<std::string>& problems) {
  const std::vector<TownshipLevels> cycles = read_cycles(scoring.run, pack.hazard, problems);
  const RegionRain rain = read_rain(regions, scoring, observations, problems);
  WarningVerification out{{}, cycles.size(), cycles.front().issue, cycles.back().issue, *rain.observed()};
  for (const Level level : kLevels) {
    std::vector<RainCriterion> criteria;
    for (const RainRule& rule : pack.rules)
      if (rule.level >= level) criteria.push_back({rule.window, rule.threshold_mm});
    WarningLevelScore one{std::string(to_string(level)), {}};
    for (std::size_t r = 0; r < regions.regions.size() && !criteria.empty(); ++r) {
      const auto& steps = rain.steps(r);
      // What no cycle could speak of is left out: rain before the first one, and after the last one's word
      // has run out.
      const std::vector<WarningSpan> warnings = warnings_of(cycles, regions.regions[r].code, r, level);
      TimePoint until = out.last;
      for (const TownshipLevels& c : cycles)
        until = std::max(until, c.valid_until[place_in(c, regions.regions[r].code, r)]);
      const Spells spells =
          rain_spells(steps, criteria, {out.observed.begin, std::min(until, out.observed.end)},
                      pack.least_coverage, scoring.dry_before.value_or(TimePoint::min()));
      one.score += match_warnings(warnings, spells, out.first, out.observed);
    }
    out.levels.push_back(std::move(one));
  }
  return out;
}

}  // namespace guyu::cli::verify
