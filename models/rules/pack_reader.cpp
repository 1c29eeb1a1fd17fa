#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "engine/config/toml_source.h"
#include "engine/core/error.h"
#include "engine/core/quantity.h"
#include "models/rules/condition_reader.h"
#include "models/rules/pack_check.h"
#include "models/rules/rule_pack.h"

namespace guyu {
namespace {

using P = ParamType;

const std::vector<std::string> kLevels{"blue", "yellow", "orange", "red"};
Level level_of(const std::string& word) { return static_cast<Level>(std::find(kLevels.begin(), kLevels.end(), word) - kLevels.begin() + 1); }

std::vector<ParamSpec> rule_params() {
  std::vector<ParamSpec> params{
      {"level", P::text, "The level given", {}, "", 0, 0, kLevels},
      {"name", P::text, "Last part of the rule's name; without it the window, or how far the rule looks", ""},
      {"grade", P::text, "A name beside the level, e.g. extreme rainstorm", ""},
      {"within", P::duration, "The rule looks so far ahead of the issue time; 0: as far as its window is long", "0 s", "", 0, 30 * 86400},
      {"daily_at", P::text, "Decided once a day at this local time (\"20:00\"); without it at every step", ""},
      {"together",
       P::text,
       "Several conditions hold each somewhere in the time that the rule looks into, or all at one time",
       "window",
       "",
       0,
       0,
       {"window", "time"}},
      {"combine", P::text, "Of several conditions: all, any, or at least N", "all"},
      {"season", P::text_list, "Local days, e.g. 10-01..04-30; several are alternatives", ""},
      {"hours", P::text, "Local hours of the day, e.g. 10:00..18:00", ""},
      {"where", P::text_list, "Only in regions like this: \"slope >= 15 degree\", \"land_cover = 3\"; all must hold", ""},
      {"source", P::text, "Of this rule, when it is not the pack's", ""},
      {"edition", P::text, "Likewise", ""},
      {"effective", P::text, "Likewise", ""},
      {"verified", P::boolean, "Likewise", "false"}};
  for (ParamSpec& p : condition_params())
    if (p.key != "required") params.push_back(std::move(p));
  return params;
}

std::string hours(Seconds s) {
  if (s.count() % 86400 == 0 && s.count() > 3 * 86400) return fmt::format("{}d", s.count() / 86400);
  return s.count() % 3600 == 0 ? fmt::format("{}h", s.count() / 3600) : fmt::format("{}min", s.count() / 60);
}

std::pair<std::string, std::string> both_sides(const std::string& text, const std::string& place, const char* like) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) throw Error(place, "\"" + text + "\" has no \"..\"", std::string("write it like \"") + like + "\"");
  return {text.substr(0, dots), text.substr(dots + 2)};
}

DayOfYear day_of_year(const std::string& text, const std::string& place) {
  const std::size_t dash = text.find('-');
  const auto m = whole_number(std::string_view(text).substr(0, dash));
  const auto d = dash == std::string::npos ? std::nullopt : whole_number(std::string_view(text).substr(dash + 1));
  const bool real =
      m && d && *m >= 1 && *m <= 12 && *d >= 1 &&
      std::chrono::year_month_day(std::chrono::year(2024), std::chrono::month(static_cast<unsigned>(*m)), std::chrono::day(static_cast<unsigned>(*d)))
          .ok();  // a leap year
  if (!real) throw Error(place, "\"" + text + "\" is no day of the year", "write it like \"10-01\"");
  return {*m, *d};
}

// A day, so that a run can tell a pack that is not yet in force.
void check_date(const ConfigTable& t, const char* key) {
  const std::string& text = t.text(key);
  if (text.empty()) return;
  try {
    if (text.size() == 10 && to_iso(parse_time(text + "T00:00:00Z")).substr(0, 10) == text) return;
  } catch (const Error&) {}
  throw Error(t.place(key), "\"" + text + "\" is no date", "write it like \"2007-06-12\"");
}

Rule read_rule(const ConfigTable& t, const ConfigTable& root) {
  Rule r;
  r.place = t.place("level");
  r.level = level_of(t.text("level"));
  r.grade = t.text("grade");
  const auto& several = t.tables("condition");
  if (several.empty()) {
    r.conditions.push_back(read_condition(t, root, false));
  } else {
    for (const char* key : {"quantity", "statistic", "aggregate", "window", "change", "change_over", "at", "is", "threshold", "factor", "lasting", "once_in"})
      if (t.given(key)) throw Error(t.place(key), "belongs into one of the rule's conditions", "move it below [[rule.condition]]");
    for (const ConfigTable& c : several) r.conditions.push_back(read_condition(c, root, true));
  }
  std::size_t counted = 0;
  for (const Condition& c : r.conditions) counted += c.required ? 0 : 1;
  const std::string& combine = t.text("combine");
  constexpr std::string_view kAtLeast = "at least ";
  const int k = combine.starts_with(kAtLeast) ? whole_number(std::string_view(combine).substr(kAtLeast.size())).value_or(0) : 0;
  if (combine == "all") r.needed = counted;
  else if (combine == "any") r.needed = std::min<std::size_t>(1, counted);
  else if (k >= 1 && static_cast<std::size_t>(k) <= counted) r.needed = static_cast<std::size_t>(k);
  else throw Error(t.place("combine"), fmt::format("\"{}\" cannot be made of {} conditions", combine, counted), "say all, any or at least N");
  r.within = t.duration("within");
  for (const Condition& c : r.conditions)
    if (!t.given("within")) r.within = std::max(r.within, c.window);
  if (r.within.count() < 60) throw Error(t.place("within"), "the rule looks nowhere", "give \"within\", e.g. \"24 h\"");
  // Of one condition what it is known by: how long it must last, or the window of its sum.
  const Condition& first = r.conditions[0];
  const Seconds known_by = !several.empty()                     ? r.within
                           : first.lasting.count() > 0          ? first.lasting
                           : first.aggregate != Aggregate::each ? first.window
                                                                : r.within;
  r.name = fmt::format("{}.{}.{}", root.text("hazard"), t.text("level"), t.text("name").empty() ? hours(known_by) : t.text("name"));
  if (!t.text("daily_at").empty()) r.daily_at = read_time_of_day(t.text("daily_at"), t.place("daily_at"));
  if (r.daily_at && std::any_of(r.conditions.begin(), r.conditions.end(), [](const Condition& c) { return c.sums_places(); }))
    throw Error(t.place("daily_at"), "what falls in each place is known of windows that end at the issue time or later, not of times of day before",
                "take the mean, or leave out \"daily_at\"");
  r.together = t.text("together") == "time" ? Together::time : Together::window;
  for (const std::string& s : t.texts("season")) {
    const auto [from, to] = both_sides(s, t.place("season"), "10-01..04-30");
    r.seasons.push_back({day_of_year(from, t.place("season")), day_of_year(to, t.place("season"))});
  }
  if (!t.text("hours").empty()) {
    const auto [from, to] = both_sides(t.text("hours"), t.place("hours"), "10:00..18:00");
    r.hours = HoursOfDay{read_time_of_day(from, t.place("hours")), read_time_of_day(to, t.place("hours"))};
  }
  for (const std::string& w : t.texts("where")) r.gates.push_back(read_gate(w, t.place("where")));
  const auto or_pack = [&](const char* key) { return t.text(key).empty() ? root.text(key) : t.text(key); };
  r.source = or_pack("source");
  r.edition = or_pack("edition");
  check_date(t, "effective");
  r.effective = or_pack("effective");
  r.verified = t.given("verified") ? t.flag("verified") : root.flag("verified");
  return r;
}

void read_levels(const ConfigTable& root, RulePack& pack) {
  for (const ConfigTable& t : root.tables("level")) {
    const auto k = static_cast<std::size_t>(level_of(t.text("level"))) - 1;
    if (pack.level_probability[k]) throw Error(t.place("level"), "the level \"" + t.text("level") + "\" is given twice", "keep one of them");
    const bool by_probability = t.given("decision_probability"), by_cost = t.given("cost_loss");
    if (by_probability == by_cost)
      throw Error(t.place("level"), by_cost ? "has both decision_probability and cost_loss" : "has neither decision_probability nor cost_loss",
                  "give one of them");
    // Acting pays when the probability passes the ratio of the cost of acting to the loss that it averts (Murphy 1977, Mon. Wea. Rev. 105, 803).
    pack.level_probability[k] = by_cost ? t.number("cost_loss") : t.number("decision_probability");
  }
}

RiskMatrix read_risk(const ConfigTable& t) {
  RiskMatrix m{t.text("attribute"), {}, {}};
  for (const std::string& b : t.texts("bounds")) {
    const auto number = leading_number(b);
    if (!number || !number->rest.empty()) throw Error(t.place("bounds"), "\"" + b + "\" is no number", "give numbers in the attribute's unit");
    m.bounds.push_back(number->value);
  }
  // Of two equal bounds the class between would be empty.
  if (std::adjacent_find(m.bounds.begin(), m.bounds.end(), std::greater_equal<>()) != m.bounds.end())
    throw Error(t.place("bounds"), "the bounds do not ascend", "put them in order");
  for (const std::string& level : kLevels) {
    std::vector<Level> row;
    for (const std::string& word : t.texts(level)) {
      if (word != "none" && std::find(kLevels.begin(), kLevels.end(), word) == kLevels.end())
        throw Error(t.place(level), "\"" + word + "\" is no level", "say none, blue, yellow, orange or red");
      row.push_back(word == "none" ? Level::none : level_of(word));
    }
    if (row.size() != m.bounds.size() + 1)
      throw Error(t.place(level), fmt::format("has {} levels for {} classes of {}", row.size(), m.bounds.size() + 1, m.attribute), "give one for each class");
    m.rows.push_back(std::move(row));
  }
  return m;
}

}  // namespace

const TableSpec& rule_pack_spec() {
  static const TableSpec spec{
      "",
      "A rule pack: the criteria of one hazard.",
      false,
      true,
      {{"name", P::text, "Name of the pack, as reports show it"},
       {"hazard", P::text, "The hazard it decides: one word, e.g. rainstorm"},
       {"source", P::text, "The publication the figures come from"},
       {"edition", P::text, "Its edition"},
       {"effective", P::text, "The date it came into force", ""},
       {"verified", P::boolean, "The figures were checked against the published text; a run with an unverified pack says so"},
       {"use", P::text, "signal: levels become warnings; grade: they stand in tables and maps only", "signal", "", 0, 0, {"signal", "grade"}},
       {"quantity", P::text, "CF standard name of what conditions compare that name none", "precipitation_amount"},
       {"statistic", P::text, "Over the region's area, of conditions that name none", "mean"},
       {"least_coverage", P::number, "Share of a window's area and time that must be known before the answer can be no", "0.8", "", 0, 1},
       {"decision_probability", P::number, "A level is given when at least this share of the ensemble's members reaches it", "0.5", "", 0.01, 1},
       {"continuing_amount", P::quantity, "Rain or snow to come that counts as likely to continue", "0.5 mm", "mm", 0, 100},
       {"continuing_within", P::duration, "The time after issue in which it must come; what was observed so long ago may still go on", "1 h", "", 60, 86400},
       {"downgrade_hold", P::duration, "Known lower for so long before a level falls; 0: as the run has it", "0 s", "", 0, 86400},
       {"clear_hold", P::duration, "Known clear for so long before a warning is lifted; 0: as the run has it", "0 s", "", 0, 86400}},
      {{"level",
        "A level's own decision.",
        true,
        false,
        {{"level", P::text, "Which", {}, "", 0, 0, kLevels},
         {"decision_probability", P::number, "Instead of the pack's", "0.5", "", 0.01, 1},
         {"cost_loss", P::number, "Cost of acting over the loss that it averts: the level is given from this probability on", "0.5", "", 0.01, 1}},
        {}},
       {"risk",
        "What a level means for who is exposed and how vulnerable they are: a matrix of levels. Several are applied one after the other.",
        true,
        false,
        {{"attribute", P::text, "Of the regions, e.g. population"},
         {"bounds", P::text_list, "Between its classes, ascending"},
         {"blue", P::text_list, "What Blue becomes, one level for each class"},
         {"yellow", P::text_list, "Likewise"},
         {"orange", P::text_list, "Likewise"},
         {"red", P::text_list, "Likewise"}},
        {}},
       {"rule",
        "One rule; a level is given when any of its rules holds. A rule with one condition writes it here, one with several below [[rule.condition]].",
        true,
        true,
        rule_params(),
        {{"condition", "One of several conditions.", true, false, condition_params(), {}}}}}};
  return spec;
}

RulePack load_rule_pack(const std::string& path) {
  const Config config = load_config(path, rule_pack_spec());
  const ConfigTable& root = config.root;
  RulePack pack;
  pack.path = path;
  pack.hash = config.hash;
  pack.name = root.text("name"), pack.hazard = root.text("hazard"), pack.source = root.text("source");
  pack.edition = root.text("edition"), pack.effective = root.text("effective");
  pack.verified = root.flag("verified");
  pack.signal = root.text("use") == "signal";
  pack.least_coverage = root.number("least_coverage");
  pack.decision_probability = root.number("decision_probability");
  pack.continuing_mm = root.number("continuing_amount");
  pack.continuing_within = root.duration("continuing_within");
  if (root.duration("downgrade_hold").count() > 0) pack.downgrade_hold = root.duration("downgrade_hold");
  if (root.duration("clear_hold").count() > 0) pack.clear_hold = root.duration("clear_hold");
  std::vector<Error> faults;
  const auto collect = [&](const std::function<void()>& step) {
    try {
      step();
    } catch (const Error& e) {
      faults.push_back(e);
    }
  };
  const bool one_word = !pack.hazard.empty() && std::all_of(pack.hazard.begin(), pack.hazard.end(),
                                                            [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!one_word) faults.push_back(Error(root.place("hazard"), "\"" + pack.hazard + "\" is no name of a hazard", "use small letters, digits and _"));
  for (const char* key : {"name", "source", "edition"})
    if (root.text(key).find_first_not_of(' ') == std::string::npos)
      faults.push_back(Error(root.place(key), std::string("\"") + key + "\" is empty", "say where the figures come from"));
  collect([&] { check_date(root, "effective"); });
  collect([&] { read_levels(root, pack); });
  for (const ConfigTable& t : root.tables("risk")) collect([&] { pack.risk.push_back(read_risk(t)); });
  for (const ConfigTable& t : root.tables("rule")) collect([&] { pack.rules.push_back(read_rule(t, root)); });
  // Window of the shorter before that of the longer, so that the evidence is the sharper one.
  const auto length = [](const Rule& r) { return r.conditions.size() == 1 && r.conditions[0].window.count() > 0 ? r.conditions[0].window : r.within; };
  std::stable_sort(pack.rules.begin(), pack.rules.end(),
                   [&](const Rule& a, const Rule& b) { return a.level != b.level ? a.level > b.level : length(a) < length(b); });
  for (const Rule& r : pack.rules) pack.verified = pack.verified && r.verified;
  for (const PackFinding& f : check_pack(pack))
    if (f.is_error) faults.push_back(Error(f.place, f.what, f.remedy));
  if (faults.size() == 1) throw faults.front();
  if (!faults.empty()) {
    std::string text;
    for (const Error& e : faults) text += (text.empty() ? "" : "\n") + std::string(e.what());
    throw Error("", text);
  }
  return pack;
}

Rule as_rule(const RainRule& rain) {
  Condition c;
  c.quantity = "precipitation_amount";
  c.unit = "mm";
  c.aggregate = Aggregate::sum;
  c.window = rain.window;
  c.threshold = rain.threshold_mm;
  Rule rule;
  rule.level = rain.level;
  rule.name = rain.name;
  rule.within = rain.window;
  rule.conditions = {c};
  return rule;
}

std::vector<RainRule> rain_rules(const RulePack& pack) {
  std::vector<RainRule> rules;
  for (const Rule& r : pack.rules) {
    const Condition& c = r.conditions.front();
    const bool plain = r.conditions.size() == 1 && c.quantity == "precipitation_amount" && c.statistic == "mean" && c.aggregate == Aggregate::sum &&
                       c.change == Change::none && c.compare == Compare::at_least && c.threshold_attribute.empty() && c.lasting.count() == 0 &&
                       c.once_in.count() == 0 && !c.at && !r.daily_at && r.seasons.empty() && !r.hours && r.gates.empty() && r.within == c.window;
    if (!plain) throw Error(r.place, r.name + " is no plain rule of rain over a window, which is what this needs", "name a pack like cma_2007_rainstorm");
    rules.push_back({r.level, c.window, c.threshold, r.name});
  }
  return rules;
}

}  // namespace guyu
