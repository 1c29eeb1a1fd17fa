#include "cli/jobs/archive.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/config/param_spec.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

constexpr Seconds kDay{86400};
constexpr Seconds kEver = Seconds::max();

std::string trimmed(const std::string& s) {
  const auto first = s.find_first_not_of(" \t"), last = s.find_last_not_of(" \t");
  return first == std::string::npos ? "" : s.substr(first, last - first + 1);
}

// The time that a folder's name states, e.g. 20190610T011000Z.
std::optional<TimePoint> folder_time(const std::string& name) {
  if (name.size() != 16 || name[8] != 'T' || name[15] != 'Z') return std::nullopt;
  try {
    const TimePoint t = parse_time(name.substr(0, 8) + name.substr(9, 6));
    return to_compact(t) == name ? std::optional(t) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::int64_t bytes_below(const fs::path& path) {
  std::error_code ec;
  if (!fs::is_directory(path, ec)) {
    const auto n = fs::file_size(path, ec);
    return ec ? 0 : static_cast<std::int64_t>(n);
  }
  std::int64_t sum = 0;
  for (auto i = fs::recursive_directory_iterator(path, ec); !ec && i != fs::recursive_directory_iterator(); i.increment(ec)) {
    std::error_code one;
    if (i->is_regular_file(one)) {
      const auto n = i->file_size(one);
      if (!one) sum += static_cast<std::int64_t>(n);
    }
  }
  return sum;
}

std::string kind_of(const fs::path& entry) {
  const std::string name = entry.filename().string();
  if (name == "before") return "before";
  if (name == "grids.nc") return "grids";
  if (entry.extension() == ".png") return "maps";
  if (name.rfind("townships.", 0) == 0) return "townships";
  return "";
}

std::vector<std::pair<TimePoint, fs::path>> dated_folders(const std::string& folder) {
  std::vector<std::pair<TimePoint, fs::path>> found;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec))
    if (const auto t = folder_time(entry.path().filename().string()); t && entry.is_directory(ec)) found.emplace_back(*t, entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Retention usual_retention() {
  return {{"before", 2 * kDay}, {"grids", 7 * kDay}, {"maps", 7 * kDay}, {"late", 7 * kDay}, {"townships", 90 * kDay}, {"cycles", 400 * kDay}};
}

Retention parse_retention(const std::string& text) {
  Retention keep = usual_retention();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = trimmed(text.substr(at, end - at));
    at = end + 1;
    const auto equals = word.find('=');
    const std::string kind = trimmed(word.substr(0, equals)), age = equals == std::string::npos ? "" : trimmed(word.substr(equals + 1));
    if (!keep.count(kind)) throw Error("--keep", "there is no kind '" + kind + "'", "before, grids, maps, late, townships or cycles, e.g. \"grids=7 d\"");
    if (age == "ever") {
      keep[kind] = kEver;
      continue;
    }
    try {
      keep[kind] = Seconds(static_cast<std::int64_t>(parse_duration(age)));
    } catch (const Error&) {
      throw Error("--keep", "'" + word + "' gives no time", "write it as \"" + kind + "=7 d\" or \"" + kind + "=ever\"");
    }
    if (keep[kind] < Seconds(0)) throw Error("--keep", "'" + word + "' is before now");
  }
  return keep;
}

std::vector<Expired> expired_products(const std::string& out, const Retention& keep, TimePoint now) {
  std::vector<Expired> expired;
  const auto over = [&](const std::string& kind, TimePoint t) {
    const auto limit = keep.find(kind);
    return limit != keep.end() && limit->second != kEver && now - t > limit->second;
  };
  const auto add = [&](const fs::path& path, const std::string& kind) { expired.push_back({fs::relative(path, out).string(), kind, bytes_below(path)}); };
  const auto cycles = dated_folders(out + "/cycles");
  std::optional<TimePoint> newest;
  for (const auto& [t, folder] : cycles)
    if (fs::exists(folder / "done.json")) newest = t;
  for (const auto& [t, folder] : cycles) {
    if (t == newest) continue;
    if (over("cycles", t)) {
      add(folder, "cycles");
      continue;
    }
    if (!fs::exists(folder / "done.json")) continue;
    std::vector<fs::path> parts;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) parts.push_back(entry.path());
    std::sort(parts.begin(), parts.end());
    for (const fs::path& part : parts)
      if (const std::string kind = kind_of(part); !kind.empty() && over(kind, t)) add(part, kind);
  }
  for (const auto& [t, folder] : dated_folders(out + "/late"))
    if (over("late", t)) add(folder, "late");
  return expired;
}

void remove_expired(const std::string& out, const std::vector<Expired>& expired, TimePoint now) {
  std::map<std::string, std::vector<std::string>> taken;  // cycle folder -> names
  for (const Expired& e : expired)
    if (e.kind != "cycles" && e.kind != "late") taken[fs::path(e.path).parent_path().string()].push_back(fs::path(e.path).filename().string());
  // Said before it is done: what a killed archive left can only be less than what is told.
  for (const auto& [folder, names] : taken) {
    const std::string path = out + "/" + folder + "/retired.json";
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    try {
      if (fs::exists(path)) json = nlohmann::ordered_json::parse(read_text_file(path));
    } catch (const nlohmann::json::exception&) {
      json = nlohmann::ordered_json::object();
    }
    for (const std::string& n : names) json[n] = to_iso(now);
    write_file_atomically(path, json.dump(1) + "\n");
  }
  for (const Expired& e : expired) {
    std::error_code ec;
    fs::remove_all(out + "/" + e.path, ec);
    if (ec) throw Error(out + "/" + e.path, "cannot be removed: " + ec.message(), "check its permissions");
  }
}

}  // namespace guyu::cli
