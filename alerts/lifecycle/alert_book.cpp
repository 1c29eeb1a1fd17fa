#include "alerts/lifecycle/alert_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "alerts/lifecycle/book_step.h"
#include "engine/core/error.h"

namespace guyu {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::issue: return "issue";
    case Action::update: return "update";
    case Action::cancel: return "cancel";
    case Action::expire: return "expire";
    case Action::supersede: return "supersede";
    case Action::withdraw: return "withdraw";
    case Action::hold: return "hold";
    case Action::keep: return "keep";
  }
  return "";
}

AlertBook::AlertBook(BookSettings settings) : settings_(std::move(settings)), ranks_(inhibition_ranks(settings_)) {}

AlertBook::AlertBook(BookSettings settings, BookState state) : AlertBook(std::move(settings)) { state_ = std::move(state); }

AlertBook AlertBook::from_json(const std::string& text, BookSettings settings, const std::string& place) {
  return {std::move(settings), book_state_from_json(text, place)};
}

TimePoint AlertBook::admitted(TimePoint now) const {
  if (!state_.last_step || now >= *state_.last_step) return now;
  if (*state_.last_step - now <= settings_.clock_tolerance) return *state_.last_step;
  throw Error("", fmt::format("the alerts stand at {} and cannot step back to {}", to_iso(*state_.last_step), to_iso(now)),
              "start from an empty alert book to replay the past");
}

std::vector<Decision> AlertBook::step(const RiskTable& table, const RegionSet& regions, TimePoint now, std::size_t most_kept) {
  now = admitted(now);
  for (const RiskRow& row : table.rows) {
    if (row.region < regions.regions.size()) continue;
    throw Error("", fmt::format("the risk table names region number {} of {}", row.region, regions.regions.size()),
                "evaluate the hazards on the same regions as the alerts");
  }
  if (const std::string hash = regions.hash(); !index_ || index_->hash != hash) {
    index_ = std::make_shared<RegionIndex>(regions, settings_.neighbour_tolerance, hash);
  }
  advance(state_, now);
  BookStep step(state_, settings_, ranks_, *index_, regions, table);
  std::vector<Decision> decisions = step.run(most_kept);
  kept_ = step.kept();
  return decisions;
}

std::vector<Alert>::iterator AlertBook::find_open(const std::string& event, TimePoint now) {
  const auto found = std::find_if(state_.alerts.begin(), state_.alerts.end(), [&](const Alert& a) { return a.event == event; });
  if (found == state_.alerts.end()) throw Error(event, "is not an active event", "guyu alerts list shows those that are");
  if (found->expires <= now) throw Error(event, "has run out at " + to_iso(found->expires), "nothing is left to change");
  return found;
}

void AlertBook::mute(const Alert& alert, Level up_to, Level held_at) {
  HazardState& hazard = state_.hazards[alert.hazard];
  for (const AlertMember& m : alert.members) {
    Mute& mute = hazard.mutes[m.code];
    const auto track = hazard.tracks.find(m.code);
    // A region held below the level that stands in it must not come back at that level either.
    const Level standing = track == hazard.tracks.end() ? Level::none : track->second.level;
    mute = {std::max({up_to, standing, mute.up_to}), held_at, {}};
  }
}

Decision AlertBook::cancel(const std::string& event, const std::string& who, const std::string& why, TimePoint now) {
  now = admitted(now);
  const auto alert = find_open(event, now);
  advance(state_, now);
  Decision d{Action::cancel, std::string(reasons::cancelled), why, who, std::move(*alert), Level::none, {}, {}, {}, now, {}, {}};
  state_.alerts.erase(alert);
  mute(d.alert, d.alert.level, Level::none);
  d.previous_level = d.alert.level;
  d.alert.state = AlertState::ended;
  for (const AlertMember& m : d.alert.members) d.removed.push_back(m.code);
  d.references = open_messages(d.alert, now);
  send(d, state_, settings_);
  return d;
}

Decision AlertBook::edit(const std::string& event, const std::string& who, TimePoint now) {
  now = admitted(now);
  const auto alert = find_open(event, now);
  advance(state_, now);
  Decision d{Action::update, std::string(reasons::edited), "the text was changed", who, *alert, alert->level, {}, {}, {}, now, open_messages(*alert, now), {}};
  d.alert.messages = d.references;
  send(d, state_, settings_);
  *alert = d.alert;
  return d;
}

Decision AlertBook::reject(const std::string& event, Level level, const std::string& who, const std::string& why, TimePoint now, const Told& told) {
  now = admitted(now);
  const auto alert = find_open(event, now);
  advance(state_, now);
  Decision d{Action::keep, std::string(reasons::rejected), why, who, *alert, alert->level, {}, {}, {}, now, {}, {}};
  if (alert->level > level || told.level >= alert->level) {
    d.detail =
        fmt::format("{} was rejected; the event stands at {}, receivers know {}: {}", to_string(level), to_string(alert->level), to_string(told.level), why);
    return d;
  }
  const Level held_at = told.level;
  mute(*alert, level, held_at);
  if (held_at < Level::blue) {
    d.action = Action::withdraw;
    d.alert.state = AlertState::ended;
    for (const AlertMember& m : d.alert.members) d.removed.push_back(m.code);
    state_.alerts.erase(alert);
    return d;
  }
  d.alert.level = held_at;
  std::erase_if(d.alert.messages,
                [&](const MessageRef& m) { return std::find(told.messages.begin(), told.messages.end(), m.identifier) == told.messages.end(); });
  d.references = open_messages(d.alert, now);
  d.action = d.references.empty() ? Action::issue : Action::update;  // there may be nothing left to update
  d.alert.messages = d.references;
  send(d, state_, settings_);
  *alert = d.alert;
  return d;
}

}  // namespace guyu
