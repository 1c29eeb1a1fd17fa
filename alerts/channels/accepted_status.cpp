#include "alerts/channels/accepted_status.h"

#include <algorithm>
#include <array>

#include "alerts/cap/alarm_notice.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::array<std::pair<const char*, RunStatus>, 3> kWords{
    {{"actual", RunStatus::actual}, {"exercise", RunStatus::exercise}, {"test", RunStatus::test}}};

// The text of the first <status>, which in CAP is that of the message; empty where there is none.
std::string_view status_in(const std::string& xml) {
  static constexpr std::string_view open = "<status>", close = "</status>";
  const std::size_t begin = xml.find(open);
  if (begin == std::string::npos) return {};
  const std::size_t end = xml.find(close, begin);
  if (end == std::string::npos) return {};
  return std::string_view(xml).substr(begin + open.size(), end - begin - open.size());
}
}  // namespace

ParamSpec AcceptedStatus::param() {
  return {"accept", ParamType::text_list, "Statuses that this channel sends: actual, exercise, test. Exercises and tests reach only channels that list them",
          "actual"};
}

AcceptedStatus::AcceptedStatus(const ConfigTable& table) {
  for (const std::string& word : table.texts("accept")) {
    const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const auto& w) { return word == w.first; });
    if (found == kWords.end()) throw Error(table.place("accept"), "\"" + word + "\" is no status", "the choices are actual, exercise, test");
    accepted_.push_back(found->second);
  }
}

std::optional<Outcome> AcceptedStatus::refusal(const OutgoingMessage& message) const {
  if (std::find(accepted_.begin(), accepted_.end(), message.status) == accepted_.end()) {
    return Outcome{Verdict::refused, "status " + std::string(to_string(message.status)) + " is not accepted by this channel", {}};
  }
  const std::string_view written = status_in(message.xml);
  const bool system = written == "System" && is_of_system(message.hazard);
  if (!written.empty() && !system && written != to_string(message.status)) {
    return Outcome{Verdict::refused, "the message says status " + std::string(written) + ", its record " + std::string(to_string(message.status)), {}};
  }
  return std::nullopt;
}

}  // namespace guyu
