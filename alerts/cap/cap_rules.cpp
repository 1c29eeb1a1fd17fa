#include "alerts/cap/cap_rules.h"

#include <fmt/format.h>
#include <geos_c.h>

#include <algorithm>
#include <set>

#include "alerts/area/shapes.h"
#include "alerts/cap/message_text.h"
#include "engine/config/toml_source.h"

namespace guyu {
namespace {
bool all_digits(std::string_view t) {
  return !t.empty() && std::all_of(t.begin(), t.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Profile {
 public:
  Profile(const CapCheckOptions& options, std::vector<CapFault>& faults) : options_(options), faults_(faults) {}

  void message(const CapMessage& m, const std::optional<std::vector<std::string>>& open) {
    if (on("identifier")) {
      const bool fits = options_.identifier_form == "wmo"        ? is_wmo_identifier(m.identifier)
                        : options_.identifier_form == "national" ? is_national_identifier(m.identifier)
                                                                 : true;
      if (!fits) fault("identifier", fmt::format("'{}' is not of the form '{}'", m.identifier, options_.identifier_form));
    }
    references(m, open);
    if (m.infos.empty() && on("info")) fault("info", "no info at all");
    std::set<std::string> categories, codes, languages;
    int number = 0;
    for (const CapInfo& i : m.infos) {
      const std::string place = fmt::format("info {}", ++number);
      info(i, m, place);
      categories.insert(fmt::format("{}", fmt::join(i.categories, ";")));
      std::string all;
      for (const CapPair& c : i.event_codes) all += c.name + "=" + c.value + ";";
      codes.insert(all);
      if (!languages.insert(i.language).second && on("language")) fault("language", fmt::format("{}: a second info in {}", place, i.language));
    }
    if (on("languages")) {
      for (const std::string& l : options_.languages) {
        if (!languages.count(l)) fault("languages", "no info in " + l);
      }
    }
    if (categories.size() > 1 && on("same_category")) fault("same_category", "the infos differ");
    if (codes.size() > 1 && on("same_event_code")) fault("same_event_code", "the infos differ");
  }

 private:
  bool on(const char* rule) const { return options_.holds(rule); }
  void fault(const char* rule, std::string detail) { faults_.push_back({rule, std::move(detail), false}); }

  void references(const CapMessage& m, const std::optional<std::vector<std::string>>& open) {
    if (!on("references")) return;
    std::set<std::string> named;
    for (const CapReference& r : m.references) named.insert(r.identifier);
    if (named.count(m.identifier)) fault("references", "the message refers to itself");
    if (!open) return;
    for (const std::string& id : *open) {
      if (!named.count(id)) fault("references", id + " is open and not referred to");
    }
    for (const std::string& id : named) {
      if (std::find(open->begin(), open->end(), id) == open->end()) fault("references", id + " is not open");
    }
  }

  void info(const CapInfo& i, const CapMessage& m, const std::string& place) {
    if (on("expires")) {
      if (!i.expires) fault("expires", place + ": absent");
      else if ((m.sent && *i.expires <= *m.sent) || (i.effective && *i.expires <= *i.effective))
        fault("expires", place + ": not later than sent and effective");
    }
    if (on("headline_length") && (i.headline.empty() || character_count(i.headline) >= 140))
      fault("headline_length", fmt::format("{}: {} characters", place, character_count(i.headline)));
    if (on("headline_description") && (i.description.empty() || i.description == i.headline))
      fault("headline_description", place + ": the description is absent or repeats the headline");
    if (on("instruction") && i.instruction.empty()) fault("instruction", place + ": absent");
    if (on("sender_name") && i.sender_name.empty()) fault("sender_name", place + ": absent");
    if (on("event_code") && i.event_codes.empty()) fault("event_code", place + ": absent");
    if (on("language") && !i.language_given) fault("language", place + ": not stated");
    const bool geocodes = on("geocode") && m.status != "System";  // a message about the system need not be about a place
    if (i.areas.empty() && geocodes) fault("geocode", place + ": no area");
    int area = 0;
    for (const CapArea& a : i.areas) {
      ++area;
      if (a.geocodes.empty() && geocodes) fault("geocode", fmt::format("{}: area {} has no geocode", place, area));
      int number = 0;
      for (const CapPolygon& p : a.polygons) ring(p.ring, fmt::format("{}, area {}, polygon {}", place, area, ++number));
    }
  }

  bool inside(Point p) const { return p.y >= options_.south && p.y <= options_.north && p.x >= options_.west && p.x <= options_.east; }

  void ring(const Ring& points, const std::string& place) {
    if (on("box") && !std::all_of(points.begin(), points.end(), [&](Point p) { return inside(p); })) {
      const bool turned = std::all_of(points.begin(), points.end(), [&](Point p) { return inside({p.y, p.x}); });
      fault(turned ? "lat_lon_order" : "outside_box", place);
    }
    if (!on("ring_simple")) return;
    GEOSCoordSequence* s = GEOSCoordSeq_create_r(geos_.get(), static_cast<unsigned>(points.size()), 2);
    for (unsigned k = 0; k < points.size(); ++k) GEOSCoordSeq_setXY_r(geos_.get(), s, k, points[k].x, points[k].y);
    const auto polygon = geos_.own(GEOSGeom_createPolygon_r(geos_.get(), GEOSGeom_createLinearRing_r(geos_.get(), s), nullptr, 0));
    if (GEOSisValid_r(geos_.get(), polygon.get()) != 1) fault("ring_simple", place);
  }

  const CapCheckOptions& options_;
  std::vector<CapFault>& faults_;
  GeosContext geos_;
};
}  // namespace

const std::vector<ProfileRule>& profile_rules() {
  static const std::vector<ProfileRule> rules{{"size", "at most size_limit_kb"},
                                              {"identifier", "of the form that identifier_form names"},
                                              {"references", "refers to every open message of its event and to no other, never to itself"},
                                              {"info", "at least one info"},
                                              {"language", "each info states its language, no two the same"},
                                              {"languages", "an info in each of `languages`"},
                                              {"expires", "given, later than sent and effective"},
                                              {"headline_length", "given, under 140 characters"},
                                              {"headline_description", "a description that differs from the headline"},
                                              {"instruction", "given"},
                                              {"sender_name", "given"},
                                              {"event_code", "given"},
                                              {"same_category", "the same categories in every info"},
                                              {"same_event_code", "the same event codes in every info"},
                                              {"geocode", "an area in each info, a geocode in each area; not of status System"},
                                              {"box", "every polygon inside west, south, east, north (also named lat_lon_order, outside_box)"},
                                              {"ring_simple", "no polygon crosses itself"}};
  return rules;
}

std::vector<std::string> CapCheckOptions::house_rules() {
  return {"size",          "references",      "info",    "language", "expires",    "headline_length", "headline_description",
          "same_category", "same_event_code", "geocode", "box",      "ring_simple"};
}

CapCheckOptions CapCheckOptions::plain() {
  CapCheckOptions options;
  options.profile = "CAP 1.2";
  options.rules.clear();
  return options;
}

bool CapCheckOptions::holds(const char* rule) const { return std::find(rules.begin(), rules.end(), rule) != rules.end(); }

const TableSpec& cap_profile_spec() {
  static const TableSpec spec = [] {
    TableSpec s{"", "What messages must hold beyond CAP 1.2."};
    s.params.push_back({"name", ParamType::text, "the profile's name"});
    s.params.push_back({"identifier_form", ParamType::text, "form of identifiers", "any", {}, {}, {}, {"any", "wmo", "national"}});
    s.params.push_back({"languages", ParamType::text_list, "languages that every message has", ""});
    s.params.push_back({"size_limit_kb", ParamType::integer, "largest message", "900", {}, 1, 4096});
    for (const auto& [key, fallback] : {std::pair{"west", "-180"}, std::pair{"south", "-90"}, std::pair{"east", "180"}, std::pair{"north", "90"}})
      s.params.push_back({key, ParamType::number, "edge of the box that holds every polygon, degrees", fallback, {}, -180, 180});
    TableSpec rules{"rules", "Which rules hold."};
    for (const ProfileRule& r : profile_rules()) rules.params.push_back({r.name, ParamType::boolean, r.meaning, "false"});
    s.tables.push_back(std::move(rules));
    return s;
  }();
  return spec;
}

CapCheckOptions load_cap_profile(const std::string& path) {
  const Config config = load_config(path, cap_profile_spec());
  CapCheckOptions o = CapCheckOptions::plain();
  o.profile = config.root.text("name");
  o.identifier_form = config.root.text("identifier_form");
  o.languages = config.root.texts("languages");
  o.size_limit = static_cast<std::size_t>(config.root.integer("size_limit_kb")) * 1024;
  o.west = config.root.number("west");
  o.south = config.root.number("south");
  o.east = config.root.number("east");
  o.north = config.root.number("north");
  const ConfigTable& rules = config.root.table("rules");
  for (const ProfileRule& r : profile_rules()) {
    if (rules.flag(r.name)) o.rules.emplace_back(r.name);
  }
  return o;
}

void check_standard(const CapMessage& m, std::vector<CapFault>& faults) {
  const bool needs = m.msg_type == "Update" || m.msg_type == "Cancel" || m.msg_type == "Ack" || m.msg_type == "Error";
  if (needs && m.references.empty() && m.unread_references == 0) faults.push_back({"references", m.msg_type + " without references"});
  if (m.scope == "Private" && m.addresses.empty()) faults.push_back({"addresses", "scope Private without addresses"});
  if (m.scope == "Restricted" && m.restriction.empty()) faults.push_back({"restriction", "scope Restricted without restriction"});
}

void check_profile(const CapMessage& m, const CapCheckOptions& options, const std::optional<std::vector<std::string>>& open, std::vector<CapFault>& faults) {
  Profile(options, faults).message(m, open);
}

bool is_wmo_identifier(std::string_view id) {
  if (id.substr(0, 8) == "urn:oid:") id.remove_prefix(8);
  if (id.substr(0, 7) != "2.49.0.") return false;
  std::size_t parts = 0;
  for (std::size_t at = 0; at <= id.size();) {
    const std::size_t dot = std::min(id.find('.', at), id.size());
    const std::string_view part = id.substr(at, dot - at);
    if (part.empty() || (parts < 6 && !all_digits(part))) return false;  // 2 49 0 <n> <country> <authority>; the rest is the sender's own
    ++parts;
    at = dot + 1;
  }
  return parts >= 7;
}

bool is_national_identifier(std::string_view id) {
  if (id.size() < 29 || id[14] != '_') return false;
  const std::string_view office = id.substr(0, 14);
  const bool plain = std::all_of(office.begin(), office.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  const bool numbered = id.size() == 29 || (id[29] == '_' && all_digits(id.substr(30)));
  return plain && numbered && all_digits(office.substr(0, 6)) && all_digits(id.substr(15, 14));
}

}  // namespace guyu
