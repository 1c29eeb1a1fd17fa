#include "alerts/dispatch/routing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/hash.h"

namespace guyu {
namespace {
bool named(const std::vector<std::string>& list, const std::string& word) { return list.empty() || std::find(list.begin(), list.end(), word) != list.end(); }

bool speaks(const OutgoingMessage& m, const std::vector<std::string>& languages) {
  return std::any_of(m.texts.begin(), m.texts.end(), [&](const OutgoingText& t) { return named(languages, t.language); });
}
}  // namespace

bool is_routed(const Route& route, const OutgoingMessage& m) {
  constexpr std::array<const char*, 3> kStatuses{"actual", "exercise", "test"};
  if (!named(route.statuses, kStatuses[static_cast<std::size_t>(m.status)])) return false;
  if (m.hazard == "heartbeat") return route.heartbeats;
  if (!named(route.hazards, m.hazard) || m.level < route.min_level) return false;
  if (!route.languages.empty() && !speaks(m, route.languages)) return false;
  if (route.regions.empty()) return true;
  return std::any_of(m.regions.begin(), m.regions.end(), [&](const std::string& code) {
    return std::any_of(route.regions.begin(), route.regions.end(), [&](const std::string& start) { return code.rfind(start, 0) == 0; });
  });
}

TimePoint first_attempt(const Route& route, const OutgoingMessage& m, TimePoint now, int utc_offset_minutes) {
  if (!route.quiet || m.level >= route.quiet_below || m.hazard == "heartbeat") return now;
  constexpr std::int64_t kDay = 24 * 60;
  const std::int64_t minute = (now.time_since_epoch().count() / 60 + utc_offset_minutes) % kDay;
  const auto [from, to] = *route.quiet;
  const std::int64_t since = (minute - from + kDay) % kDay, length = (to - from + kDay) % kDay;
  if (since >= length) return now;
  const TimePoint start_of_minute{Seconds{now.time_since_epoch().count() / 60 * 60}};
  return start_of_minute + std::chrono::minutes(length - since);
}

OutgoingMessage for_languages(const OutgoingMessage& message, const std::vector<std::string>& languages) {
  OutgoingMessage m = message;
  std::erase_if(m.texts, [&](const OutgoingText& t) { return !named(languages, t.language); });
  return m;
}

Seconds retry_wait(const Pace& pace, int attempts, const std::string& key) {
  const double most = static_cast<double>(pace.retry_longest.count());
  const double wait = std::min(static_cast<double>(pace.retry_first.count()) * std::pow(2.0, std::clamp(attempts - 1, 0, 30)), most);
  const std::string digits = Hasher().text(key).integer(attempts).short_hex().substr(0, 8);
  const double jitter = static_cast<double>(std::stoul(digits, nullptr, 16)) / 4294967296.0;
  return Seconds{std::max<std::int64_t>(1, std::llround(wait * (1 - 0.5 * jitter)))};
}

}  // namespace guyu
