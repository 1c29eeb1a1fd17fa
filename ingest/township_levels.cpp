#include "ingest/township_levels.h"

#include <cmath>
#include <mutex>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/netcdf_file.h"

namespace guyu {
namespace {
using Variable = NetcdfFile::Variable;

constexpr const char* kRemedy = "give the --out folder of guyu run";

const Variable& required(const NetcdfFile& f, const std::string& name) {
  if (const Variable* v = f.find(name)) return *v;
  throw Error(f.path(), "has no variable " + name + ": it is no township file of a cycle", kRemedy);
}

std::string hazard_of(const NetcdfFile& f, const std::string& wanted) {
  constexpr std::string_view kSuffix = "_level";
  std::string found;
  for (const Variable& v : f.variables()) {
    if (v.name.size() <= kSuffix.size() || !v.name.ends_with(kSuffix) || f.text(v, "flag_meanings").empty()) continue;
    const std::string hazard = v.name.substr(0, v.name.size() - kSuffix.size());
    if (hazard == wanted || (wanted.empty() && found.empty())) return hazard;
    found += (found.empty() ? "" : ", ") + hazard;
  }
  throw Error(f.path(), "has no levels" + (wanted.empty() ? "" : " of " + wanted), found.empty() ? kRemedy : "it has " + found);
}

TimePoint time_of(double seconds) { return TimePoint(Seconds(std::llround(seconds))); }

}  // namespace

TownshipLevels read_township_levels(const std::string& path, const std::string& hazard) {
  const std::lock_guard lock(hdf5_mutex());
  const NetcdfFile f(path);
  TownshipLevels t;
  t.hazard = hazard_of(f, hazard);
  t.issue = time_of(f.all(required(f, "forecast_reference_time")).at(0));
  const std::vector<double> levels = f.all(required(f, t.hazard + "_level")), valid = f.all(required(f, t.hazard + "_valid"));
  t.codes = f.strings(required(f, "code"));
  if (levels.size() != t.codes.size() || valid.size() != 2 * t.codes.size()) throw Error(path, "its levels do not fit its townships", kRemedy);
  for (std::size_t r = 0; r < t.codes.size(); ++r) {
    const long level = std::lround(levels[r]);
    if (level < static_cast<long>(Level::unknown) || level > static_cast<long>(Level::red)) throw Error(path, "holds a level that is none", kRemedy);
    t.levels.push_back(static_cast<Level>(level));
    t.valid_until.push_back(std::isnan(valid[2 * r + 1]) ? t.issue : time_of(valid[2 * r + 1]));
  }
  if (!f.find(t.hazard + "_probability_blue")) return t;
  const auto by_region = [&](const std::string& name) {
    const std::vector<double> p = f.all(required(f, t.hazard + name));
    if (p.size() != t.codes.size()) throw Error(path, "its probabilities do not fit its townships", kRemedy);
    return std::vector<float>(p.begin(), p.end());
  };
  // Without a calibration the probabilities are the shares.
  const std::string kind = f.find(t.hazard + "_member_share_blue") ? "_member_share_" : "_probability_";
  t.member_share.resize(t.codes.size());
  t.unknown_share = by_region("_unknown_share");
  for (std::size_t l = 0; l < 4; ++l) {
    constexpr const char* kNames[] = {"blue", "yellow", "orange", "red"};
    const std::vector<float> p = by_region(kind + kNames[l]);
    for (std::size_t r = 0; r < p.size(); ++r) t.member_share[r][l] = p[r];
  }
  return t;
}

}  // namespace guyu
