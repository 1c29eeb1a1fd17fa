#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

#include "alerts/lifecycle/book_state.h"
#include "alerts/lifecycle/json_text.h"
#include "engine/core/error.h"

// The book's state as JSON. A track is one row of numbers and words, in the order that the text's own "track_columns" names;
// times are seconds since 1970, levels their numbers. It is written piece by piece, since a tree of 100,000 tracks takes too long.
namespace guyu {
namespace {
using nlohmann::json;
constexpr int kVersion = 2;
constexpr const char* kRemedy = "restore it from a copy; deleting it forgets every open warning";
constexpr const char* kColumns = R"(["region","level","valid_begin","valid_end","last_known","lower_since","lower_peak","rule","window_begin","window_end",)"
                                 R"("threshold","observed","forecast","coverage","data_age_s","already_reached","probability","unit"])";
constexpr std::size_t kColumnCount = 18, kOldColumnCount = 16;  // older books end before the probability

std::int64_t seconds(TimePoint t) { return t.time_since_epoch().count(); }

class Writer {
 public:
  template <typename... Args>
  Writer& put(fmt::format_string<Args...> form, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), form, std::forward<Args>(args)...);
    return *this;
  }
  Writer& text(const std::string& s) {
    append_json(text_, s);
    return *this;
  }
  // JSON has no NaN: it is null.
  Writer& number(double v) { return std::isfinite(v) ? put("{}", v) : put("null"); }
  Writer& time(const std::optional<TimePoint>& t) { return t ? put("{}", seconds(*t)) : put("null"); }
  template <typename List, typename Each>
  Writer& list(const List& items, const Each& each) {
    const char* separator = "";
    for (const auto& item : items) {
      text_ += separator;
      each(item);
      separator = ",";
    }
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void write_track(Writer& w, const std::string& code, const Track& t) {
  const Evidence& e = t.evidence;
  w.put("[").text(code);
  w.put(",{},{},{},{},", static_cast<int>(t.level), seconds(t.valid.begin), seconds(t.valid.end), seconds(t.last_known)).time(t.lower_since);
  w.put(",{},", static_cast<int>(t.lower_since ? t.lower_peak : Level::none)).text(e.rule).put(",{},{},", seconds(e.window.begin), seconds(e.window.end));
  for (const double v : {e.threshold, e.observed, e.forecast, e.coverage}) w.number(v).put(",");
  w.put("{},{},", e.data_age.count(), e.already_reached).number(e.probability).put(",").text(e.unit).put("]");
}

void write_alert(Writer& w, const Alert& a) {
  w.put("{{\"event\":").text(a.event).put(",\"hazard\":").text(a.hazard);
  w.put(",\"onset\":{},\"level\":{},\"expires\":{},\"members\":[", seconds(a.onset), static_cast<int>(a.level), seconds(a.expires));
  w.list(a.members, [&](const AlertMember& m) { w.text(m.code); }).put("],\"messages\":[");
  w.list(a.messages, [&](const MessageRef& m) { w.put("[").text(m.identifier).put(",{},{}]", seconds(m.sent), seconds(m.expires)); }).put("]}}");
}

TimePoint time_of(const json& j) { return TimePoint{Seconds{j.get<std::int64_t>()}}; }
std::optional<TimePoint> optional_time(const json& j) { return j.is_null() ? std::nullopt : std::optional(time_of(j)); }
double number_of(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }
Level level_of(const json& j) {
  const int level = j.get<int>();
  if (level < static_cast<int>(Level::none) || level > static_cast<int>(Level::red))
    throw Error("", fmt::format("holds level {}, which there is not", level), kRemedy);
  return static_cast<Level>(level);
}

Track read_track(const json& row) {
  if (row.size() != kColumnCount && row.size() != kOldColumnCount)
    throw Error("", fmt::format("has a track of {} columns, not {}", row.size(), kColumnCount), kRemedy);
  Track t;
  t.level = level_of(row[1]);
  t.valid = {time_of(row[2]), time_of(row[3])};
  t.last_known = time_of(row[4]);
  t.lower_since = optional_time(row[5]);
  t.lower_peak = level_of(row[6]);
  t.evidence.rule = row[7].get<std::string>();
  t.evidence.window = {time_of(row[8]), time_of(row[9])};
  t.evidence.threshold = number_of(row[10]);
  t.evidence.observed = number_of(row[11]);
  t.evidence.forecast = number_of(row[12]);
  t.evidence.coverage = number_of(row[13]);
  t.evidence.data_age = Seconds(row[14].get<std::int64_t>());
  t.evidence.already_reached = row[15].get<bool>();
  if (row.size() == kOldColumnCount) return t;
  t.evidence.probability = number_of(row[16]);
  t.evidence.unit = row[17].get<std::string>();
  return t;
}

// Of its members only the codes: settle_members() says the rest.
Alert read_alert(const json& j) {
  Alert a;
  a.event = j.at("event").get<std::string>();
  a.hazard = j.at("hazard").get<std::string>();
  a.onset = time_of(j.at("onset"));
  a.level = level_of(j.at("level"));
  a.expires = time_of(j.at("expires"));
  for (const json& m : j.at("members")) {
    AlertMember member;
    member.code = m.get<std::string>();
    a.members.push_back(std::move(member));
  }
  for (const json& m : j.at("messages")) a.messages.push_back({m.at(0).get<std::string>(), time_of(m.at(1)), time_of(m.at(2))});
  return a;
}

void settle_members(Alert& a, const std::map<std::string, HazardState>& hazards) {
  const auto hazard = hazards.find(a.hazard);
  for (AlertMember& m : a.members) {
    const bool known = hazard != hazards.end() && hazard->second.tracks.count(m.code);
    if (!known) throw Error("", "says nothing about region " + m.code + " of " + a.event, kRemedy);
    const Track& t = hazard->second.tracks.at(m.code);
    m = {m.code, t.valid, t.evidence, t.level, Level::unknown};
  }
}

// FNV-1a. It says where things lie in stores that are in use: never to be changed.
std::size_t part_of(const std::string& name) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<std::size_t>((h ^ h >> 32) % kTrackParts);
}
std::size_t alert_part_of(const std::string& event) { return kTrackParts + part_of(event); }

constexpr std::size_t kWhole = kBookParts;  // in the place of a part's number

// Adds what a text says. Returns its scalars.
BookState read_into(BookState& state, const json& all, std::size_t part) {
  if (all.at("version").get<int>() != kVersion) throw Error("", "is an alert book of another version", "finish its alerts with the version that wrote it");
  const auto check = [&](const std::string& name, bool is_own) {
    if (part != kWhole && !is_own) throw Error("", fmt::format("has {} in part {}, where it does not belong", name, part), kRemedy);
  };
  const auto own = [&](const std::string& code) {
    check(code, part_of(code) == part);
    return code;
  };
  for (const auto& [name, j] : all.at("hazards").items()) {
    HazardState& hazard = state.hazards[name];
    for (const json& row : j.at("tracks")) hazard.tracks[own(row.at(0).get<std::string>())] = read_track(row);
    for (const json& row : j.at("mutes"))
      hazard.mutes[own(row.at(0).get<std::string>())] = {level_of(row.at(1)), level_of(row.at(2)), optional_time(row.at(3))};
  }
  for (const json& j : all.at("alerts")) {
    state.alerts.push_back(read_alert(j));
    const std::string& event = state.alerts.back().event;
    check(event, alert_part_of(event) == part || part_of(event) == part);
  }
  BookState scalars;
  scalars.last_step = optional_time(all.at("last_step"));
  scalars.calls = all.at("calls").get<int>();
  scalars.sequence_time = time_of(all.at("sequence_time"));
  scalars.sequence = all.at("sequence").get<int>();
  return scalars;
}

// What of a state goes into one text.
struct Slice {
  struct Hazard {
    std::vector<const std::pair<const std::string, Track>*> tracks;
    std::vector<const std::pair<const std::string, Mute>*> mutes;
  };
  std::vector<const Alert*> alerts;
  std::map<std::string, Hazard> hazards;
  bool empty() const { return alerts.empty() && hazards.empty(); }
};

std::string write(const Slice& slice, const BookState& scalars) {
  Writer w;
  w.put("{{\"version\":{},\"last_step\":", kVersion).time(scalars.last_step);
  w.put(",\"calls\":{},\"sequence_time\":{},\"sequence\":{},\n\"alerts\":[", scalars.calls, seconds(scalars.sequence_time), scalars.sequence);
  w.list(slice.alerts, [&](const Alert* a) { w.put("\n"), write_alert(w, *a); });
  w.put("],\n\"track_columns\":{},\n\"hazards\":{{", kColumns);
  w.list(slice.hazards, [&](const auto& hazard) {
    w.text(hazard.first).put(":{{\"tracks\":[");
    w.list(hazard.second.tracks, [&](const auto* t) { w.put("\n"), write_track(w, t->first, t->second); }).put("],\n\"mutes\":[");
    w.list(hazard.second.mutes, [&](const auto* m) {
      w.put("\n[").text(m->first).put(",{},{},", static_cast<int>(m->second.up_to), static_cast<int>(m->second.held_at)).time(m->second.clear_since).put("]");
    });
    w.put("]}}");
  });
  return w.put("}}}}\n").take();
}

// Eight bytes at a time: 100,000 tracks take some ten milliseconds.
class Digest {
 public:
  void word(std::uint64_t v) {
    h_ = (h_ ^ v) * 0x9e3779b97f4a7c15;
    h_ ^= h_ >> 29;
  }
  void number(std::int64_t v) { word(static_cast<std::uint64_t>(v)); }
  void number(double v) { word(std::bit_cast<std::uint64_t>(v)); }
  void time(TimePoint t) { number(seconds(t)); }
  void time(const std::optional<TimePoint>& t) {
    number(std::int64_t{t.has_value()});
    if (t) time(*t);
  }
  void text(const std::string& s) {
    word(s.size());
    std::size_t at = 0;
    for (; at + 8 <= s.size(); at += 8) {
      std::uint64_t v = 0;
      std::memcpy(&v, s.data() + at, 8);
      word(v);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, s.data() + at, s.size() - at);
    word(rest);
  }
  std::uint64_t value() const { return h_; }

 private:
  std::uint64_t h_ = 0x2545f4914f6cdd1d;
};

}  // namespace

std::string to_json(const BookState& state) {
  Slice all;
  for (const Alert& a : state.alerts) all.alerts.push_back(&a);
  for (const auto& [name, hazard] : state.hazards) {
    Slice::Hazard& into = all.hazards[name];
    for (const auto& t : hazard.tracks) into.tracks.push_back(&t);
    for (const auto& m : hazard.mutes) into.mutes.push_back(&m);
  }
  return write(all, state);
}

BookState book_state_from_json(const std::string& text, const std::string& place) { return book_state_from_parts(text, {}, place); }

std::string head_json(const BookState& state) {
  Slice head;
  for (const auto& [name, hazard] : state.hazards) head.hazards[name];
  return write(head, state);
}

std::vector<std::uint64_t> part_digests(const BookState& state) {
  std::vector<Digest> parts(kBookParts);
  for (const auto& [name, hazard] : state.hazards) {
    for (const auto& [code, t] : hazard.tracks) {
      Digest& d = parts[part_of(code)];
      const Evidence& e = t.evidence;
      d.text(name), d.text(code), d.number(static_cast<std::int64_t>(t.level)), d.time(t.valid.begin), d.time(t.valid.end), d.time(t.last_known);
      d.time(t.lower_since), d.number(static_cast<std::int64_t>(t.lower_since ? t.lower_peak : Level::none));
      d.text(e.rule), d.time(e.window.begin), d.time(e.window.end), d.number(e.threshold), d.number(e.observed), d.number(e.forecast), d.number(e.coverage);
      d.number(std::int64_t{e.data_age.count()}), d.number(std::int64_t{e.already_reached});
      d.number(e.probability), d.text(e.unit);
    }
    for (const auto& [code, m] : hazard.mutes) {
      Digest& d = parts[part_of(code)];
      d.text(name), d.text(code), d.number(static_cast<std::int64_t>(m.up_to)), d.number(static_cast<std::int64_t>(m.held_at)), d.time(m.clear_since);
    }
  }
  for (const Alert& a : state.alerts) {
    Digest& d = parts[alert_part_of(a.event)];
    d.text(a.event), d.text(a.hazard), d.time(a.onset), d.number(static_cast<std::int64_t>(a.level)), d.time(a.expires), d.word(a.members.size());
    for (const AlertMember& m : a.members) d.text(m.code);
    for (const MessageRef& m : a.messages) d.text(m.identifier), d.time(m.sent), d.time(m.expires);
  }
  std::vector<std::uint64_t> digests;
  for (const Digest& d : parts) digests.push_back(d.value());
  return digests;
}

std::vector<std::string> parts_json(const BookState& state, const std::vector<bool>& wanted) {
  std::vector<Slice> slices(kBookParts);
  const auto slice = [&](std::size_t part) { return wanted.at(part) ? &slices[part] : nullptr; };
  for (const auto& [name, hazard] : state.hazards) {
    for (const auto& t : hazard.tracks)
      if (Slice* s = slice(part_of(t.first))) s->hazards[name].tracks.push_back(&t);
    for (const auto& m : hazard.mutes)
      if (Slice* s = slice(part_of(m.first))) s->hazards[name].mutes.push_back(&m);
  }
  for (const Alert& a : state.alerts)
    if (Slice* s = slice(alert_part_of(a.event))) s->alerts.push_back(&a);
  std::vector<std::string> texts(kBookParts);
  for (std::size_t p = 0; p < kBookParts; ++p)
    if (!slices[p].empty()) texts[p] = write(slices[p], {});
  return texts;
}

BookState book_state_from_parts(const std::string& head, const std::vector<std::pair<std::size_t, std::string>>& parts, const std::string& place) {
  try {
    BookState state;
    const BookState scalars = read_into(state, json::parse(head), kWhole);
    for (const auto& [part, text] : parts) {
      if (part >= kBookParts) throw Error("", fmt::format("has a part {}, which there is not", part), kRemedy);
      read_into(state, json::parse(text), part);
    }
    if (!parts.empty())
      std::sort(state.alerts.begin(), state.alerts.end(),
                [](const Alert& a, const Alert& b) { return std::tie(a.onset, a.event) < std::tie(b.onset, b.event); });
    for (Alert& a : state.alerts) settle_members(a, state.hazards);
    state.last_step = scalars.last_step;
    state.calls = scalars.calls;
    state.sequence_time = scalars.sequence_time;
    state.sequence = scalars.sequence;
    return state;
  } catch (const json::exception& e) {
    throw Error(place, std::string("is not an alert book: ") + e.what(), kRemedy);
  } catch (const Error& e) {
    throw Error(place, e.reason(), e.remedy());
  }
}

}  // namespace guyu
