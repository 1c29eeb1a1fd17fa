#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "alerts/lifecycle/book_step.h"

// The second half of a step: regions become groups, groups become events, and events decide on messages.
namespace guyu {

void BookStep::form_groups() {
  for (std::size_t k = 0; k < views_.size(); ++k) {
    const View& v = views_[k];
    std::map<Level, std::vector<std::size_t>> crowds;
    for (Place place = 0; place < v.warned.size(); ++place) {
      if (v.warned[place] < Level::blue) continue;
      if (place < regions_.regions.size()) crowds[v.warned[place]].push_back(place);
      else groups_.push_back({k, v.warned[place], {place}, kNoEvent, {}});  // gone from the set: alone, until it expires
    }
    for (const auto& [level, crowd] : crowds) {
      for (const auto& numbers : index_.graph.groups(crowd, settings_.group_cap)) {
        Group g{k, level, {numbers.begin(), numbers.end()}, kNoEvent, {}};
        std::sort(g.places.begin(), g.places.end(), [&](Place a, Place b) { return code_of(a) < code_of(b); });
        groups_.push_back(std::move(g));
      }
    }
  }
  // Severest first, then by place: the order of sending.
  std::sort(groups_.begin(), groups_.end(), [&](const Group& a, const Group& b) {
    return std::tie(b.level, views_[a.view].hazard, code_of(a.places.front())) < std::tie(a.level, views_[b.view].hazard, code_of(b.places.front()));
  });
}

// A group inherits the event with which it shares most regions; an event goes to one group only.
void BookStep::match_groups() {
  struct Offer {
    long shared;
    std::size_t group, event;
  };
  std::vector<Offer> offers;
  std::vector<std::size_t> homes;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    homes.clear();
    for (const Place place : groups_[g].places) {
      const std::int32_t home = views_[groups_[g].view].home[place];
      if (home != kNoEvent) homes.push_back(static_cast<std::size_t>(home));
    }
    std::sort(homes.begin(), homes.end());
    for (std::size_t i = 0, end = 0; i < homes.size(); i = end) {
      while (end < homes.size() && homes[end] == homes[i]) ++end;
      offers.push_back({static_cast<long>(end - i), g, homes[i]});
    }
  }
  // Groups stand severest first, events oldest first.
  std::sort(offers.begin(), offers.end(),
            [](const Offer& a, const Offer& b) { return std::tie(b.shared, a.group, a.event) < std::tie(a.shared, b.group, b.event); });
  heir_.assign(state_.alerts.size(), kNoEvent);
  taker_.assign(state_.alerts.size(), kNoEvent);
  for (const Offer& o : offers) {
    if (groups_[o.group].event != kNoEvent || heir_[o.event] != kNoEvent) continue;
    groups_[o.group].event = static_cast<std::int32_t>(o.event);
    heir_[o.event] = static_cast<std::int32_t>(o.group);
  }
  for (const Offer& o : offers) {
    if (heir_[o.event] != kNoEvent) continue;
    groups_[o.group].absorbed.push_back(o.event);
    if (taker_[o.event] == kNoEvent) taker_[o.event] = static_cast<std::int32_t>(o.group);
  }
}

// Events without an heir: taken over by another event's update, or cleared.
void BookStep::settle_events() {
  for (std::size_t e = 0; e < state_.alerts.size(); ++e) {
    if (heir_[e] != kNoEvent) continue;
    const bool merged = taker_[e] != kNoEvent;
    const View& v = view_of(state_.alerts[e].hazard);
    Decision d = decision(merged ? Action::supersede : Action::cancel, merged ? reasons::merge : reasons::all_clear, state_.alerts[e]);
    d.alert.state = AlertState::ended;
    for (AlertMember& m : d.alert.members) {
      d.removed.push_back(m.code);
      if (const RiskRow* row = v.cleared[place_of(m.code)]) m.evidence = row->evidence, m.level = Level::none, m.found = row->level;
    }
    if (merged) {
      const Group& taker = groups_[static_cast<std::size_t>(taker_[e])];
      d.detail = "taken over by " + state_.alerts[static_cast<std::size_t>(taker.event)].event;
    } else {
      d.detail = fmt::format("no warning level known for {} min in {} region(s)", v.policy->clear_hold.count() / 60, d.removed.size());
      d.references = open_messages(d.alert, now_);
      send(d, state_, settings_);
    }
    late_.push_back(std::move(d));
  }
}

void BookStep::settle_groups() {
  std::vector<Alert> alerts;
  alerts.reserve(groups_.size());
  out_.reserve(out_.size() + groups_.size() + late_.size() + held_.size());
  for (const Group& g : groups_) {
    Decision d = g.event == kNoEvent ? start(g) : carry_on(g);
    alerts.push_back(d.alert);
    out_.push_back(std::move(d));
  }
  std::sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) { return std::tie(a.onset, a.event) < std::tie(b.onset, b.event); });
  state_.alerts = std::move(alerts);
}

Decision BookStep::start(const Group& g) {
  const View& v = views_[g.view];
  Alert a;
  a.hazard = v.hazard;
  a.onset = now_;
  a.level = g.level;
  a.event = event_name(state_, v.hazard, code_of(g.places.front()));
  a.members = members_of(v, g.places);
  a.expires = std::max(end_of(g).time, now_ + v.policy->shortest_validity);
  const bool parted = std::all_of(g.places.begin(), g.places.end(), [&](Place p) { return v.home[p] != kNoEvent; });
  Decision d = decision(Action::issue, parted ? reasons::split : reasons::onset, std::move(a));
  for (const AlertMember& m : d.alert.members) d.added.push_back(m.code);
  d.detail = fmt::format("{} for {} region(s)", to_string(g.level), g.places.size());
  send(d, state_, settings_);
  return d;
}

Decision BookStep::carry_on(const Group& g) {
  const View& v = views_[g.view];
  Decision d = decision(Action::keep, reasons::unchanged, state_.alerts[static_cast<std::size_t>(g.event)]);
  Alert& a = d.alert;
  const std::vector<AlertMember> before = std::exchange(a.members, members_of(v, g.places));
  const auto note_absent = [](const std::vector<AlertMember>& from, const std::vector<AlertMember>& in, std::vector<std::string>& absent) {
    auto other = in.begin();
    for (const AlertMember& m : from) {
      while (other != in.end() && other->code < m.code) ++other;
      if (other == in.end() || other->code != m.code) absent.push_back(m.code);
    }
  };
  note_absent(a.members, before, d.added);
  note_absent(before, a.members, d.removed);
  a.level = g.level;
  const End end = end_of(g);
  const bool runs_out = a.expires - now_ <= v.policy->renew_before && end.time > a.expires;
  const bool changed = !d.added.empty() || !d.removed.empty();
  if (a.level > d.previous_level) d.reason = reasons::escalation;
  else if (a.level < d.previous_level) d.reason = reasons::downgrade;
  else if (!g.absorbed.empty()) d.reason = reasons::merge;
  else if (changed) d.reason = reasons::area;
  else if (runs_out) d.reason = end.life == Life::fresh ? reasons::extension : end.life == Life::gap ? reasons::gap_extension : reasons::hold_extension;
  else {
    if (end.life != Life::fresh) d.reason = end.life == Life::gap ? reasons::data_gap : reasons::holding;
    d.detail = fmt::format("{} in {} region(s) until {}", to_string(a.level), g.places.size(), to_iso(a.expires));
    return d;
  }
  d.action = Action::update;
  d.references = open_messages(a, now_);
  for (const std::size_t e : g.absorbed) {
    for (const MessageRef& m : open_messages(state_.alerts[e], now_)) d.references.push_back(m);
  }
  std::sort(d.references.begin(), d.references.end(),
            [](const MessageRef& x, const MessageRef& y) { return std::tie(x.sent, x.identifier) < std::tie(y.sent, y.identifier); });
  d.references.erase(std::unique(d.references.begin(), d.references.end()), d.references.end());
  a.messages = d.references;  // what has run out needs no reference any more
  a.expires = std::max(end.time, now_ + v.policy->shortest_validity);
  d.detail = fmt::format("{} to {}, +{} -{} region(s), until {}", to_string(d.previous_level), to_string(a.level), d.added.size(), d.removed.size(),
                         to_iso(a.expires));
  send(d, state_, settings_);
  return d;
}

std::vector<AlertMember> BookStep::members_of(const View& v, const std::vector<Place>& places) const {
  std::vector<AlertMember> members;
  members.reserve(places.size());
  for (const Place place : places) {
    const Track& t = *v.tracks[place];
    const RiskRow* row = v.rows[place];
    members.push_back({code_of(place), t.valid, t.evidence, t.level, row ? row->level : Level::unknown});
  }
  return members;
}

// How long the group's message may live, and which kind of region carries it to there.
BookStep::End BookStep::end_of(const Group& g) const {
  const View& v = views_[g.view];
  const HazardPolicy& p = *v.policy;
  End best{now_, Life::hold};
  bool any_fresh = false, any_gap = false;
  for (const Place place : g.places) {
    const Track& t = *v.tracks[place];
    TimePoint end = t.valid.end;
    if (!v.rows[place]) {
      any_gap = true;
      end = std::max(end, std::min(now_ + p.renew_before + p.shortest_validity, t.last_known + p.unknown_limit));
    } else if (t.lower_since) {
      const Seconds hold = t.lower_peak == Level::none ? p.clear_hold : p.downgrade_hold;
      end = std::max(end, *t.lower_since + hold + p.shortest_validity);  // still open when its end is told
    } else {
      any_fresh = true;
      end = std::max(end, now_ + p.shortest_validity);
    }
    best.time = std::max(best.time, end);
  }
  best.time = std::min(best.time, now_ + p.longest_validity);
  best.life = any_fresh ? Life::fresh : any_gap ? Life::gap : Life::hold;
  return best;
}

Decision BookStep::decision(Action action, std::string_view reason, Alert alert) const {
  Decision d;
  d.action = action;
  d.reason = reason;
  d.previous_level = action == Action::issue || action == Action::hold ? Level::none : alert.level;
  d.alert = std::move(alert);
  d.sent = now_;
  return d;
}

}  // namespace guyu
