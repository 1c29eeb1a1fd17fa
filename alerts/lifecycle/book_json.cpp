#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

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
                                 R"("threshold","observed","forecast","coverage","data_age_s","already_reached"])";
constexpr std::size_t kColumnCount = 16;

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
  w.put("{},{}]", e.data_age.count(), e.already_reached);
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
  if (row.size() != kColumnCount) throw Error("", fmt::format("has a track of {} columns, not {}", row.size(), kColumnCount), kRemedy);
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
  return t;
}

Alert read_alert(const json& j, const std::map<std::string, HazardState>& hazards) {
  Alert a;
  a.event = j.at("event").get<std::string>();
  a.hazard = j.at("hazard").get<std::string>();
  a.onset = time_of(j.at("onset"));
  a.level = level_of(j.at("level"));
  a.expires = time_of(j.at("expires"));
  const auto hazard = hazards.find(a.hazard);
  for (const json& m : j.at("members")) {
    const std::string code = m.get<std::string>();
    const bool known = hazard != hazards.end() && hazard->second.tracks.count(code);
    if (!known) throw Error("", "says nothing about region " + code + " of " + a.event, kRemedy);
    const Track& t = hazard->second.tracks.at(code);
    a.members.push_back({code, t.valid, t.evidence, t.level, Level::unknown});
  }
  for (const json& m : j.at("messages")) a.messages.push_back({m.at(0).get<std::string>(), time_of(m.at(1)), time_of(m.at(2))});
  return a;
}

BookState read(const json& all) {
  if (all.at("version").get<int>() != kVersion) throw Error("", "is an alert book of another version", "finish its alerts with the version that wrote it");
  BookState state;
  for (const auto& [name, j] : all.at("hazards").items()) {
    HazardState& hazard = state.hazards[name];
    for (const json& row : j.at("tracks")) hazard.tracks.emplace_hint(hazard.tracks.end(), row.at(0).get<std::string>(), read_track(row));
    for (const json& row : j.at("mutes")) hazard.mutes[row.at(0).get<std::string>()] = {level_of(row.at(1)), level_of(row.at(2)), optional_time(row.at(3))};
  }
  for (const json& j : all.at("alerts")) state.alerts.push_back(read_alert(j, state.hazards));
  state.last_step = optional_time(all.at("last_step"));
  state.calls = all.at("calls").get<int>();
  state.sequence_time = time_of(all.at("sequence_time"));
  state.sequence = all.at("sequence").get<int>();
  return state;
}

}  // namespace

std::string to_json(const BookState& state) {
  Writer w;
  w.put("{{\"version\":{},\"last_step\":", kVersion).time(state.last_step);
  w.put(",\"calls\":{},\"sequence_time\":{},\"sequence\":{},\n\"alerts\":[", state.calls, seconds(state.sequence_time), state.sequence);
  w.list(state.alerts, [&](const Alert& a) { w.put("\n"), write_alert(w, a); });
  w.put("],\n\"track_columns\":{},\n\"hazards\":{{", kColumns);
  w.list(state.hazards, [&](const auto& hazard) {
    w.text(hazard.first).put(":{{\"tracks\":[");
    w.list(hazard.second.tracks, [&](const auto& t) { w.put("\n"), write_track(w, t.first, t.second); }).put("],\n\"mutes\":[");
    w.list(hazard.second.mutes, [&](const auto& m) {
      w.put("\n[").text(m.first).put(",{},{},", static_cast<int>(m.second.up_to), static_cast<int>(m.second.held_at)).time(m.second.clear_since).put("]");
    });
    w.put("]}}");
  });
  return w.put("}}}}\n").take();
}

BookState book_state_from_json(const std::string& text, const std::string& place) {
  try {
    return read(json::parse(text));
  } catch (const json::exception& e) {
    throw Error(place, std::string("is not an alert book: ") + e.what(), kRemedy);
  } catch (const Error& e) {
    throw Error(place, e.reason(), e.remedy());
  }
}

}  // namespace guyu
