#include "alerts/lifecycle/alert_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "engine/core/error.h"

namespace guyu {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::issue: return "issue";
    case Action::update: return "update";
    case Action::cancel: return "cancel";
    case Action::expire: return "expire";
    case Action::supersede: return "supersede";
    case Action::keep: return "keep";
  }
  return "";
}

// One step over a copy of the book's state.
class BookStep {
 public:
  BookStep(AlertBook& book, const RiskTable& table, const RegionSet& regions, TimePoint now)
      : book_(book), s_(book.settings_), table_(table), regions_(regions), now_(now) {}

  std::vector<Decision> run() {
    index_rows();
    expire_events();
    follow_levels();
    form_groups();
    match_groups();
    settle_events();
    settle_groups();
    return finish();
  }

 private:
  using Key = AlertBook::TrackKey;
  using Track = AlertBook::Track;
  struct Group {
    std::string hazard;
    Level level;
    std::vector<std::string> codes;  // sorted
    std::optional<std::size_t> event;
    std::vector<std::size_t> absorbed;
  };
  // What a region's row says about how long its warning must live.
  enum class Life { fresh, gap, hold };

  void index_rows() {
    const bool stale = now_ - table_.issue > s_.table_age_limit;
    for (const RiskRow& row : table_.rows) {
      if (row.region >= regions_.regions.size()) {
        throw Error("", fmt::format("the risk table names region number {} of {}", row.region, regions_.regions.size()),
                    "evaluate the hazards on the same regions as the alerts");
      }
      if (row.level == Level::unknown || stale) continue;  // no answer and no row are the same: Unknown
      rows_[{row.hazard, regions_.regions[row.region].code}] = &row;
    }
    for (std::size_t i = 0; i < regions_.regions.size(); ++i) number_[regions_.regions[i].code] = i;
  }

  const RiskRow* row_of(const Key& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second;
  }

  void expire_events() {
    std::vector<Alert> alive;
    for (Alert& a : book_.alerts_) {
      if (a.expires > now_) {
        alive.push_back(std::move(a));
        continue;
      }
      bool gap = false;
      for (const AlertMember& m : a.members) {
        gap = gap || !row_of({a.hazard, m.code});
        book_.tracks_.erase({a.hazard, m.code});
      }
      Decision d = decision(Action::expire, gap ? reasons::expired_gap : reasons::expired, a);
      d.alert.state = AlertState::ended;
      for (const AlertMember& m : a.members) d.removed.push_back(m.code);
      d.detail = fmt::format("the last message ran out at {}", to_iso(a.expires));
      out_.push_back(std::move(d));
    }
    book_.alerts_ = std::move(alive);
  }

  // Moves the standing level of every region; see AlertBook.
  void follow_levels() {
    for (auto it = book_.tracks_.begin(); it != book_.tracks_.end();) {
      Track& t = it->second;
      const RiskRow* row = row_of(it->first);
      if (!row) {
        t.lower_since.reset();
        ++it;
        continue;
      }
      t.last_known = now_;
      if (row->level >= t.level) {
        stand(t, row->level, *row);
        ++it;
        continue;
      }
      t.lower_peak = t.lower_since ? std::max(t.lower_peak, row->level) : row->level;
      if (!t.lower_since) t.lower_since = now_;
      if (now_ - *t.lower_since < hold(t)) {
        ++it;
      } else if (t.lower_peak == Level::none) {
        cleared_[it->first] = row->evidence;
        it = book_.tracks_.erase(it);
      } else {
        const TimePoint end = std::max(row->valid.end, t.valid.end);
        stand(t, t.lower_peak, *row);
        t.valid.end = end;
        ++it;
      }
    }
    for (const auto& [key, row] : rows_) {
      if (row->level <= Level::none || book_.tracks_.count(key)) continue;
      Track t;
      t.last_known = now_;
      stand(t, row->level, *row);
      book_.tracks_.emplace(key, std::move(t));
    }
  }

  static void stand(Track& t, Level level, const RiskRow& row) {
    t.level = level;
    t.valid = row.valid;
    t.evidence = row.evidence;
    t.lower_since.reset();
  }

  Seconds hold(const Track& t) const { return t.lower_peak == Level::none ? s_.clear_hold : s_.downgrade_hold; }

  void form_groups() {
    const std::string hash = regions_.hash();
    if (!book_.graph_ || book_.graph_regions_ != hash) {
      book_.graph_ = std::make_shared<RegionGraph>(regions_, s_.neighbour_tolerance);
      book_.graph_regions_ = hash;
    }
    std::map<std::pair<std::string, Level>, std::vector<std::size_t>> crowds;
    for (const auto& [key, t] : book_.tracks_) {
      const auto number = number_.find(key.second);
      if (number == number_.end()) {  // a region that is gone from the set: alone, until it expires
        groups_.push_back({key.first, t.level, {key.second}, {}, {}});
      } else {
        crowds[{key.first, t.level}].push_back(number->second);
      }
    }
    for (auto& [key, members] : crowds) {
      std::sort(members.begin(), members.end());
      for (const auto& group : book_.graph_->groups(members, s_.group_cap)) {
        Group g{key.first, key.second, {}, {}, {}};
        for (const std::size_t r : group) g.codes.push_back(regions_.regions[r].code);
        std::sort(g.codes.begin(), g.codes.end());
        groups_.push_back(std::move(g));
      }
    }
    // Severest first, then by place: the order of sending.
    std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) {
      return std::tuple(-static_cast<int>(a.level), a.hazard, a.codes.front()) < std::tuple(-static_cast<int>(b.level), b.hazard, b.codes.front());
    });
  }

  // A group inherits the event with which it shares most regions; an event goes to one group only.
  void match_groups() {
    for (std::size_t e = 0; e < book_.alerts_.size(); ++e) {
      for (const AlertMember& m : book_.alerts_[e].members) home_[{book_.alerts_[e].hazard, m.code}] = e;
    }
    std::map<std::pair<std::size_t, std::size_t>, long> shared;  // event, group -> regions
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (const std::string& code : groups_[g].codes) {
        const auto home = home_.find({groups_[g].hazard, code});
        if (home != home_.end()) ++shared[{home->second, g}];
      }
    }
    std::vector<std::tuple<long, std::size_t, std::size_t>> offers;  // groups stand severest first, events oldest first
    for (const auto& [pair, count] : shared) offers.emplace_back(-count, pair.second, pair.first);
    std::sort(offers.begin(), offers.end());
    heir_.assign(book_.alerts_.size(), std::nullopt);
    for (const auto& [count, g, e] : offers) {
      if (groups_[g].event || heir_[e]) continue;
      groups_[g].event = e;
      heir_[e] = g;
    }
    for (const auto& [count, g, e] : offers) {
      if (!heir_[e]) groups_[g].absorbed.push_back(e);
    }
  }

  // Events without an heir: taken over by another event's update, or cleared.
  void settle_events() {
    for (std::size_t e = 0; e < book_.alerts_.size(); ++e) {
      if (heir_[e]) continue;
      const auto taker = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) {
        return std::find(g.absorbed.begin(), g.absorbed.end(), e) != g.absorbed.end();
      });
      const bool merged = taker != groups_.end();
      Decision d = decision(merged ? Action::supersede : Action::cancel, merged ? reasons::merge : reasons::all_clear, book_.alerts_[e]);
      d.alert.state = AlertState::ended;
      for (AlertMember& m : d.alert.members) {
        d.removed.push_back(m.code);
        const auto gone = cleared_.find({d.alert.hazard, m.code});
        if (gone != cleared_.end()) m.evidence = gone->second;
      }
      if (merged) {
        d.detail = "taken over by " + book_.alerts_[*taker->event].event;
      } else {
        d.detail = fmt::format("no warning level known for {} min in {} region(s)", s_.clear_hold.count() / 60, d.removed.size());
        d.references = open_messages(d.alert);
        send(d);
      }
      late_.push_back(std::move(d));
    }
  }

  void settle_groups() {
    std::vector<Alert> alerts;
    for (const Group& g : groups_) {
      Decision d = g.event ? carry_on(g) : start(g);
      alerts.push_back(d.alert);
      out_.push_back(std::move(d));
    }
    std::sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) { return std::tie(a.onset, a.event) < std::tie(b.onset, b.event); });
    book_.alerts_ = std::move(alerts);
  }

  Decision start(const Group& g) {
    Alert a;
    a.hazard = g.hazard;
    a.onset = now_;
    a.level = g.level;
    a.event = fmt::format("{}-{}-{}", g.hazard, to_compact(now_), g.codes.front());
    a.members = members_of(g);
    a.expires = end_of(g).first;
    bool parted = true;
    for (const std::string& code : g.codes) parted = parted && home_.count({g.hazard, code});
    Decision d = decision(Action::issue, parted ? reasons::split : reasons::onset, a);
    d.added = g.codes;
    d.detail = fmt::format("{} for {} region(s)", to_string(a.level), g.codes.size());
    send(d);
    return d;
  }

  Decision carry_on(const Group& g) {
    Decision d = decision(Action::keep, reasons::unchanged, book_.alerts_[*g.event]);
    Alert& a = d.alert;
    d.previous_level = a.level;
    std::vector<std::string> before;
    for (const AlertMember& m : a.members) before.push_back(m.code);
    std::set_difference(g.codes.begin(), g.codes.end(), before.begin(), before.end(), std::back_inserter(d.added));
    std::set_difference(before.begin(), before.end(), g.codes.begin(), g.codes.end(), std::back_inserter(d.removed));
    a.level = g.level;
    a.members = members_of(g);
    const auto [end, life] = end_of(g);
    const bool runs_out = a.expires - now_ <= s_.renew_before && end > a.expires;
    const bool changed = !d.added.empty() || !d.removed.empty();
    if (a.level > d.previous_level) d.reason = reasons::escalation;
    else if (a.level < d.previous_level) d.reason = reasons::downgrade;
    else if (!g.absorbed.empty()) d.reason = reasons::merge;
    else if (changed) d.reason = reasons::area;
    else if (runs_out) d.reason = life == Life::fresh ? reasons::extension : life == Life::gap ? reasons::gap_extension : reasons::hold_extension;
    else {
      if (life != Life::fresh) d.reason = life == Life::gap ? reasons::data_gap : reasons::holding;
      d.detail = fmt::format("{} in {} region(s) until {}", to_string(a.level), g.codes.size(), to_iso(a.expires));
      return d;
    }
    d.action = Action::update;
    d.references = open_messages(a);
    for (const std::size_t e : g.absorbed) {
      for (const MessageRef& m : open_messages(book_.alerts_[e])) d.references.push_back(m);
    }
    std::sort(d.references.begin(), d.references.end(), [](const MessageRef& x, const MessageRef& y) { return std::tie(x.sent, x.identifier) < std::tie(y.sent, y.identifier); });
    d.references.erase(std::unique(d.references.begin(), d.references.end()), d.references.end());
    a.messages = d.references;  // what has run out needs no reference any more
    a.expires = end;
    d.detail = fmt::format("{} to {}, +{} -{} region(s), until {}", to_string(d.previous_level), to_string(a.level), d.added.size(), d.removed.size(), to_iso(end));
    send(d);
    return d;
  }

  std::vector<AlertMember> members_of(const Group& g) const {
    std::vector<AlertMember> members;
    for (const std::string& code : g.codes) {
      const Track& t = book_.tracks_.at({g.hazard, code});
      members.push_back({code, t.valid, t.evidence});
    }
    return members;
  }

  // How long the group's message may live, and which kind of region carries it to there.
  std::pair<TimePoint, Life> end_of(const Group& g) const {
    std::pair<TimePoint, Life> best{now_, Life::hold};
    bool any_fresh = false, any_gap = false;
    for (const std::string& code : g.codes) {
      const Key key{g.hazard, code};
      const Track& t = book_.tracks_.at(key);
      TimePoint end = t.valid.end;
      Life life = Life::fresh;
      if (!row_of(key)) {
        life = Life::gap;
        end = std::max(end, std::min(now_ + s_.renew_before + s_.shortest_validity, t.last_known + s_.unknown_limit));
      } else if (t.lower_since) {
        life = Life::hold;
        end = std::max(end, *t.lower_since + hold(t) + s_.shortest_validity);  // still open when its end is told
      } else {
        end = std::max(end, now_ + s_.shortest_validity);
      }
      any_fresh = any_fresh || life == Life::fresh;
      any_gap = any_gap || life == Life::gap;
      best.first = std::max(best.first, end);
    }
    best.first = std::min(best.first, now_ + s_.longest_validity);
    best.second = any_fresh ? Life::fresh : any_gap ? Life::gap : Life::hold;
    return best;
  }

  std::vector<MessageRef> open_messages(const Alert& a) const {
    std::vector<MessageRef> open;
    for (const MessageRef& m : a.messages) {
      if (m.expires > now_) open.push_back(m);
    }
    return open;
  }

  Decision decision(Action action, std::string_view reason, const Alert& a) const {
    Decision d;
    d.action = action;
    d.reason = reason;
    d.alert = a;
    d.previous_level = action == Action::issue ? Level::none : a.level;
    d.sent = now_;
    return d;
  }

  void send(Decision& d) {
    d.identifier = book_.next_identifier(now_);
    d.alert.messages.push_back({d.identifier, now_, d.alert.expires});
  }

  std::vector<Decision> finish() {
    for (Decision& d : late_) out_.push_back(std::move(d));
    book_.last_step_ = now_;
    return std::move(out_);
  }

  AlertBook& book_;
  const BookSettings& s_;
  const RiskTable& table_;
  const RegionSet& regions_;
  TimePoint now_;
  std::map<Key, const RiskRow*> rows_;
  std::unordered_map<std::string, std::size_t> number_;
  std::map<Key, Evidence> cleared_;  // the answers that ended them
  std::vector<Group> groups_;
  std::map<Key, std::size_t> home_;                // region -> event before this step
  std::vector<std::optional<std::size_t>> heir_;   // event -> group
  std::vector<Decision> out_, late_;
};

AlertBook::AlertBook(BookSettings settings) : settings_(std::move(settings)) {}

std::vector<Decision> AlertBook::step(const RiskTable& table, const RegionSet& regions, TimePoint now) {
  if (last_step_ && now < *last_step_) {
    throw Error("", fmt::format("the alerts stand at {} and cannot step back to {}", to_iso(*last_step_), to_iso(now)),
                "start from an empty alert book to replay the past");
  }
  AlertBook next = *this;
  std::vector<Decision> decisions = BookStep(next, table, regions, now).run();
  *this = std::move(next);
  return decisions;
}

std::string AlertBook::next_identifier(TimePoint now) {
  if (now != sequence_time_) sequence_ = 0;
  sequence_time_ = now;
  std::string digits;
  for (const char c : to_compact(now)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return fmt::format("2.49.0.1.{}.{}.{}.{}", settings_.country, settings_.authority, digits, ++sequence_);
}

}  // namespace guyu
