#include "cli/forecast/meteograms.h"

#include <algorithm>
#include <limits>

#include "engine/core/error.h"

namespace guyu::cli {
namespace {

// Codes are text of any kind; file names are not.
std::string file_name(const std::string& code) {
  std::string name = code;
  for (char& c : name)
    if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = '_';
  return name == "." || name == ".." ? "_" : name;
}

}  // namespace

MeteogramSink::MeteogramSink(const std::vector<std::string>& codes, const RegionSet& regions, const std::vector<RegionSeries>& series) {
  for (const std::string& code : codes) {
    const auto region = std::find_if(regions.regions.begin(), regions.regions.end(), [&](const Region& r) { return r.code == code; });
    if (region == regions.regions.end())
      throw Error("--meteogram", "no region has the code '" + code + "'",
                  regions.regions.empty() ? "" : "codes look like '" + regions.regions.front().code + "'");
    Place place{static_cast<std::size_t>(region - regions.regions.begin()), region->code, region->name, {}, {}};
    for (const RegionSeries& s : series) {
      place.of_series.push_back(s.statistic == "mean" ? static_cast<std::ptrdiff_t>(place.series.size()) : -1);
      if (s.statistic != "mean") continue;
      const std::vector<float> unknown(s.times.size(), std::numeric_limits<float>::quiet_NaN());
      place.series.push_back({s.quantity, s.level, s.kind, s.times, std::vector<std::vector<float>>(s.members.size(), unknown)});
    }
    places_.push_back(std::move(place));
  }
}

void MeteogramSink::put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float>) {
  for (Place& p : places_)
    if (const std::ptrdiff_t drawn = p.of_series[series]; drawn >= 0) p.series[static_cast<std::size_t>(drawn)].members[member][step] = values[p.region];
}

void MeteogramSink::draw(const std::string& folder, TimePoint issue, const std::string& footer, const MeteogramOptions& options) const {
  for (const Place& p : places_) draw_meteogram(folder + "/" + file_name(p.code) + ".png", {p.name, p.code, footer, issue}, p.series, options);
}

}  // namespace guyu::cli
