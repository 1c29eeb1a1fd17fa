#include <limits>
#include <nlohmann/json.hpp>

#include "alerts/lifecycle/alert_book.h"
#include "engine/core/error.h"

// The book's state as JSON: times as ISO text, everything else as it is named in the headers.
namespace guyu {
namespace {
using nlohmann::json;
constexpr int kVersion = 1;
constexpr const char* kRemedy = "restore it from a copy; deleting it forgets every open warning";

json pack(const Interval& i) { return {to_iso(i.begin), to_iso(i.end)}; }
Interval unpack_interval(const json& j) { return {parse_time(j.at(0).get<std::string>()), parse_time(j.at(1).get<std::string>())}; }

json pack(const Evidence& e) {
  return {{"rule", e.rule}, {"window", pack(e.window)}, {"threshold", e.threshold}, {"observed", e.observed}, {"forecast", e.forecast},
          {"coverage", e.coverage}, {"data_age_s", e.data_age.count()}, {"already_reached", e.already_reached}};
}
// JSON has no NaN; nlohmann writes it as null.
double number(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }
Evidence unpack_evidence(const json& j) {
  Evidence e;
  e.rule = j.at("rule").get<std::string>();
  e.window = unpack_interval(j.at("window"));
  e.threshold = number(j.at("threshold"));
  e.observed = number(j.at("observed"));
  e.forecast = number(j.at("forecast"));
  e.coverage = number(j.at("coverage"));
  e.data_age = Seconds(j.at("data_age_s").get<std::int64_t>());
  e.already_reached = j.at("already_reached").get<bool>();
  return e;
}

Level level_named(const std::string& name) {
  for (int i = -1; i <= 4; ++i) {
    if (to_string(static_cast<Level>(i)) == name) return static_cast<Level>(i);
  }
  throw Error("", "unknown level '" + name + "'");
}
json pack(Level level) { return std::string(to_string(level)); }
Level unpack_level(const json& j) { return level_named(j.get<std::string>()); }
TimePoint unpack_time(const json& j) { return parse_time(j.get<std::string>()); }

json pack(const Alert& a) {
  json members = json::array(), messages = json::array();
  for (const AlertMember& m : a.members) members.push_back(m.code);  // the rest stands in the tracks
  for (const MessageRef& m : a.messages) messages.push_back({{"identifier", m.identifier}, {"sent", to_iso(m.sent)}, {"expires", to_iso(m.expires)}});
  return {{"event", a.event}, {"hazard", a.hazard}, {"onset", to_iso(a.onset)}, {"level", pack(a.level)}, {"expires", to_iso(a.expires)},
          {"members", members}, {"messages", messages}};
}
Alert unpack_alert(const json& j) {
  Alert a;
  a.event = j.at("event").get<std::string>();
  a.hazard = j.at("hazard").get<std::string>();
  a.onset = unpack_time(j.at("onset"));
  a.level = unpack_level(j.at("level"));
  a.expires = unpack_time(j.at("expires"));
  for (const json& m : j.at("members")) a.members.push_back({m.get<std::string>(), {}, {}});
  for (const json& m : j.at("messages")) a.messages.push_back({m.at("identifier").get<std::string>(), unpack_time(m.at("sent")), unpack_time(m.at("expires"))});
  return a;
}
}  // namespace

std::string AlertBook::to_json() const {
  json tracks = json::array(), alerts = json::array();
  for (const auto& [key, t] : tracks_) {
    json j{{"hazard", key.first}, {"region", key.second}, {"level", pack(t.level)}, {"valid", pack(t.valid)}, {"evidence", pack(t.evidence)},
           {"last_known", to_iso(t.last_known)}};
    if (t.lower_since) {
      j["lower_since"] = to_iso(*t.lower_since);
      j["lower_peak"] = pack(t.lower_peak);
    }
    tracks.push_back(std::move(j));
  }
  for (const Alert& a : alerts_) alerts.push_back(pack(a));
  json all{{"version", kVersion}, {"tracks", tracks}, {"alerts", alerts}, {"sequence_time", to_iso(sequence_time_)}, {"sequence", sequence_}};
  if (last_step_) all["last_step"] = to_iso(*last_step_);
  return all.dump();
}

AlertBook AlertBook::from_json(const std::string& text, BookSettings settings, const std::string& place) {
  AlertBook book(std::move(settings));
  try {
    const json all = json::parse(text);
    if (all.at("version").get<int>() != kVersion) throw Error(place, "is an alert book of another version", "finish its alerts with the version that wrote it");
    for (const json& j : all.at("tracks")) {
      Track t;
      t.level = unpack_level(j.at("level"));
      t.valid = unpack_interval(j.at("valid"));
      t.evidence = unpack_evidence(j.at("evidence"));
      t.last_known = unpack_time(j.at("last_known"));
      if (j.contains("lower_since")) {
        t.lower_since = unpack_time(j.at("lower_since"));
        t.lower_peak = unpack_level(j.at("lower_peak"));
      }
      book.tracks_.emplace(TrackKey{j.at("hazard").get<std::string>(), j.at("region").get<std::string>()}, std::move(t));
    }
    for (const json& j : all.at("alerts")) {
      Alert& a = book.alerts_.emplace_back(unpack_alert(j));
      for (AlertMember& m : a.members) {
        const auto track = book.tracks_.find({a.hazard, m.code});
        if (track == book.tracks_.end()) throw Error(place, "says nothing about region " + m.code + " of " + a.event, kRemedy);
        m.valid = track->second.valid;
        m.evidence = track->second.evidence;
      }
    }
    book.sequence_time_ = unpack_time(all.at("sequence_time"));
    book.sequence_ = all.at("sequence").get<int>();
    if (all.contains("last_step")) book.last_step_ = unpack_time(all.at("last_step"));
  } catch (const json::exception& e) {
    throw Error(place, std::string("is not an alert book: ") + e.what(), kRemedy);
  }
  return book;
}

}  // namespace guyu
