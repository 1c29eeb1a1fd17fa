#include "cli/run/load_rain.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

bool is_rain(const Field& f) {
  const bool rate = f.meta.quantity == quantities::rainfall_rate();
  return rate || (f.meta.quantity == quantities::precipitation_amount() && f.meta.valid.begin < f.meta.valid.end);
}

void reject(const InventoryItem& item, const std::string& role, const std::string& reason, RunReport& report) {
  report.inputs.push_back({item.path, role, "", "", reason, {}, {}});
  report.degraded.push_back(role + ": " + item.path + ": " + reason);
}

std::vector<FieldPtr> rain_of(FileFields& file, const std::string& quantity, const std::string& path, RunReport& report) {
  std::vector<FieldPtr> rain;
  bool members = false;
  for (const std::string& wanted : {quantities::rainfall_rate().name, quantities::precipitation_amount().name}) {
    if (!rain.empty() || (!quantity.empty() && wanted != quantity)) continue;
    std::optional<int> first;
    for (Field& f : file.fields) {
      if (f.meta.quantity.name != wanted || !is_rain(f)) continue;
      if (f.meta.member && !first) first = f.meta.member;
      if (f.meta.member == first || !f.meta.member) rain.push_back(std::make_shared<const Field>(std::move(f)));
      else members = true;
    }
  }
  if (members) report.notes.push_back(path + ": of its members only the first is used");
  return rain;
}

}  // namespace

std::vector<FieldPtr> load_rain(const InventoryItem& item, const RainRequest& request, RunReport& report) {
  std::string reason;
  try {
    ReadRequest wanted;
    wanted.quantities = {quantities::rainfall_rate().name, quantities::precipitation_amount().name};
    if (!request.quantity.empty()) wanted.quantities = {request.quantity};
    FileFields file = read_file(item.path, wanted);
    for (const std::string& p : file.problems) report.degraded.push_back(request.role + ": " + item.path + ": " + p);
    std::vector<FieldPtr> rain = rain_of(file, request.quantity, item.path, report);
    if (!rain.empty()) {
      const TimePoint valid = rain.back()->meta.valid.end;
      report.inputs.push_back({item.path, request.role, file.format, hash_file(item.path), "", valid, request.issue - valid});
      return rain;
    }
    reason = "holds no " + (request.quantity.empty() ? "rain" : request.quantity);
  } catch (const Error& e) {
    reason = e.reason();
  }
  reject(item, request.role, reason, report);
  return {};
}

FieldPtr load_radar_frame(const InventoryItem& item, const RainRequest& request, Seconds tolerance, RunReport& report) {
  const std::vector<FieldPtr> rain = load_rain(item, request, report);
  if (rain.empty()) return nullptr;
  const FieldPtr best =
      *std::min_element(rain.begin(), rain.end(), [](const FieldPtr& a, const FieldPtr& b) { return a->meta.valid.length() < b->meta.valid.length(); });
  if (std::chrono::abs(best->meta.valid.end - item.time) > tolerance) {
    report.inputs.pop_back();
    reject(item, request.role, fmt::format("its content is of {}, its name says {}", to_iso(best->meta.valid.end), to_iso(item.time)), report);
    return nullptr;
  }
  return best;
}

}  // namespace guyu::cli
