#include "ingest/glm_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/netcdf_file.h"
#include "ingest/netcdf_packing.h"

namespace guyu {
namespace {

constexpr double kGlmReach_deg = 52;

// Unpacked in double: seconds of a file are few, but their offsets are not.
std::vector<double> glm_values(const NetcdfFile& file, const char* name) {
  const NetcdfFile::Variable* v = file.find(name);
  if (!v) throw Error(file.path(), fmt::format("has no variable {}", name), "flashes are read from GLM level 2 files (LCFA)");
  const NetcdfPacking packing(file, *v);
  std::vector<double> out = file.all(*v);
  for (double& x : out) x = double{packing(x)};
  return out;
}

// "2018-07-02T04:33:20.0Z", "2018-07-02 04:33:00.000": fractions are dropped.
TimePoint glm_time(const NetcdfFile& file, const char* what, std::string text) {
  if (const auto dot = text.find('.'); dot != std::string::npos) text = text.substr(0, dot) + "Z";
  try {
    return parse_time(text);
  } catch (const Error& e) {
    throw Error(file.path(), fmt::format("its {}: {}", what, e.reason()));
  }
}

// The times of flashes count in seconds or, in older files, in milliseconds.
struct FlashClock {
  TimePoint since;
  double unit_s;
};

FlashClock flash_clock(const NetcdfFile& file, const char* variable) {
  const NetcdfFile::Variable* v = file.find(variable);
  const std::string units = v ? file.text(*v, "units") : "";
  for (const auto& [prefix, unit_s] : {std::pair("seconds since ", 1.0), std::pair("milliseconds since ", 1e-3)}) {
    if (units.starts_with(prefix)) return {glm_time(file, "times of flashes", units.substr(std::string(prefix).size())), unit_s};
  }
  throw Error(file.path(), fmt::format("the variable {} has the unit '{}'", variable, units), "seconds or milliseconds since a time are known");
}

}  // namespace

FlashRecord read_glm_flashes(const std::string& path) {
  const std::lock_guard lock(hdf5_mutex());
  const NetcdfFile file(path);
  FlashRecord out;
  const TimePoint begin = glm_time(file, "time_coverage_start", file.global_text("time_coverage_start")),
                  end = glm_time(file, "time_coverage_end", file.global_text("time_coverage_end"));
  if (!(begin < end)) throw Error(path, "covers no time");
  out.watched.push_back({begin, end});
  const auto longitude = glm_values(file, "flash_lon"), latitude = glm_values(file, "flash_lat"), offset = glm_values(file, "flash_time_offset_of_first_event"),
             quality = glm_values(file, "flash_quality_flag"), subpoint = glm_values(file, "nominal_satellite_subpoint_lon");
  const FlashClock clock = flash_clock(file, "flash_time_offset_of_first_event");
  if (longitude.size() != latitude.size() || longitude.size() != offset.size() || longitude.size() != quality.size())
    throw Error(path, "its flashes have more places than times", "the file is damaged");
  if (subpoint.size() != 1 || !(std::abs(subpoint[0]) <= 360)) throw Error(path, "does not say where its satellite stands");
  out.west = subpoint[0] - kGlmReach_deg, out.east = subpoint[0] + kGlmReach_deg, out.south = -kGlmReach_deg, out.north = kGlmReach_deg;
  std::size_t bad = 0;
  for (std::size_t k = 0; k < longitude.size(); ++k) {
    const bool sound = std::abs(latitude[k]) <= 90 && std::abs(longitude[k]) <= 360 && std::abs(clock.unit_s * offset[k]) < 86400;  // false for NaN
    if (!sound || quality[k] != 0) {
      ++bad;
      continue;
    }
    // A flash may have begun before its file.
    out.flashes.push_back({clock.since + Seconds{static_cast<std::int64_t>(std::floor(clock.unit_s * offset[k]))}, longitude[k], latitude[k]});
  }
  if (bad > 0) out.notes.push_back(fmt::format("{}: {} of {} flashes are degraded and left out", path, bad, longitude.size()));
  return out;
}

}  // namespace guyu
