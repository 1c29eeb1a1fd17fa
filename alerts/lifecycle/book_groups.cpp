#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "alerts/lifecycle/book_step.h"

// The second half of a step: regions become groups, groups become events, and events decide on messages.
namespace guyu {

void BookStep::form_groups() {
  std::size_t warned = 0;
  for (const View& v : views_) warned += static_cast<std::size_t>(std::count_if(v.warned.begin(), v.warned.end(), [](Level l) { return l >= Level::blue; }));
  grouped_.reserve(warned);  // groups look into it: it must not move
  const auto add = [&](std::size_t view, Level level, std::size_t begin) {
    groups_.push_back({view, level, std::span<Place>(grouped_).subspan(begin), kNoEvent, {}});
  };
  for (std::size_t k = 0; k < views_.size(); ++k) {
    const View& v = views_[k];
    std::map<Level, std::vector<std::size_t>> crowds;
    for (Place place = 0; place < v.warned.size(); ++place) {
      if (v.warned[place] < Level::blue) continue;
      if (place < regions_.regions.size()) {
        crowds[v.warned[place]].push_back(place);
      } else {  // gone from the set: alone, until it expires
        grouped_.push_back(place);
        add(k, v.warned[place], grouped_.size() - 1);
      }
    }
    for (const auto& [level, crowd] : crowds) {
      const RegionGroups found = index_.graph.flat_groups(crowd, settings_.group_cap);
      for (std::size_t g = 0; g < found.size(); ++g) {
        const std::size_t begin = grouped_.size();
        for (std::size_t i = found.begins[g]; i < found.begins[g + 1]; ++i) grouped_.push_back(static_cast<Place>(found.members[i]));
        std::sort(grouped_.begin() + static_cast<std::ptrdiff_t>(begin), grouped_.end(), [&](Place x, Place y) { return index_.rank[x] < index_.rank[y]; });
        add(k, level, begin);
      }
    }
  }
  order_groups();
}

// Severest first, then by hazard and the first place's code: the order of sending.
void BookStep::order_groups() {
  struct Key {
    int mildness;
    std::uint32_t hazard;
    std::uint64_t code;  // twice the rank of the code; a stranger stands between two
    std::uint32_t group;
  };
  std::vector<std::uint32_t> hazard_rank(views_.size());
  {
    std::uint32_t rank = 0;
    for (const auto& [hazard, view] : view_number_) hazard_rank[view] = rank++;
  }
  std::vector<Key> keys;
  keys.reserve(groups_.size());
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const Place first = groups_[g].places.front();
    std::uint64_t code = 0;
    if (first < regions_.regions.size()) {
      code = 2 * std::uint64_t{index_.rank[first]} + 1;
    } else {
      const auto after = std::lower_bound(index_.by_code.begin(), index_.by_code.end(), code_of(first),
                                          [&](std::uint32_t region, const std::string& stranger) { return regions_.regions[region].code < stranger; });
      code = 2 * static_cast<std::uint64_t>(after - index_.by_code.begin());
    }
    keys.push_back({-static_cast<int>(groups_[g].level), hazard_rank[groups_[g].view], code, g});
  }
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    const auto x = std::tie(a.mildness, a.hazard, a.code), y = std::tie(b.mildness, b.hazard, b.code);
    return x != y ? x < y : code_of(groups_[a.group].places.front()) < code_of(groups_[b.group].places.front());
  });
  std::vector<Group> ordered;
  ordered.reserve(groups_.size());
  for (const Key& k : keys) ordered.push_back(std::move(groups_[k.group]));
  groups_ = std::move(ordered);
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
  for (const Group& g : groups_) {
    if (g.event == kNoEvent) {
      out_.push_back(start(g));
      alerts.push_back(out_.back().alert);
      continue;
    }
    Alert alert = std::move(state_.alerts[static_cast<std::size_t>(g.event)]);  // nobody else looks at an event that has an heir
    if (std::optional<Decision> d = carry_on(g, alert)) {
      out_.push_back(*std::move(d));
      alerts.push_back(out_.back().alert);
    } else {
      alerts.push_back(std::move(alert));
    }
  }
  const auto older = [](const Alert& a, const Alert& b) { return std::tie(a.onset, a.event) < std::tie(b.onset, b.event); };
  std::vector<std::uint32_t> order(alerts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return older(alerts[a], alerts[b]); });
  state_.alerts.clear();
  state_.alerts.reserve(alerts.size());
  for (const std::uint32_t i : order) state_.alerts.push_back(std::move(alerts[i]));
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

// Brings the event to what stands. Nothing: it is kept as it is, and enough are told of already.
std::optional<Decision> BookStep::carry_on(const Group& g, Alert& alert) {
  const View& v = views_[g.view];
  const Level previous = alert.level;
  std::vector<std::string> added, removed;
  const bool same = alert.members.size() == g.places.size() &&
                    std::equal(g.places.begin(), g.places.end(), alert.members.begin(), [&](Place p, const AlertMember& m) { return code_of(p) == m.code; });
  if (same) {
    for (std::size_t i = 0; i < g.places.size(); ++i) {
      const Track& t = *v.tracks[g.places[i]];
      const RiskRow* row = v.rows[g.places[i]];
      AlertMember& m = alert.members[i];
      m.valid = t.valid, m.evidence = t.evidence, m.level = t.level, m.found = row ? row->level : Level::unknown;
    }
  } else {
    const std::vector<AlertMember> before = std::exchange(alert.members, members_of(v, g.places));
    const auto note_absent = [](const std::vector<AlertMember>& from, const std::vector<AlertMember>& in, std::vector<std::string>& absent) {
      auto other = in.begin();
      for (const AlertMember& m : from) {
        while (other != in.end() && other->code < m.code) ++other;
        if (other == in.end() || other->code != m.code) absent.push_back(m.code);
      }
    };
    note_absent(alert.members, before, added);
    note_absent(before, alert.members, removed);
  }
  alert.level = g.level;
  const End end = end_of(g);
  const bool runs_out = alert.expires - now_ <= v.policy->renew_before && end.time > alert.expires;
  std::string_view reason = reasons::unchanged;
  bool keeps = false;
  if (alert.level > previous) reason = reasons::escalation;
  else if (alert.level < previous) reason = reasons::downgrade;
  else if (!g.absorbed.empty()) reason = reasons::merge;
  else if (!added.empty() || !removed.empty()) reason = reasons::area;
  else if (runs_out) reason = end.life == Life::fresh ? reasons::extension : end.life == Life::gap ? reasons::gap_extension : reasons::hold_extension;
  else {
    keeps = true;
    if (end.life != Life::fresh) reason = end.life == Life::gap ? reasons::data_gap : reasons::holding;
    if (++kept_ > most_kept_) return {};
  }
  Decision d = decision(keeps ? Action::keep : Action::update, reason, std::move(alert));
  d.previous_level = previous;
  d.added = std::move(added);
  d.removed = std::move(removed);
  Alert& a = d.alert;
  if (keeps) {
    d.detail = fmt::format("{} in {} region(s) until {}", to_string(a.level), g.places.size(), to_iso(a.expires));
    return d;
  }
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

std::vector<AlertMember> BookStep::members_of(const View& v, std::span<const Place> places) const {
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
