#include "cli/jobs/replay.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/run/cycle.h"
#include "cli/run/origin.h"
#include "cli/run/run_config.h"
#include "cli/shipped_files.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "guyu_version.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

nlohmann::json read_report(const fs::path& path) {
  try {
    return nlohmann::json::parse(read_text_file(path.string()));
  } catch (const nlohmann::json::exception& e) {
    throw Error(path.string(), std::string("is no report: ") + e.what());
  }
}

// "is gone", "has changed", or nothing.
std::string change_of(const std::string& path, const std::string& sha256) {
  if (!fs::exists(path)) return "is gone";
  return hash_file(path) == sha256 ? "" : "has changed";
}

// The path where the archived one lies now that its data folder has another name.
std::string moved(const std::string& path, const std::string& from, const std::string& to) {
  return path.rfind(from, 0) == 0 ? to + path.substr(from.size()) : path;
}

void compare_settings(const nlohmann::json& archived, const CycleOptions& options, ReplayResult& result) {
  const RunConfig config = load_run_config(options.config, options.data);
  RunReport now;
  note_origin(now, options, config, load_regions(config), *options.time, {}, {}, {}, {}, {});
  std::map<std::string, std::set<std::string>> hashes;
  for (const RunReport::File& f : now.settings) hashes[f.role].insert(f.sha256);
  for (const auto& f : archived.at("settings")) {
    const std::string role = f.at("role"), path = f.at("path");
    if (!hashes[role].count(f.at("sha256").get<std::string>())) result.causes.push_back(role + (path.empty() ? "" : " " + path) + " has changed");
  }
  if (archived.at("seed") != now.seed) result.causes.push_back("the seed has changed");
}

}  // namespace

ReplayResult replay(const ReplayOptions& o) {
  const fs::path given(o.cycle), folder = fs::is_directory(given) ? given : given.parent_path();
  const fs::path original = folder.parent_path().parent_path();  // OUT/cycles/<time>
  const nlohmann::json report = read_report(fs::is_directory(given) ? given / "report.json" : given);
  if (fs::exists(o.out) && !fs::is_empty(o.out)) throw Error(o.out, "is not empty", "give a new folder");
  ReplayResult result;
  try {
    CycleOptions run;
    run.config = report.at("config");
    const std::string data = report.at("data");
    run.data = o.data.empty() ? data : o.data;
    run.out = o.out;
    run.time = parse_time(report.at("cycle").get<std::string>());
    run.cache = o.cache.empty() ? (original / "cache").string() : o.cache;
    run.station = find_config_file("files", "stations", "");
    if (report.at("version") != kVersion)
      result.causes.push_back("the archived run was of version " + report.at("version").get<std::string>() + ", this is " + kVersion);
    if (run.data != data) result.causes.push_back("the data folder is " + run.data + ", was " + data + "; files name their inputs with it");
    compare_settings(report, run, result);
    for (const auto& i : report.at("inputs")) {
      if (!i.contains("sha256") || i.at("role") == "calibration") continue;
      const std::string path = moved(i.at("path"), data, run.data);
      if (const std::string change = change_of(path, i.at("sha256")); !change.empty()) result.causes.push_back("input " + path + " " + change);
    }
    std::set<std::string> seen;
    for (const auto& p : report.at("inventory")) {
      const std::string path = moved(p, data, run.data);
      seen.insert(path);
      if (!fs::exists(path)) result.causes.push_back("file " + path + " is gone");
    }
    run.sees = [&seen](const std::string& path, TimePoint) { return seen.count(path) == 1; };
    // What a job knew to be wanting stands in its report without a mark; it is the beginning of the list.
    for (const auto& d : report.at("degraded"))
      if (d.get<std::string>().rfind("cycle: ", 0) == 0) run.degraded.push_back(d);
    restore_before(folder.string(), {(original / "alerts").string()}, o.out);
    run_cycle(run);
    for (const auto& f : report.at("manifest")) {
      const std::string path = f.at("path");
      const fs::path again = fs::path(o.out) / path;
      if (!fs::exists(again)) result.different.push_back(path + ": was not made again");
      else if (hash_file(again.string()) == f.at("sha256").get<std::string>()) result.same.push_back(path);
      else result.different.push_back(path + ": has other bytes");
    }
    if (!report.at("products").empty() && report.at("manifest").empty())
      throw Error(folder.string(), "its report lists no checksums", "it is of an older version");
  } catch (const nlohmann::json::exception& e) {
    throw Error(folder.string(), std::string("its report lacks what a replay needs: ") + e.what(), "it is of an older version");
  }
  return result;
}

}  // namespace guyu::cli
