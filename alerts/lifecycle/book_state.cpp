#include "alerts/lifecycle/book_state.h"

#include <fmt/format.h>

namespace guyu {

void advance(BookState& state, TimePoint now) {
  state.calls = state.last_step && *state.last_step == now ? state.calls + 1 : 1;
  state.last_step = now;
}

std::string event_name(const BookState& state, const std::string& hazard, const std::string& first_region) {
  std::string name = fmt::format("{}-{}-{}", hazard, to_compact(*state.last_step), first_region);
  if (state.calls > 1) name += fmt::format("-{}", state.calls);
  return name;
}

std::vector<MessageRef> open_messages(const Alert& alert, TimePoint now) {
  std::vector<MessageRef> open;
  for (const MessageRef& m : alert.messages) {
    if (m.expires > now) open.push_back(m);
  }
  return open;
}

void send(Decision& d, BookState& state, const BookSettings& settings) {
  const TimePoint now = *state.last_step;
  if (now != state.sequence_time) state.sequence = 0;
  state.sequence_time = now;
  std::string digits;
  for (const char c : to_compact(now)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  d.identifier = fmt::format("2.49.0.1.{}.{}.{}.{}", settings.country, settings.authority, digits, ++state.sequence);
  d.sent = now;
  d.alert.messages.push_back({d.identifier, now, d.alert.expires});
}

}  // namespace guyu
