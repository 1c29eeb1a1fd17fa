#include "alerts/dispatch/handover.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "alerts/dispatch/handover_rows.h"
#include "alerts/store/row_time.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace {
using nlohmann::json;
constexpr int kVersion = 2, kJsonRows = 1;

TimePoint time_of(const json& j) { return TimePoint{Seconds{j.get<std::int64_t>()}}; }
Seconds span_of(const json& j) { return Seconds{j.get<std::int64_t>()}; }
// JSON has no NaN; it is written as null.
double number_of(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }

Level level_of(const json& j) {
  const int level = j.get<int>();
  if (level < -1 || level > 4) throw Error("", "there is no level " + std::to_string(level));
  return static_cast<Level>(level);
}

json pack(const HazardPolicy& p) {
  return {{"downgrade_hold", p.downgrade_hold.count()},
          {"clear_hold", p.clear_hold.count()},
          {"renew_before", p.renew_before.count()},
          {"shortest_validity", p.shortest_validity.count()},
          {"longest_validity", p.longest_validity.count()},
          {"unknown_limit", p.unknown_limit.count()},
          {"inhibits", p.inhibits},
          {"inhibits_from", static_cast<int>(p.inhibits_from)}};
}
HazardPolicy hazard_policy(const json& j) {
  return {span_of(j.at("downgrade_hold")),
          span_of(j.at("clear_hold")),
          span_of(j.at("renew_before")),
          span_of(j.at("shortest_validity")),
          span_of(j.at("longest_validity")),
          span_of(j.at("unknown_limit")),
          j.at("inhibits"),
          level_of(j.at("inhibits_from"))};
}
json pack(const RegionTrail& r) {
  json rules = json::array();
  for (const RuleTrail& t : r.rules)
    rules.push_back({t.rule, static_cast<int>(t.level), static_cast<int>(t.answer), seconds_of(t.window.begin), seconds_of(t.window.end), t.threshold,
                     t.observed, t.forecast, t.coverage, t.member_share, t.unknown_share, t.margin, t.condition});
  return {r.code, r.hazard, rules};
}
RegionTrail region_trail(const json& j) {
  RegionTrail r{j.at(0), j.at(1), {}};
  for (const json& t : j.at(2))
    r.rules.push_back({t.at(0),
                       level_of(t.at(1)),
                       static_cast<Answer>(std::clamp(t.at(2).get<int>(), 0, 2)),
                       t.size() > 12 ? t.at(12).get<std::string>() : std::string(),  // handed over by an older version without
                       {time_of(t.at(3)), time_of(t.at(4))},
                       number_of(t.at(5)),
                       number_of(t.at(6)),
                       number_of(t.at(7)),
                       number_of(t.at(8)),
                       number_of(t.at(9)),
                       number_of(t.at(10)),
                       number_of(t.at(11))});
  return r;
}

json pack(const BookSettings& b) {
  json hazards = json::object();
  for (const auto& [name, policy] : b.hazards) hazards[name] = pack(policy);
  return {{"usual", pack(b.usual)},
          {"hazards", hazards},
          {"table_age_limit", b.table_age_limit.count()},
          {"clock_tolerance", b.clock_tolerance.count()},
          {"group_cap", b.group_cap},
          {"neighbour_tolerance", b.neighbour_tolerance},
          {"country", b.country},
          {"authority", b.authority}};
}
BookSettings book_settings(const json& j) {
  BookSettings b;
  b.usual = hazard_policy(j.at("usual"));
  for (const auto& [name, policy] : j.at("hazards").items()) b.hazards[name] = hazard_policy(policy);
  b.table_age_limit = span_of(j.at("table_age_limit"));
  b.clock_tolerance = span_of(j.at("clock_tolerance"));
  b.group_cap = j.at("group_cap");
  b.neighbour_tolerance = j.at("neighbour_tolerance");
  b.country = j.at("country");
  b.authority = j.at("authority");
  return b;
}

json pack(const CapSettings& c) {
  json texts = json::array();
  for (const MessageText& t : c.texts) texts.push_back({{"language", t.language}, {"path", t.path}, {"hazard", t.hazard}, {"words", t.words}});
  return {{"sender", c.sender},
          {"status", to_string(c.status)},
          {"utc_offset_minutes", c.utc_offset_minutes},
          {"geocode_name", c.geocode_name},
          {"outline", {{"tolerance", c.outline.tolerance}, {"grid", c.outline.grid}, {"max_points", c.outline.max_points}}},
          {"texts", texts}};
}
CapSettings cap_settings(const json& j) {
  CapSettings c;
  c.sender = j.at("sender");
  c.status = run_status_named(j.at("status").get<std::string>());
  c.utc_offset_minutes = j.at("utc_offset_minutes");
  c.geocode_name = j.at("geocode_name");
  const json& o = j.at("outline");
  c.outline = {o.at("tolerance"), o.at("grid"), o.at("max_points")};
  for (const json& t : j.at("texts")) c.texts.push_back({t.at("language"), t.at("path"), t.value("hazard", ""), t.at("words"), {}});
  return c;
}

json pack(const CapCheckOptions& c) {
  return {{"schema", c.schema_path}, {"west", c.west},   {"south", c.south},
          {"east", c.east},          {"north", c.north}, {"size_limit", c.size_limit},
          {"profile", c.profile},    {"rules", c.rules}, {"identifier_form", c.identifier_form},
          {"languages", c.languages}};
}
CapCheckOptions check_options(const json& j) {
  CapCheckOptions c;
  c.schema_path = j.at("schema");
  c.west = j.at("west");
  c.south = j.at("south");
  c.east = j.at("east");
  c.north = j.at("north");
  c.size_limit = j.at("size_limit");
  c.profile = j.at("profile");
  c.rules = j.at("rules").get<std::vector<std::string>>();
  c.identifier_form = j.at("identifier_form");
  c.languages = j.at("languages").get<std::vector<std::string>>();
  return c;
}

json pack(const DeskSettings& s) { return {{"book", pack(s.book)}, {"cap", pack(s.cap)}, {"check", pack(s.check)}}; }

json pack(const HandoverInput& i) {
  return {{"path", i.path}, {"role", i.role}, {"sha256", i.sha256}, {"error", i.error}, {"valid", seconds_of(i.valid)}, {"age", i.age.count()}};
}

// Everything but the rows and the trails.
json head(const Handover& h) {
  json inputs = json::array();
  for (const HandoverInput& i : h.inputs) inputs.push_back(pack(i));
  return {{"version", kVersion},
          {"author", h.author},
          {"config", h.config},
          {"config_hash", h.config_hash},
          {"issue", seconds_of(h.risk.issue)},
          {"trails", json::array()},
          {"regions", h.regions},
          {"interval", h.interval.count()},
          {"settings", pack(h.settings)},
          {"inputs", inputs},
          {"degraded", h.degraded}};
}

Handover read_head(const json& j) {
  Handover h;
  h.author = j.at("author");
  h.config = j.at("config");
  h.config_hash = j.at("config_hash");
  h.risk.issue = time_of(j.at("issue"));
  for (const json& t : j.at("trails")) h.risk.trails.push_back(region_trail(t));
  h.regions = j.at("regions");
  h.interval = span_of(j.at("interval"));
  const json& s = j.at("settings");
  h.settings = {book_settings(s.at("book")), cap_settings(s.at("cap")), check_options(s.at("check"))};
  for (const json& i : j.at("inputs"))
    h.inputs.push_back({i.at("path"), i.at("role"), i.at("sha256"), i.at("error"), time_of(i.at("valid")), span_of(i.at("age"))});
  h.degraded = j.at("degraded").get<std::vector<std::string>>();
  return h;
}

void read_rows(const json& j, std::string_view bytes, Handover& h) {
  if (j.at("version").get<int>() == kJsonRows) {
    h.risk.rows = rows_from_json(j.at("rows"));
    return;
  }
  const json& rows = j.at("rows");
  if (Hasher().bytes(bytes.data(), bytes.size()).short_hex() != rows.at("digest").get<std::string>())
    throw Error("", "its rows are not those that were written");
  h.risk.rows = unpack_rows(rows.at("count"), rows.at("words").get<std::vector<std::string>>(), bytes);
}

Handover read(std::string_view text, bool with_rows, const std::string& place) {
  constexpr const char* kRemedy = "run the same version of guyu run and guyu dispatch";
  const std::size_t line = std::min(text.find('\n'), text.size());
  try {
    const json j = json::parse(text.substr(0, line));
    const int version = j.at("version").get<int>();
    if (version != kVersion && version != kJsonRows) throw Error(place, "is a handover of another version", kRemedy);
    Handover h = read_head(j);
    if (with_rows) read_rows(j, text.substr(std::min(line + 1, text.size())), h);
    return h;
  } catch (const json::exception& e) {
    throw Error(place, std::string("is not a handover: ") + e.what(), kRemedy);
  } catch (const Error& e) {
    if (!e.place().empty()) throw;
    throw Error(place, "is not a handover: " + e.reason(), kRemedy);
  }
}
}  // namespace

std::string settings_json(const DeskSettings& s) { return pack(s).dump(); }

std::string to_bytes(const Handover& h) {
  const PackedRows rows = pack_rows(h.risk.rows);
  json j = head(h);
  for (const RegionTrail& t : h.risk.trails) j["trails"].push_back(pack(t));
  j["rows"] = {{"count", h.risk.rows.size()}, {"words", rows.words}, {"digest", Hasher().bytes(rows.bytes.data(), rows.bytes.size()).short_hex()}};
  return j.dump() + '\n' + rows.bytes;
}

std::string evidence_json(const Handover& h, const std::vector<Decision>& decisions) {
  json j = head(h);
  if (!h.risk.trails.empty()) {
    std::set<std::pair<std::string_view, std::string_view>> told;
    for (const Decision& d : decisions) {
      if (d.action == Action::keep) continue;
      for (const AlertMember& m : d.alert.members) told.emplace(d.alert.hazard, m.code);
    }
    for (const RegionTrail& t : h.risk.trails)
      if (told.count({t.hazard, t.code})) j["trails"].push_back(pack(t));
  }
  return j.dump();
}

Handover handover_from_bytes(std::string_view bytes, const std::string& place) { return read(bytes, true, place); }
Handover evidence_from_json(std::string_view text, const std::string& place) { return read(text, false, place); }

}  // namespace guyu
