#include "cli/forecast/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace guyu::cli {

Reach::Reach(const RegionSet& regions, const std::vector<RegionSeries>& series)
    : regions_(regions), series_(series), unknown_(series.size(), std::vector<bool>(regions.regions.size(), true)) {}

void Reach::put(std::size_t series, std::size_t, std::size_t, std::span<const float> values, std::span<const float>) {
  std::vector<bool>& unknown = unknown_[series];
  for (std::size_t r = 0; r < values.size(); ++r)
    if (!std::isnan(values[r])) unknown[r] = false;
}

std::vector<std::string> Reach::notes() const {
  std::map<std::vector<bool>, std::vector<std::string>> series_of;
  for (std::size_t s = 0; s < series_.size(); ++s) series_of[unknown_[s]].push_back(series_[s].name);
  std::vector<std::string> notes;
  for (const auto& [unknown, names] : series_of) {
    const auto count = std::count(unknown.begin(), unknown.end(), true);
    if (count == 0) continue;
    const auto first = static_cast<std::size_t>(std::find(unknown.begin(), unknown.end(), true) - unknown.begin());
    const std::string what = names.size() == series_.size() ? "of all series"
                             : names.size() == 1            ? "of " + names.front()
                                                            : fmt::format("of {} and {} more series", names.front(), names.size() - 1);
    notes.push_back(fmt::format("{} of {} townships have no value at any step {}, the first of them {}: the forecast does not reach them, or is missing there",
                                count, regions_.regions.size(), what, regions_.regions[first].code));
  }
  return notes;
}

}  // namespace guyu::cli
