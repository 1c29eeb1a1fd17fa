#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>

#include "alerts/dispatch/handover.h"
#include "cli/alerts/tell.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {
using json = nlohmann::ordered_json;

struct Member {
  std::string code;
  json evidence;
};

// Who is asked about without being named: the region with the highest level, and of these the one that is surest of it.
std::pair<int, double> weight(const json& member) {
  int level = static_cast<int>(Level::red);
  while (level > static_cast<int>(Level::unknown) && to_string(static_cast<Level>(level)) != member.at("level")) --level;
  const json& p = member.at("evidence").at("probability");
  return {level, p.is_null() ? 0.0 : p.get<double>()};
}

Member member_of(const StoredDecision& d, const std::string& region) {
  const json members = json::parse(d.members);
  const json* best = nullptr;
  for (const json& m : members) {
    if (!region.empty() && m.at("code") != region) continue;
    if (!best || weight(m) > weight(*best)) best = &m;
  }
  if (!best)
    throw Error("", region.empty() ? "the decision names no region" : "region " + region + " is not in this event", "guyu alerts show lists its regions");
  return {best->at("code"), best->at("evidence")};
}

// The name of an event begins with its hazard; that may be the beginning of another's (flash_flood, flash_flood_notification).
bool is_of(const std::string& event, const std::string& hazard) {
  const auto of_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return event.starts_with(hazard) && (event.size() == hazard.size() || !of_name(event[hazard.size()]));
}

std::string amount(const json& v) { return v.is_null() ? "unknown" : fmt::format("{:.1f}", v.get<double>()); }

std::string evidence_text(const json& e) {
  // Decisions of older versions name no unit; an empty one is that of a figure that has several, or none.
  const std::string unit = e.contains("unit") ? e.at("unit").get<std::string>() : "(mm, or the unit of what the rule compares)";
  return fmt::format(
      "    rule {}\n    window {} to {}\n    observed {} + still expected {} against {}{}\n    known {:.0f} % of area and time, newest observation {} min "
      "old{}\n",
      e.at("rule").get<std::string>(), e.at("window_begin").get<std::string>(), e.at("window_end").get<std::string>(), amount(e.at("observed")),
      amount(e.at("forecast")), amount(e.at("threshold")), unit.empty() ? "" : " " + unit,
      e.at("coverage").is_null() ? 0.0 : 100 * e.at("coverage").get<double>(), e.at("data_age_s").get<std::int64_t>() / 60,
      e.at("already_reached").get<bool>() ? "\n    the threshold was reached by what was observed alone" : "");
}

json trail_json(const RuleTrail& t) {
  return {{"rule", t.rule},
          {"level", to_string(t.level)},
          {"condition", t.condition},
          {"window_begin", to_iso(t.window.begin)},
          {"window_end", to_iso(t.window.end)},
          {"threshold", t.threshold},
          {"observed", t.observed},
          {"forecast", t.forecast},
          {"coverage", t.coverage},
          {"answer", to_string(t.answer)},
          {"member_share", t.member_share},
          {"unknown_share", t.unknown_share},
          {"margin", t.margin}};
}

// One line per rule: what it found, and what would have turned its answer.
std::string trail_text(const RuleTrail& t) {
  const bool rain = t.condition.empty() || t.condition.starts_with("sum of precipitation_amount");
  if (!rain) {
    const std::string turn = std::isnan(t.margin) ? "nothing that is known would have told" : fmt::format("{:.4g} from turning", t.margin);
    return fmt::format("    {:<7} {:<28} {:<7} {:.4g} at {}: {}  known {:3.0f} %  members {:3.0f} %  {}\n", to_string(t.level), t.rule, to_string(t.answer),
                       t.observed + t.forecast, to_iso(t.window.end), t.condition, 100 * t.coverage, 100 * t.member_share, turn);
  }
  const std::string turn = std::isnan(t.margin)      ? "no amount of rain in it would have told"
                           : t.answer == Answer::yes ? fmt::format("{:.1f} mm less would have been a no", t.margin)
                                                     : fmt::format("{:.1f} mm more would have been a yes", t.margin);
  return fmt::format("    {:<7} {:<28} {:<7} {:6.1f} + {:6.1f} of {:6.1f} mm to {}  known {:3.0f} %  members {:3.0f} %  {}\n", to_string(t.level), t.rule,
                     to_string(t.answer), t.observed, t.forecast, t.threshold, to_iso(t.window.end), 100 * t.coverage, 100 * t.member_share, turn);
}
}  // namespace

std::string tell_why(AlertStore& store, const std::string& subject, const std::string& region, bool as_json) {
  const std::string name = event_of(store, subject);
  const std::vector<StoredDecision> decisions = store.decisions(name);
  if (decisions.empty()) throw Error("", "nothing was decided about " + name);
  // A message is explained by its own decision, an event by its newest one.
  const auto own = std::find_if(decisions.begin(), decisions.end(), [&](const StoredDecision& d) { return d.identifier == subject; });
  const StoredDecision& d = own != decisions.end() ? *own : decisions.back();
  const Member m = member_of(d, region);
  json out{{"event", name},
           {"region", m.code},
           {"decided", {{"at", to_iso(d.at)}, {"action", d.action}, {"reason", d.reason}, {"detail", d.detail}, {"level", to_string(d.level)}}},
           {"evidence", m.evidence},
           {"rules", json::array()},
           {"inputs", json::array()},
           {"degraded", json::array()}};
  std::string text = fmt::format("{}\nregion {}\n  decided at {}: {} ({}), {}\n    {}\n  on the evidence of\n{}", name, m.code, to_iso(d.at), d.action,
                                 d.reason, to_string(d.level), d.detail, evidence_text(m.evidence));
  if (const auto cycle = store.cycle(d.item)) {
    const Handover h = evidence_from_json(cycle->evidence, store.db().path());
    for (const RegionTrail& t : h.risk.trails) {
      if (t.code != m.code || !is_of(name, t.hazard)) continue;
      text += "  every rule of the pack\n";
      for (const RuleTrail& rule : t.rules) {
        out["rules"].push_back(trail_json(rule));
        text += trail_text(rule);
      }
    }
    out["author"] = h.author;
    out["config"] = h.config;
    out["config_hash"] = h.config_hash;
    text +=
        fmt::format("  from the cycle of {} ({}, configuration {} {}) and its inputs\n", to_iso(cycle->issue), h.author, h.config, h.config_hash.substr(0, 12));
    for (const HandoverInput& i : h.inputs) {
      out["inputs"].push_back({{"path", i.path}, {"role", i.role}, {"sha256", i.sha256}, {"age_s", i.age.count()}, {"error", i.error}});
      text += fmt::format("    {:<12} {}  {}\n", i.role, i.path,
                          i.error.empty() ? fmt::format("{} min old, sha256 {}", i.age.count() / 60, i.sha256.substr(0, 16)) : "not used: " + i.error);
    }
    for (const std::string& w : h.degraded) {
      out["degraded"].push_back(w);
      text += "    degraded: " + w + "\n";
    }
  } else if (!d.item.empty()) {
    text += "  by an operator's command\n";
  }
  return as_json ? out.dump(1) + "\n" : text;
}

}  // namespace guyu::cli
