#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <random>

#include "alerts/lifecycle/alert_book.h"
#include "tests/alerts/lifecycle/plain_model_case.h"

// The book against a plain model of its rules, and against what receivers would hold, over 10^4 random sequences with three
// hazards, gaps, leaps of the clock, restarts and operators.
using namespace guyu;
using guyu::test::PlainModel;
namespace {

constexpr int kSequences = 10000, kSteps = 16;
const TimePoint kStart = parse_time("2019-06-10T00:00:00Z");
TimePoint at(int minute) { return kStart + std::chrono::minutes(minute); }
int minute_of(TimePoint t) { return static_cast<int>((t - kStart).count() / 60); }

// wind speaks for fog and rain; rain, from Yellow on, for fog
const std::vector<std::string> kHazards{"wind", "rain", "fog"};
std::vector<PlainModel::Rules> rules() { return {{"wind", 20, 40, 90, {}, 1}, {"rain", 30, 60, 120, {0}, 2}, {"fog", 0, 50, 200, {0, 1}, 1}}; }
BookSettings settings() {
  BookSettings s;
  for (const auto& r : rules()) {
    HazardPolicy& p = s.hazards[r.name];
    p.downgrade_hold = std::chrono::minutes(r.downgrade_hold);
    p.clear_hold = std::chrono::minutes(r.clear_hold);
    p.unknown_limit = std::chrono::minutes(r.unknown_limit);
    p.inhibits_from = static_cast<Level>(r.inhibits_from);
  }
  s.hazards["wind"].inhibits = {"fog", "rain"};
  s.hazards["rain"].inhibits = {"fog"};
  return s;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : between) + w;
  return text;
}

// The decision in the model's words.
std::string line(const Decision& d) {
  const Alert& a = d.alert;
  std::vector<std::string> codes, references;
  for (const AlertMember& m : a.members) codes.push_back(m.code);
  const std::string level(to_string(a.level)), regions = "[" + joined(codes, ",") + "]";
  if (d.action == Action::hold)
    return "hold " + d.reason + (d.inhibitors.empty() ? "" : " ") + joined(d.inhibitors, " ") + " " + a.hazard + " " + level + " " + regions;
  std::string text = std::string(to_string(d.action)) + " " + d.reason + " " + a.event + " " + level + " " + regions + " +[" + joined(d.added, ",") + "] -[" +
                     joined(d.removed, ",") + "]";
  if (!d.has_message()) return text;
  for (const MessageRef& m : d.references) references.push_back(m.identifier);
  std::sort(references.begin(), references.end());
  text += " until " + std::to_string(minute_of(a.expires)) + " refers to";
  for (const std::string& r : references) text += " " + r;
  return text;
}

// A receiver that keeps every open message, as CAP wants it.
class Receiver {
 public:
  struct Open {
    std::string hazard, event;
    Level level;
    std::set<std::string> regions;
    TimePoint expires;
  };
  void take(const Decision& d, TimePoint now) {
    if (d.action == Action::withdraw) std::erase_if(open_, [&](const auto& m) { return m.second.event == d.alert.event; });
    if (!d.has_message()) return;
    BOOST_REQUIRE(identifiers_.insert(d.identifier).second);
    if (d.action == Action::issue && d.who.empty()) BOOST_REQUIRE(events_.insert(d.alert.event).second);
    BOOST_REQUIRE(d.alert.expires > now);
    BOOST_REQUIRE((d.action == Action::issue) == d.references.empty());
    for (const MessageRef& m : d.references) open_.erase(m.identifier);
    if (d.action == Action::cancel) return;
    Open o{d.alert.hazard, d.alert.event, d.alert.level, {}, d.alert.expires};
    for (const AlertMember& m : d.alert.members) o.regions.insert(m.code);
    open_[d.identifier] = o;
  }
  void retract(const std::string& identifier) { open_.erase(identifier); }
  // What is open is what the book says is active: the same levels, and one message a region.
  void compare(const std::vector<Alert>& active, TimePoint now) const {
    std::map<std::pair<std::string, std::string>, Level> here, there;
    for (const auto& [id, o] : open_)
      if (o.expires > now)
        for (const std::string& r : o.regions) BOOST_REQUIRE(here.emplace(std::pair(o.hazard, r), o.level).second);
    for (const Alert& a : active)
      for (const AlertMember& m : a.expires > now ? a.members : std::vector<AlertMember>())
        BOOST_REQUIRE(there.emplace(std::pair(a.hazard, m.code), a.level).second);
    if (here != there) {
      for (const auto& [key, level] : here) BOOST_TEST_MESSAGE("open:   " << key.first << " " << key.second << " " << to_string(level));
      for (const auto& [key, level] : there) BOOST_TEST_MESSAGE("active: " << key.first << " " << key.second << " " << to_string(level));
    }
    BOOST_REQUIRE((here == there));
  }

 private:
  std::map<std::string, Open> open_;
  std::set<std::string> identifiers_, events_;
};

class Life {
 public:
  Life(const AlertBook& fresh, const RegionSet& regions, unsigned seed) : regions_(regions), book_(fresh), random_(seed) {}

  void step() {
    if (chance(8)) book_ = AlertBook::from_json(book_.to_json(), book_.settings(), "the book");
    minute_ += pick({10, 10, 10, 10, 10, 5, 20, 35, 0, 150, 400});
    if (chance(12)) {  // the clock is set back, never by more than is tolerated
      const auto stands = static_cast<int>((clock() - kStart).count() / 60);
      minute_ = std::max({minute_ - 3, stands - 5, 0});
    }
    if (chance(25)) operate();
    look();
    const int valid = pick({20, 60, 180});
    const bool stale = chance(5);
    const auto before = standing();
    const TimePoint now = at(minute_);
    const std::vector<Decision> decisions = book_.step(table(valid, stale), regions_, now);
    PlainModel::Found found = found_;
    if (stale)
      for (auto& f : found) std::fill(f.begin(), f.end(), PlainModel::kUnknown);
    compare(decisions, model_.step(minute_, found, valid));
    unknown_keeps(before, found, decisions);
  }

 private:
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  int pick(std::vector<int> from) { return from[random_() % from.size()]; }
  TimePoint clock() const { return *book_.last_step(); }

  // Levels persist for some time, so that holds end; now and then nothing is known of a hazard.
  void look() {
    for (auto& hazard : found_) {
      const int kind = static_cast<int>(random_() % 12);
      for (int& level : hazard) {
        if (kind == 0) level = PlainModel::kUnknown;
        else if (kind == 1) level = 0;
        else if (chance(30)) level = pick({-1, 0, 0, 0, 1, 2, 2, 3, 4});
      }
    }
  }
  RiskTable table(int valid, bool stale) {
    RiskTable t;
    const TimePoint now = std::max(at(minute_), clock());
    t.issue = stale ? now - std::chrono::minutes(61) : now;
    for (std::size_t h = 0; h < kHazards.size(); ++h)
      for (std::size_t r = 0; r < static_cast<std::size_t>(PlainModel::kRegions); ++r) {
        if (found_[h][r] == PlainModel::kUnknown && chance(50)) continue;  // no row is Unknown too
        RiskRow row;
        row.region = r;
        row.hazard = kHazards[h];
        row.level = static_cast<Level>(found_[h][r]);
        row.valid = {now, now + std::chrono::minutes(valid)};
        t.rows.push_back(row);
      }
    return t;
  }

  void operate() {
    std::vector<Alert> open;
    for (const Alert& a : book_.active())
      if (a.expires > std::max(at(minute_), clock())) open.push_back(a);
    if (open.empty()) return;
    const Alert a = open[random_() % open.size()];
    const int level = static_cast<int>(a.level), now = minute_;
    switch (random_() % 4) {
      case 0: return compare({book_.cancel(a.event, "li", "seen", at(now))}, model_.cancel(a.event, now));
      case 1: return compare({book_.edit(a.event, "li", at(now))}, model_.edit(a.event, now));
      case 2: {
        const int rejected = pick({level - 1, level, level, 4});
        return compare({book_.reject(a.event, static_cast<Level>(rejected), "wang", "no", at(now))}, model_.reject(a.event, rejected, 0, {}, now));
      }
      default: {  // receivers know all but the newest message, of some level
        Told told{static_cast<Level>(pick({level - 1, level})), {}};
        for (const MessageRef& m : a.messages) told.messages.push_back(m.identifier);
        const std::string newest = told.messages.back();
        told.messages.pop_back();
        if (told.messages.empty() || told.level == Level::none) return;
        const auto expected = model_.reject(a.event, level, static_cast<int>(told.level), {told.messages.begin(), told.messages.end()}, now);
        const Decision d = book_.reject(a.event, a.level, "wang", "no", at(now), told);
        if (d.has_message()) receiver_.retract(newest);
        return compare({d}, expected);
      }
    }
  }

  void compare(const std::vector<Decision>& decisions, const std::multiset<std::string>& expected) {
    std::multiset<std::string> made;
    for (const Decision& d : decisions) made.insert(line(d));
    if (made != expected) {
      for (const std::string& l : made) BOOST_TEST_MESSAGE("book:  " << l);
      for (const std::string& l : expected) BOOST_TEST_MESSAGE("model: " << l);
    }
    BOOST_REQUIRE((made == expected));
    int severest = 5;
    bool going_on = true;  // severest first, and what ends comes after what goes on
    for (const Decision& d : decisions) {
      receiver_.take(d, clock());
      if (d.has_message()) model_.sent(d.alert.event, d.identifier);
      if (d.action != Action::issue && d.action != Action::update) continue;
      going_on = going_on && static_cast<int>(d.alert.level) <= severest;
      severest = static_cast<int>(d.alert.level);
    }
    BOOST_REQUIRE(going_on);
    receiver_.compare(book_.active(), clock());
  }

  std::map<std::pair<std::string, std::string>, Level> standing() const {
    std::map<std::pair<std::string, std::string>, Level> all;
    for (const Alert& a : book_.active())
      for (const AlertMember& m : a.members) all[{a.hazard, m.code}] = a.level;
    return all;
  }
  // A region without an answer keeps its level in an event, unless all that was told of it has run out.
  void unknown_keeps(const std::map<std::pair<std::string, std::string>, Level>& before, const PlainModel::Found& found,
                     const std::vector<Decision>& decisions) const {
    const auto after = standing();
    for (const auto& was : before) {
      const auto& key = was.first;
      const auto h = static_cast<std::size_t>(std::find(kHazards.begin(), kHazards.end(), key.first) - kHazards.begin());
      std::size_t r = 0;
      while (regions_.regions[r].code != key.second) ++r;
      if (found[h][r] != PlainModel::kUnknown) continue;
      const bool ran_out = std::any_of(decisions.begin(), decisions.end(), [&](const Decision& d) {
        return d.action == Action::expire && d.alert.hazard == key.first && std::count(d.removed.begin(), d.removed.end(), key.second);
      });
      const auto now = after.find(key);
      BOOST_REQUIRE((ran_out || (now != after.end() && now->second == was.second)));
    }
  }

  const RegionSet& regions_;
  AlertBook book_;
  PlainModel model_{rules()};
  Receiver receiver_;
  PlainModel::Found found_{kHazards.size(), std::vector<int>(PlainModel::kRegions, 0)};
  std::mt19937 random_;
  int minute_ = 0;
};

}  // namespace
BOOST_AUTO_TEST_SUITE(random_lives)

BOOST_AUTO_TEST_CASE(the_book_decides_as_a_plain_model_of_its_rules_does) {
  const RegionSet regions = mesh_regions(110, 30, 110 + 0.1 * PlainModel::kColumns, 30 + 0.1 * PlainModel::kRows, 0.1);
  AlertBook fresh(settings());
  RiskTable nothing;
  nothing.issue = kStart - std::chrono::hours(1);
  fresh.step(nothing, regions, nothing.issue);  // finds the neighbours, once for all sequences
  for (int sequence = 0; sequence < kSequences; ++sequence) {
    BOOST_TEST_CONTEXT("sequence " << sequence) {
      Life life(fresh, regions, static_cast<unsigned>(sequence));
      for (int k = 0; k < kSteps; ++k) life.step();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
