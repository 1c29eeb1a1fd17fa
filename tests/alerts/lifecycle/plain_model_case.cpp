#include "tests/alerts/lifecycle/plain_model_case.h"

#include <algorithm>
#include <cstdio>

namespace guyu::test {
namespace {
constexpr const char* kLevels[] = {"None", "Blue", "Yellow", "Orange", "Red"};

std::string list(const std::set<int>& regions) {
  std::string text;
  for (const int r : regions) text += (text.empty() ? "" : ",") + PlainModel::code(r);
  return text;
}
bool neighbours(int a, int b) {
  constexpr int n = PlainModel::kColumns;
  return std::abs(a / n - b / n) <= 1 && std::abs(a % n - b % n) <= 1;
}
std::set<int> without(const std::set<int>& a, const std::set<int>& b) {
  std::set<int> rest;
  for (const int x : a)
    if (!b.count(x)) rest.insert(x);
  return rest;
}
std::size_t shared(const std::set<int>& a, const std::set<int>& b) { return a.size() - without(a, b).size(); }
}  // namespace

std::string PlainModel::code(int region) { return "r00" + std::to_string(region / kColumns) + "c00" + std::to_string(region % kColumns); }

void PlainModel::tick(int now) {
  now = std::max(now, clock_);  // a clock set back a little stands still
  calls_ = now == clock_ ? calls_ + 1 : 1;
  clock_ = now;
  lines_.clear();
}

std::string PlainModel::name_of(int hazard, int region) const {
  char when[32];
  std::snprintf(when, sizeof when, "201906%02dT%02d%02d00Z", 10 + clock_ / 1440, clock_ / 60 % 24, clock_ % 60);
  return rules_[static_cast<std::size_t>(hazard)].name + "-" + when + "-" + code(region) + (calls_ > 1 ? "-" + std::to_string(calls_) : "");
}

void PlainModel::say(const std::string& action, const std::string& reason, const Event& e, bool message, const std::set<int>& added,
                     const std::set<int>& removed) {
  std::string line =
      action + " " + reason + " " + e.name + " " + kLevels[e.level] + " [" + list(e.regions) + "] +[" + list(added) + "] -[" + list(removed) + "]";
  if (message) {
    line += " until " + std::to_string(e.expires) + " refers to";
    for (const auto& [id, expires] : e.messages)
      if (expires > clock_) line += " " + id;
  }
  lines_.insert(line);
}

PlainModel::Event* PlainModel::find(const std::string& name) {
  for (Event& e : events_)
    if (e.name == name) return &e;
  return nullptr;
}
void PlainModel::sent(const std::string& event, const std::string& identifier) {
  if (Event* e = find(event)) e->messages[identifier] = e->expires;
}

void PlainModel::mute(const Event& e, int up_to, int held_at) {
  for (const int r : e.regions) {
    Cell& c = cells_[static_cast<std::size_t>(e.hazard)][static_cast<std::size_t>(r)];
    c.muted_to = std::max({c.muted_to, up_to, c.standing});
    c.held_at = held_at;
    c.clear_since = -1;
  }
}

std::multiset<std::string> PlainModel::cancel(const std::string& event, int now) {
  tick(now);
  const Event e = *find(event);
  mute(e, e.level, 0);
  say("cancel", "cancelled_by_operator", e, true, {}, e.regions);
  std::erase_if(events_, [&](const Event& x) { return x.name == event; });
  return lines_;
}

std::multiset<std::string> PlainModel::edit(const std::string& event, int now) {
  tick(now);
  say("update", "edited_by_operator", *find(event), true);
  return lines_;
}

std::multiset<std::string> PlainModel::reject(const std::string& event, int level, int told_level, const std::set<std::string>& told, int now) {
  tick(now);
  Event& e = *find(event);
  if (e.level > level || told_level >= e.level) {
    say("keep", "rejected_by_approver", e, false);
    return lines_;
  }
  mute(e, level, told_level);
  if (told_level == 0) {
    say("withdraw", "rejected_by_approver", e, false, {}, e.regions);
    std::erase_if(events_, [&](const Event& x) { return x.name == event; });
    return lines_;
  }
  e.level = told_level;
  std::erase_if(e.messages, [&](const auto& m) { return !told.count(m.first); });
  const bool any_open = std::any_of(e.messages.begin(), e.messages.end(), [&](const auto& m) { return m.second > clock_; });
  say(any_open ? "update" : "issue", "rejected_by_approver", e, true);
  return lines_;
}

void PlainModel::move_cell(Cell& c, const Rules& r, int found, bool in_event, int valid_minutes) const {
  if (c.standing > 0 && !in_event && clock_ >= std::max(c.valid_to, c.known + r.unknown_limit)) c.standing = 0, c.low_since = -1;
  if (found != kUnknown) {
    c.known = clock_;
    if (found > 0 && found >= c.standing) {
      c.standing = found, c.valid_to = clock_ + valid_minutes, c.low_since = -1;
    } else if (c.standing > 0) {
      if (c.low_since < 0) c.low_since = clock_, c.low_peak = 0;
      c.low_peak = std::max(c.low_peak, found);
      if (clock_ - c.low_since >= (c.low_peak > 0 ? r.downgrade_hold : r.clear_hold)) {
        c.standing = c.low_peak;
        c.low_since = -1;
        c.valid_to = std::max(c.valid_to, clock_ + valid_minutes);
      }
    }
  } else {
    c.low_since = -1;
  }
  if (c.muted_to == 0) return;
  if (found != 0) c.clear_since = -1;
  else if (c.clear_since < 0) c.clear_since = clock_;
  const bool clear = c.standing == 0 && c.clear_since >= 0 && clock_ - c.clear_since >= r.clear_hold;
  if (c.standing > c.muted_to || clear) c.muted_to = c.held_at = 0, c.clear_since = -1;
}

std::vector<PlainModel::Group> PlainModel::groups_of(const std::vector<std::vector<int>>& warned) const {
  std::vector<Group> groups;
  for (int level = 4; level > 0; --level)
    for (std::size_t h = 0; h < rules_.size(); ++h) {
      std::set<int> left;
      for (int r = 0; r < kRegions; ++r)
        if (warned[h][static_cast<std::size_t>(r)] == level) left.insert(r);
      while (!left.empty()) {
        Group g{static_cast<int>(h), level, {*left.begin()}};
        for (bool grown = true; grown;) {
          grown = false;
          for (const int r : left)
            for (const int in : std::set<int>(g.regions))
              if (neighbours(r, in) && g.regions.insert(r).second) grown = true;
        }
        left = without(left, g.regions);
        groups.push_back(g);
      }
    }
  std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    if (a.level != b.level) return a.level > b.level;
    return rules_[static_cast<std::size_t>(a.hazard)].name < rules_[static_cast<std::size_t>(b.hazard)].name;
  });
  return groups;
}

std::pair<int, std::string> PlainModel::life(const Group& g, const Found& found) const {
  const Rules& rules = rules_[static_cast<std::size_t>(g.hazard)];
  int end = 0;
  std::string kind = "_hold";
  for (const int r : g.regions) {
    const auto h = static_cast<std::size_t>(g.hazard), i = static_cast<std::size_t>(r);
    const Cell& c = cells_[h][i];
    int until = clock_ + kShortest;
    if (found[h][i] == kUnknown) {
      until = std::min(clock_ + kRenewBefore + kShortest, c.known + rules.unknown_limit);
      if (kind != "") kind = "_data_gap";
    } else if (c.low_since >= 0) {
      until = c.low_since + (c.low_peak > 0 ? rules.downgrade_hold : rules.clear_hold) + kShortest;
    } else {
      kind = "";
    }
    end = std::max({end, until, c.valid_to});
  }
  return {std::min(end, clock_ + kLongest), kind};
}

std::multiset<std::string> PlainModel::step(int now, const Found& found, int valid_minutes) {
  tick(now);
  // What has run out.
  for (const Event& e : events_) {
    if (e.expires > clock_) continue;
    bool gap = false;
    for (const int r : e.regions) {
      const auto h = static_cast<std::size_t>(e.hazard), i = static_cast<std::size_t>(r);
      gap = gap || found[h][i] == kUnknown;
      cells_[h][i].standing = 0, cells_[h][i].low_since = -1;
    }
    say("expire", gap ? "expired_without_data" : "expired", e, false, {}, e.regions);
  }
  std::erase_if(events_, [&](const Event& e) { return e.expires <= clock_; });
  // What stands, and what of it is warned of. What inhibits has a lower number than what it inhibits.
  std::vector<std::vector<int>> warned(rules_.size(), std::vector<int>(kRegions, 0));
  std::map<std::string, std::set<int>> held;
  for (std::size_t h = 0; h < rules_.size(); ++h)
    for (int r = 0; r < kRegions; ++r) {
      const auto i = static_cast<std::size_t>(r);
      const bool in_event = std::any_of(events_.begin(), events_.end(), [&](const Event& e) { return e.hazard == static_cast<int>(h) && e.regions.count(r); });
      Cell& c = cells_[h][i];
      move_cell(c, rules_[h], found[h][i], in_event, valid_minutes);
      int& w = warned[h][i] = c.muted_to > 0 ? std::min(c.standing, c.held_at) : c.standing;
      std::string why = c.standing > 0 && w == 0 ? "muted" : "";
      std::set<std::string> by;
      for (const int a : rules_[h].inhibited_by) {
        const int other = warned[static_cast<std::size_t>(a)][i];
        if (w > 0 && !in_event && other >= w && other >= rules_[static_cast<std::size_t>(a)].inhibits_from) by.insert(rules_[static_cast<std::size_t>(a)].name);
      }
      if (!by.empty()) w = 0, why = "inhibited";
      for (const std::string& b : by) why += " " + b;
      if (!why.empty()) held[why + " " + rules_[h].name + " " + kLevels[c.standing]].insert(r);
    }
  for (const auto& [what, regions] : held) lines_.insert("hold " + what + " [" + list(regions) + "]");

  // Which group goes on under which event: most regions in common first, then the severer group, then the older event.
  const std::vector<Group> groups = groups_of(warned);
  std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return std::pair(a.onset, a.name) < std::pair(b.onset, b.name); });
  const auto common = [&](const Group& g, const Event& e) { return g.hazard == e.hazard ? shared(g.regions, e.regions) : 0; };
  std::map<const Group*, Event*> event_of;
  std::map<const Event*, const Group*> heir_of;
  for (std::size_t n = kRegions; n > 0; --n)
    for (const Group& g : groups)
      for (Event& e : events_)
        if (common(g, e) == n && !event_of.count(&g) && !heir_of.count(&e)) event_of[&g] = &e, heir_of[&e] = &g;

  std::vector<Event> after;
  for (const Group& g : groups) {
    const auto [end, kind] = life(g, found);
    if (!event_of.count(&g)) {
      std::size_t from_others = 0;
      for (const Event& e : events_) from_others += common(g, e);
      const Event e{name_of(g.hazard, *g.regions.begin()), g.hazard, g.level, clock_, g.regions, std::max(end, clock_ + kShortest), {}};
      say("issue", from_others == g.regions.size() ? "split" : "onset", e, true, g.regions);
      after.push_back(e);
      continue;
    }
    const Event& was = *event_of[&g];
    Event e = was;
    e.level = g.level;
    e.regions = g.regions;
    bool takes_over = false;
    for (const Event& other : events_)
      if (!heir_of.count(&other) && common(g, other) > 0) takes_over = true, e.messages.insert(other.messages.begin(), other.messages.end());
    std::string reason;
    if (e.level > was.level) reason = "escalation";
    else if (e.level < was.level) reason = "downgrade_after_hold";
    else if (takes_over) reason = "merge";
    else if (e.regions != was.regions) reason = "area_change";
    else if (was.expires - clock_ <= kRenewBefore && end > was.expires) reason = "extension" + kind;
    if (reason.empty()) {
      say("keep", kind == "" ? "unchanged" : kind == "_hold" ? "hold_running" : "unknown_keeps_level", e, false);
    } else {
      e.expires = std::max(end, clock_ + kShortest);
      say("update", reason, e, true, without(e.regions, was.regions), without(was.regions, e.regions));
    }
    after.push_back(e);
  }
  for (const Event& e : events_) {
    if (heir_of.count(&e)) continue;
    const bool taken = std::any_of(groups.begin(), groups.end(), [&](const Group& g) { return common(g, e) > 0; });
    if (taken) say("supersede", "merge", e, false, {}, e.regions);
    else say("cancel", "all_clear_after_hold", e, true, {}, e.regions);
  }
  events_ = std::move(after);
  return lines_;
}

}  // namespace guyu::test
