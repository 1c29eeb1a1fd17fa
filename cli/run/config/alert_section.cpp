#include <algorithm>
#include <cctype>
#include <filesystem>

#include "cli/run/config/config_section.h"
#include "cli/shipped_files.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {
using P = ParamType;

TableSpec hazard_table() {
  const auto as_above = [](const char* key, double least, double most) {
    return ParamSpec{key, P::duration, "As in [alerts], which holds where this is not given", "", "", least, most};
  };
  return {"hazard",
          "How the warnings of one hazard live, where it is another way than [alerts] says.",
          true,
          false,
          {{"name", P::text, "The hazard, e.g. \"rainstorm\""},
           as_above("downgrade_hold", 0, 86400),
           as_above("clear_hold", 0, 86400),
           as_above("renew_before", 60, 86400),
           as_above("unknown_limit", 0, 172800),
           {"inhibits", P::text_list, "Hazards whose new warnings are held back where this one is warned of at the same or a severer level", ""},
           {"inhibits_from", P::text, "From this level of this hazard on", "blue", "", 0, 0, {"blue", "yellow", "orange", "red"}}}};
}

TableSpec alerts_table() {
  return {"alerts",
          "Who warns, and how warnings live.",
          false,
          false,
          {{"sender", P::text, "Sender of the messages, as CAP wants it: no spaces or commas", "guyu@example.invalid"},
           {"status", P::text, "What the messages are", "test", "", 0, 0, {"actual", "exercise", "test"}},
           {"country", P::text, "Country number of the identifiers 2.49.0.1.<country>.<authority>", "156"},
           {"authority", P::text, "Authority number of the identifiers", "0"},
           {"utc_offset", P::duration, "Local time in the messages", "8 h", "", -43200, 50400},
           {"geocode_name", P::text, "Scheme of the region codes", "GB/T2260"},
           {"languages", P::text_list, "One info per language; texts/<hazard>.<language>.toml", "zh-CN, en-US"},
           {"schema", P::path, "CAP 1.2 XSD below the data folder; without it messages go out with the semantic checks alone", ""},
           {"downgrade_hold", P::duration, "Known lower for so long before a level falls", "30 min", "", 0, 86400},
           {"clear_hold", P::duration, "Known clear for so long before a warning is lifted", "60 min", "", 0, 86400},
           {"renew_before", P::duration, "A message so near its end is extended; longer than the time between cycles", "30 min", "", 60, 86400},
           {"unknown_limit", P::duration, "Missing data keep a warning alive for so long after the last answer", "6 h", "", 0, 172800},
           {"group_cap", P::integer, "Regions per message, at most", "300", "", 1, 5000},
           {"station", P::text, "Where warnings go, when no guyu dispatch is running: a shipped station by name, or a TOML file beside this one", "files"},
           {"answer_wait", P::duration, "Wait for the decisions of a running guyu dispatch", "10 s", "", 0, 600}},
          {hazard_table()}};
}

// The parts of message identifiers, which are file names too.
void check_identifier_part(const ConfigTable& t, const std::string& key) {
  const std::string& text = t.text(key);
  const bool fit = !text.empty() && std::all_of(text.begin(), text.end(), [](char ch) { return std::isalnum(static_cast<unsigned char>(ch)) != 0; });
  if (!fit) throw Error(t.place(key), "\"" + key + "\" is \"" + text + "\", which an identifier cannot hold", "use digits and letters");
}

// The times of [alerts] or of an [[alerts.hazard]], which keeps what it does not give.
void load_times(const ConfigTable& t, bool only_given, HazardPolicy& policy) {
  const auto load = [&](const char* key, Seconds& into) {
    if (!only_given || t.given(key)) into = t.duration(key);
  };
  load("downgrade_hold", policy.downgrade_hold);
  load("clear_hold", policy.clear_hold);
  load("renew_before", policy.renew_before);
  load("unknown_limit", policy.unknown_limit);
}

// What a pack asks for holds where the configuration says nothing of that hazard.
void take_holds(const RulePack& pack, const ConfigTable& alerts, BookSettings& book) {
  if (!pack.downgrade_hold && !pack.clear_hold) return;
  HazardPolicy& policy = book.hazards.emplace(pack.hazard, book.usual).first->second;
  const auto given = [&](const char* key) {
    for (const ConfigTable& t : alerts.tables("hazard"))
      if (t.text("name") == pack.hazard && t.given(key)) return true;
    return alerts.given(key);
  };
  if (pack.downgrade_hold && !given("downgrade_hold")) policy.downgrade_hold = *pack.downgrade_hold;
  if (pack.clear_hold && !given("clear_hold")) policy.clear_hold = *pack.clear_hold;
}

void load_policies(const ConfigTable& alerts, BookSettings& book, Faults& faults) {
  load_times(alerts, false, book.usual);
  for (const ConfigTable& t : alerts.tables("hazard")) {
    HazardPolicy policy = book.usual;
    load_times(t, true, policy);
    policy.inhibits = t.texts("inhibits");
    policy.inhibits_from = level_named(t.text("inhibits_from"));
    if (!book.hazards.emplace(t.text("name"), policy).second) {
      faults.without("", [&] { throw Error(t.place("name"), "hazard \"" + t.text("name") + "\" is given twice", "keep one of them"); });
    }
  }
  faults.without(alerts.place("hazard"), [&] { inhibition_ranks(book); });
}

// The words of every hazard that warnings are made of.
void load_texts(const ConfigTable& t, RunConfig& c, Faults& faults) {
  const auto& languages = t.texts("languages");
  std::size_t wanted = 0;
  for (const RulePack& pack : c.packs) {
    if (!pack.signal) continue;
    wanted += languages.size();
    for (const std::string& language : languages)
      faults.without(t.place("languages"),
                     [&] { c.cap.texts.push_back(load_message_text(find_config_file(pack.hazard + "." + language, "texts", ""), pack.hazard)); });
  }
  if (languages.empty()) faults.without("", [&] { throw Error(t.place("languages"), "\"languages\" is empty", "name at least one, e.g. \"zh-CN\""); });
  // The writer refuses what no message could be written with.
  if (wanted > 0 && c.cap.texts.size() == wanted) faults.without(t.place("sender"), [&] { CapWriter(c.cap, RegionSet{}); });
}

void load_alerts(const ConfigTable& t, const std::string& data, RunConfig& c, Faults& faults) {
  c.book.country = t.text("country");
  c.book.authority = t.text("authority");
  for (const char* key : {"country", "authority"}) faults.without("", [&] { check_identifier_part(t, key); });
  load_policies(t, c.book, faults);
  c.book.group_cap = static_cast<std::size_t>(t.integer("group_cap"));
  c.cap.sender = t.text("sender");
  c.cap.status = t.text("status") == "actual" ? RunStatus::actual : t.text("status") == "exercise" ? RunStatus::exercise : RunStatus::test;
  c.cap.utc_offset_minutes = static_cast<int>(t.duration("utc_offset").count() / 60);
  c.cap.geocode_name = t.text("geocode_name");
  if (!t.text("schema").empty() && !data.empty()) {
    const fs::path schema = fs::path(data) / t.text("schema");
    if (fs::is_regular_file(schema)) c.check.schema_path = schema.string();
    else if (t.given("schema")) c.remarks.push_back("the CAP schema " + t.text("schema") + " is absent: messages pass the semantic checks only");
  }
  c.answer_wait = t.duration("answer_wait");
  faults.without(t.place("station"), [&] { c.station = find_config_file(t.text("station"), "stations", fs::path(c.path).parent_path().string()); });
}

}  // namespace

ConfigSection alert_section() {
  return {{alerts_table()}, [](const ConfigTable& root, ConfigLoad& into) {
            const std::string& data = into.data;
            RunConfig& c = into.config;
            Faults& faults = into.faults;
            const ConfigTable& alerts = root.table("alerts");
            load_alerts(alerts, data, c, faults);
            for (const RulePack& pack : c.packs) take_holds(pack, alerts, c.book);
            load_texts(alerts, c, faults);
          }};
}

}  // namespace guyu::cli
