#include "alerts/dispatch/station_config.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "alerts/channels/registry.h"
#include "engine/config/toml_source.h"
#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
using P = ParamType;

const std::vector<std::string>& level_names() {
  static const std::vector<std::string> names{"Blue", "Yellow", "Orange", "Red"};
  return names;
}
Level level_named(const std::string& name) {
  const auto at = std::find(level_names().begin(), level_names().end(), name);
  return static_cast<Level>(1 + (at - level_names().begin()));
}

ParamSpec level_param(const char* key, const char* doc, const char* fallback) {
  ParamSpec p{key, P::text, doc, fallback};
  p.choices = level_names();
  return p;
}

// The keys that every channel has beside its own.
std::vector<ParamSpec> common_params() {
  return {{"name", P::text, "Name of the channel; part of every delivery's key, so never change it"},
          {"hazards", P::text_list, "Hazards that it carries; empty: all", ""},
          level_param("min_level", "Lowest level that it carries; what was told is updated and ended whatever the level", "Blue"),
          {"regions", P::text_list, "Beginnings of region codes that it is for; empty: all", ""},
          {"languages", P::text_list, "Languages of the texts that it gets; empty: all", ""},
          {"heartbeats", P::boolean, "It carries the heartbeat of every cycle", "false"},
          {"quiet_hours", P::text, "Local hours such as 22:00-06:00 in which lower levels wait; empty: none", ""},
          level_param("quiet_below", "Levels below this one wait in the quiet hours", "Orange"),
          {"repeat_every", P::duration, "A standing warning is sent anew so often; 0 s: once", "0 s", "", 0, 86400},
          {"rate_per_minute", P::number, "Most messages a minute; 0: no limit", "0", "", 0, 1e7},
          {"batch", P::integer, "Most messages at a time", "250", "", 1, 10000},
          {"retry_first", P::duration, "Wait after the first failure; doubled each time, with jitter", "2 s", "", 1, 3600},
          {"retry_longest", P::duration, "Longest wait between attempts", "300 s", "", 1, 86400},
          {"resend_after", P::duration, "What was accepted is sent again when its receipt does not come in this time", "60 s", "", 1, 86400},
          {"unreceipted", P::integer,
           "While so many were accepted in the last two seconds and have no receipt yet, only severer ones are sent, so that these do not queue up behind them "
           "on the way; 0: no limit",
           "1000", "", 0, 1e7}};
}

std::optional<std::pair<int, int>> quiet_hours(const ConfigTable& t) {
  const std::string text = t.text("quiet_hours");
  if (text.empty()) return {};
  int h1 = 0, m1 = 0, h2 = 0, m2 = 0;
  char end = 0;
  if (std::sscanf(text.c_str(), "%2d:%2d-%2d:%2d%c", &h1, &m1, &h2, &m2, &end) != 4 || h1 > 23 || h2 > 24 || m1 > 59 || m2 > 59 || h1 < 0 || h2 < 0 || m1 < 0 ||
      m2 < 0)
    throw Error(t.place("quiet_hours"), "'" + text + "' is no pair of hours", "write it as 22:00-06:00");
  return std::pair{h1 * 60 + m1, (h2 * 60 + m2) % (24 * 60)};
}

ChannelConfig channel_of(const ChannelKind& kind, const ConfigTable& t, const std::string& out) {
  ChannelConfig c;
  c.name = t.text("name");
  c.kind = kind.spec.name;
  if (c.name.empty() || c.name.find_first_of("| ,/") != std::string::npos)
    throw Error(t.place("name"), "'" + c.name + "' is no name for a channel", "use letters, digits and -");
  c.route = {t.texts("hazards"), level_named(t.text("min_level")),   t.texts("regions"),        t.texts("languages"), t.texts("accept"), t.flag("heartbeats"),
             quiet_hours(t),     level_named(t.text("quiet_below")), t.duration("repeat_every")};
  c.pace = {t.number("rate_per_minute"), static_cast<std::size_t>(t.integer("batch")),      t.duration("retry_first"), t.duration("retry_longest"),
            t.duration("resend_after"),  static_cast<std::size_t>(t.integer("unreceipted"))};
  c.targets = kind.targets(t);
  for (const std::string& target : c.targets)
    if (target.find('|') != std::string::npos) throw Error(t.place("name"), "the target '" + target + "' holds a |", "name it otherwise");
  c.make = [make = kind.make, t, context = ChannelContext{out, c.name}](std::function<TimePoint()> now) {
    ChannelContext own = context;
    own.now = std::move(now);
    return make(t, own);
  };
  return c;
}

// Why the channel cannot carry notices of alarms; empty: it can.
std::string alarm_channel_fault(const StationConfig& s) {
  constexpr std::array<std::string_view, 3> kPublic{"wis2", "national", "emergency_broadcast"};
  std::string names;
  for (const ChannelConfig& c : s.channels) {
    if (c.name != s.alarm_channel) {
      names += (names.empty() ? "" : ", ") + c.name;
      continue;
    }
    if (std::find(kPublic.begin(), kPublic.end(), c.kind) == kPublic.end()) return {};
    return "'" + c.name + "' is a channel of kind " + c.kind + ", which is for warnings alone";
  }
  return "there is no channel '" + s.alarm_channel + "'; there is " + (names.empty() ? "none" : names);
}

std::string beside(const std::string& config, const std::string& path) {
  if (path.empty() || fs::path(path).is_absolute()) return path;
  return (fs::path(config).parent_path() / path).string();
}
}  // namespace

const TableSpec& station_spec() {
  static const TableSpec spec = [] {
    TableSpec s{"", "A station of guyu dispatch: who signs, who approves, and where warnings go."};
    s.tables = {{"station",
                 "The place itself.",
                 false,
                 false,
                 {{"utc_offset", P::duration, "Local time of quiet hours", "8 h", "", -43200, 50400},
                  {"keep", P::duration, "Ended alerts stay in the store for so long", "400 d", "", 3600, 1e9},
                  {"undelivered_alarm", P::duration, "A delivery that waits longer raises an alarm", "5 min", "", 1, 86400},
                  {"heartbeat_missed", P::duration, "Without a cycle for so long an alarm is raised; 0 s: never", "15 min", "", 0, 864000},
                  {"metrics", P::text, "address:port of the metrics and health page; empty: none", ""}}},
                {"signing",
                 "The signature of every message (ECDSA P-256).",
                 false,
                 false,
                 {{"key", P::text, "PEM file of the private key, mode 0600, beside this file or absolute; empty: unsigned", ""},
                  {"certificate", P::text, "PEM file of its certificate", ""}}},
                {"approval",
                 "Who must agree before a message goes out.",
                 false,
                 false,
                 {{"mode", P::text, "automatic, or review by a person", "automatic", "", 0, 0, {"automatic", "review"}},
                  level_param("review_from", "Lower levels go out by themselves", "Blue"),
                  {"hazards", P::text_list, "Hazards that are reviewed; empty: all", ""},
                  {"approvers", P::text_list, "Users who may approve; empty: anyone but the author", ""}}},
                {"receipts",
                 "Receipts that receivers send by HTTP.",
                 false,
                 false,
                 {{"listen", P::text, "address:port; empty: none", ""}, {"secret", P::text, "File of the HMAC key, mode 0600", ""}}},
                {"alarms",
                 "Who is told when something is wrong with the warnings themselves.",
                 false,
                 false,
                 {{"channel", P::text,
                   "Name of the channel (spool, feed, webhook, mqtt or smtp) that carries a notice of each alarm and of its end; empty: log, health page and "
                   "guyu alerts list only",
                   ""}}}};
    for (const ChannelKind& kind : channel_kinds()) {
      TableSpec t = kind.spec;
      t.repeated = true;
      const std::vector<ParamSpec> common = common_params();
      t.params.insert(t.params.begin(), common.begin(), common.end());
      s.tables.push_back(std::move(t));
    }
    return s;
  }();
  return spec;
}

StationConfig load_station(const std::string& path, const std::string& out) {
  const Config config = load_config(path, station_spec());
  const ConfigTable& root = config.root;
  StationConfig s;
  s.path = path;
  const ConfigTable& station = root.table("station");
  s.utc_offset_minutes = static_cast<int>(station.duration("utc_offset").count() / 60);
  s.keep = station.duration("keep");
  s.undelivered_alarm = station.duration("undelivered_alarm");
  s.heartbeat_missed = station.duration("heartbeat_missed");
  s.metrics = station.text("metrics");
  const ConfigTable& signing = root.table("signing");
  s.key = beside(path, signing.text("key"));
  s.certificate = beside(path, signing.text("certificate"));
  if (s.key.empty() != s.certificate.empty()) throw Error(signing.place("key"), "key and certificate belong together", "name both, or none");
  const ConfigTable& approval = root.table("approval");
  s.approval = {approval.text("mode") == "review", level_named(approval.text("review_from")), approval.texts("hazards"), approval.texts("approvers")};
  s.receipt_listen = root.table("receipts").text("listen");
  s.receipt_secret = beside(path, root.table("receipts").text("secret"));
  std::string faults;
  std::map<std::string, std::string> names;
  for (const ChannelKind& kind : channel_kinds()) {
    for (const ConfigTable& t : root.tables(kind.spec.name)) {
      try {
        ChannelConfig c = channel_of(kind, t, out);
        const auto [first, fresh] = names.emplace(c.name, t.place("name"));
        if (!fresh) throw Error(t.place("name"), "the channel '" + c.name + "' is there already", "at " + first->second);
        s.channels.push_back(std::move(c));
      } catch (const Error& e) {
        faults += (faults.empty() ? "" : "\n") + std::string(e.what());
      }
    }
  }
  s.alarm_channel = root.table("alarms").text("channel");
  if (!s.alarm_channel.empty()) {
    const std::string fault = alarm_channel_fault(s);
    if (!fault.empty()) faults += (faults.empty() ? "" : "\n") + std::string(Error(root.table("alarms").place("channel"), fault).what());
  }
  if (!faults.empty()) throw Error("", faults);
  if (s.channels.empty()) throw Error(path, "names no channel: warnings would go nowhere", "add at least a [[spool]]");
  return s;
}

}  // namespace guyu
