#include "cli/verify/run_archive.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "engine/core/error.h"

namespace guyu::cli::verify {
namespace fs = std::filesystem;
namespace {
constexpr float kLeastCoverage = 0.8F;
}  // namespace

std::vector<TownshipLevels> read_cycles(const std::string& run, const std::string& hazard, std::vector<std::string>& problems) {
  std::vector<TownshipLevels> cycles;
  std::error_code ec;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(run + "/cycles", ec)) files.push_back((entry.path() / "townships.nc").string());
  if (ec || files.empty()) throw Error(run, "holds no cycles", "give the --out folder of guyu run");
  for (const std::string& file : files) {
    try {
      cycles.push_back(read_township_levels(file, hazard));
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
  }
  if (cycles.empty()) throw Error(run, "none of its cycles can be read: " + problems.back(), "give the --out folder of guyu run");
  std::sort(cycles.begin(), cycles.end(), [](const TownshipLevels& a, const TownshipLevels& b) { return a.issue < b.issue; });
  return cycles;
}

// The township's place in each cycle's file.
std::size_t place_in(const TownshipLevels& cycle, const std::string& code, std::size_t guess) {
  if (guess < cycle.codes.size() && cycle.codes[guess] == code) return guess;
  const auto at = std::find(cycle.codes.begin(), cycle.codes.end(), code);
  if (at == cycle.codes.end())
    throw Error("--regions", "the township " + code + " is not in the cycle of " + to_iso(cycle.issue), "give the regions and the --code of the run");
  return static_cast<std::size_t>(at - cycle.codes.begin());
}

void RegionRain::add(Field field, std::vector<std::string>& problems) {
  auto frame = std::make_shared<const Field>(std::move(field));
  std::vector<FieldPtr> pair{frame};
  if (before_) pair.insert(pair.begin(), before_);
  for (const Field& amount : observed_amounts(pair, options_, problems)) {
    const Interval& i = amount.meta.valid;
    if (observed_ && i.begin < observed_->end) {
      problems.push_back(amount.meta.source + ": its rain overlaps that of a file before it; it is left out");
      continue;
    }
    const RainSlot slot = means_(amount);
    for (std::size_t r = 0; r < steps_.size(); ++r) {
      // Where too little of the township is seen its rain is unknown.
      const bool known = slot.coverage[r] >= kLeastCoverage;
      steps_[r].push_back({i, known ? double{slot.amount_mm[r]} : std::numeric_limits<double>::quiet_NaN()});
    }
    observed_ = observed_ ? Interval{observed_->begin, i.end} : i;
  }
  before_ = frame->meta.kind == TimeKind::instant ? frame : nullptr;
}

RegionRain read_rain(const RegionSet& regions, const RainReading& reading, std::vector<FieldEntry> observations, std::vector<std::string>& problems) {
  std::stable_sort(observations.begin(), observations.end(), [](const FieldEntry& a, const FieldEntry& b) { return a.valid() < b.valid(); });
  RegionRain rain(regions, reading);
  for (const FieldEntry& o : observations) {
    try {
      rain.add(std::move(load_fields({&o, 1}).front()), problems);
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
  }
  if (!rain.observed())
    throw Error("the observations", "give no rain over any time" + (problems.empty() ? "" : ": " + problems.back()),
                "two consecutive frames are needed, or amounts over intervals");
  return rain;
}

}  // namespace guyu::cli::verify
