#include "models/rule_pack.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/toml_source.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
const std::vector<std::string> kLevels{"blue", "yellow", "orange", "red"};

std::string hours(Seconds s) { return s.count() % 3600 == 0 ? fmt::format("{}h", s.count() / 3600) : fmt::format("{}min", s.count() / 60); }
}  // namespace

const TableSpec& rule_pack_spec() {
  static const TableSpec spec{
      "",
      "A rule pack: the criteria of one hazard.",
      false,
      true,
      {{"name", ParamType::text, "Name of the pack, as reports show it"},
       {"hazard", ParamType::text, "The hazard it decides", {}, "", 0, 0, {"rainstorm"}},
       {"source", ParamType::text, "The publication the figures come from"},
       {"edition", ParamType::text, "Its edition"},
       {"effective", ParamType::text, "The date it came into force", ""},
       {"verified", ParamType::boolean, "The figures were checked against the published text; a run with an unverified pack says so"},
       {"least_coverage", ParamType::number, "Share of a window's area and time that must be known before the answer can be no", "0.8", "", 0, 1},
       {"decision_probability", ParamType::number, "A level is given when at least this share of the ensemble's members reaches it", "0.5", "", 0.01, 1},
       {"continuing_rain", ParamType::quantity, "Rain to come that counts as likely to continue", "0.5 mm", "mm", 0, 100},
       {"continuing_within", ParamType::duration, "The time after issue in which it must come", "1 h", "", 60, 86400}},
      {{"rule",
        "One condition; a level is given when any of its rules holds.",
        true,
        true,
        {{"level", ParamType::text, "The level given", {}, "", 0, 0, kLevels},
         {"window", ParamType::duration, "Length of the rolling window", {}, "", 300, 10 * 86400},
         {"threshold", ParamType::quantity, "Area-mean rain over the window that is reached or passed", {}, "mm", 0.1, 2000}},
        {}}}};
  return spec;
}

RulePack load_rule_pack(const std::string& path) {
  const Config config = load_config(path, rule_pack_spec());
  const ConfigTable& root = config.root;
  RulePack pack{path,
                config.hash,
                root.text("name"),
                root.text("hazard"),
                root.text("source"),
                root.text("edition"),
                root.text("effective"),
                root.flag("verified"),
                root.number("least_coverage"),
                root.number("decision_probability"),
                root.number("continuing_rain"),
                root.duration("continuing_within"),
                {}};
  for (const ConfigTable& t : root.tables("rule")) {
    const auto rank = std::find(kLevels.begin(), kLevels.end(), t.text("level")) - kLevels.begin();
    RainRule rule{static_cast<Level>(rank + 1), t.duration("window"), t.number("threshold"), ""};
    rule.name = fmt::format("{}.{}.{}", pack.hazard, t.text("level"), hours(rule.window));
    for (const RainRule& o : pack.rules) {
      if (o.name == rule.name) throw Error(t.place("level"), rule.name + " stands twice", "keep one of them");
      const RainRule& high = o.level > rule.level ? o : rule;
      const RainRule& low = o.level > rule.level ? rule : o;
      if (high.level != low.level && high.window >= low.window && high.threshold_mm <= low.threshold_mm)
        throw Error(t.place("threshold"),
                    fmt::format("{} ({} mm) is reached no later than {} ({} mm): levels must nest", high.name, high.threshold_mm, low.name, low.threshold_mm),
                    "raise the severer threshold or shorten its window");
    }
    pack.rules.push_back(std::move(rule));
  }
  std::stable_sort(pack.rules.begin(), pack.rules.end(),
                   [](const RainRule& a, const RainRule& b) { return a.level != b.level ? a.level > b.level : a.window < b.window; });
  return pack;
}

}  // namespace guyu
