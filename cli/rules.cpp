#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/app.h"
#include "cli/run/run_config.h"
#include "cli/shipped_files.h"
#include "cli/signed_pack.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/core/quantity.h"
#include "ingest/region_series_reader.h"
#include "models/rule_model.h"
#include "models/rules/pack_check.h"

namespace guyu::cli {
namespace {

RulePack pack_named(const std::string& name) { return load_rule_pack(find_config_file(name, "rules", "")); }

std::string duration_words(Seconds s) { return fmt::format("{:g} h", static_cast<double>(s.count()) / 3600); }

// The settings of a pack, one line each.
std::vector<std::pair<std::string, std::string>> settings_of(const RulePack& p) {
  std::vector<std::pair<std::string, std::string>> lines{
      {"hazard", p.hazard},
      {"source", p.source},
      {"edition", p.edition},
      {"effective", p.effective},
      {"use", p.signal ? "signal" : "grade"},
      {"least coverage", fmt::format("{:g}", p.least_coverage)},
      {"continuing", fmt::format("{:g} mm within {}", p.continuing_mm, duration_words(p.continuing_within))}};
  for (const Level l : {Level::blue, Level::yellow, Level::orange, Level::red})
    lines.emplace_back(fmt::format("probability of {}", to_string(l)), fmt::format("{:g}", p.needed_probability(l)));
  if (p.downgrade_hold) lines.emplace_back("downgrade hold", duration_words(*p.downgrade_hold));
  if (p.clear_hold) lines.emplace_back("clear hold", duration_words(*p.clear_hold));
  return lines;
}

std::string line_of(const Rule& r) { return describe(r) + (r.grade.empty() ? "" : " (" + r.grade + ")") + (r.verified ? "" : " [not verified]"); }

int show(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const RulePack pack = pack_named(name);
    fmt::print("{}: {}{}\n", pack.path, pack.name, pack.verified ? "" : " (not verified)");
    for (const auto& [what, value] : settings_of(pack))
      if (!value.empty()) fmt::print("  {:<22} {}\n", what, value);
    for (const Rule& r : pack.rules) fmt::print("  {:<7} {}\n          {}\n", to_string(r.level), r.name, line_of(r));
  }
  return exit_done;
}

struct CheckArguments {
  std::vector<std::string> packs;
  std::string config, data, series, trust;
};

// Attributes of the cycle's regions that any of them has; models give them too, but only for themselves.
void add_attributes(const RunConfig& config, AvailableInputs& available) {
  if (config.attributes.empty()) return;
  std::vector<std::string> codes, problems;
  for (const Region& r : load_regions(config).regions) codes.push_back(r.code);
  for (const AttributeSource& source : config.attributes)
    for (const RegionAttribute& a : read_attributes(source, codes, problems)) {
      const bool known = std::any_of(a.values.begin(), a.values.end(), [](float v) { return v == v; });
      if (known) available.attributes.push_back({a.name, a.unit});
    }
}

// What a cycle of this configuration can give; of a series file, what it holds.
AvailableInputs available_inputs(const CheckArguments& a) {
  AvailableInputs available;
  if (!a.config.empty()) {
    const RunConfig c = load_run_config(a.config, a.data);
    available.series.push_back({"precipitation_amount", "mean"});
    available.horizon = c.horizon;
    for (const ChosenModel& m : c.models) available.series.push_back({m.model->info().quantity, m.model->info().statistic});
    if (!c.convection.pattern.empty())
      for (const char* quantity : {"lightning_probability", "hail_diameter", "hail_probability", "wind_speed_of_gust"})
        available.series.push_back({quantity, "max"});
    add_attributes(c, available);
    if (!c.weather_pattern.empty() && a.series.empty())
      throw Error(a.config, "takes weather from " + c.weather_pattern + ", whose content only a file can tell", "name one with --series");
  }
  if (!a.series.empty())
    for (const HazardSeries& s : read_region_series(a.series).series) available.series.push_back({s.quantity.name, s.statistic});
  return available;
}

int check(const CheckArguments& a) {
  bool sound = true;
  const bool with_inputs = !a.config.empty() || !a.series.empty();
  const AvailableInputs available = available_inputs(a);
  for (const std::string& name : a.packs) {
    try {
      const std::string path = find_config_file(name, "rules", "");
      std::optional<SignedBytes> by;
      RulePack pack;
      if (a.trust.empty()) {
        pack = load_rule_pack(path);
      } else {
        SignedPack with = load_signed_pack(path, a.trust);
        pack = std::move(with.pack), by = with.signature;
      }
      std::vector<PackFinding> findings = check_pack(pack);
      if (with_inputs) {
        AvailableInputs of_pack = available;
        // A cycle sums up place by place what a pack asks for.
        if (!a.config.empty())
          for (const InputNeed& need : RuleModel(pack).needs())
            if (need.window.count() > 0) of_pack.series.push_back({need.quantity, need.statistic, need.window});
        for (PackFinding& f : check_inputs(pack, of_pack)) findings.push_back(std::move(f));
      }
      fmt::print("{}: {} rules of {}{}{}\n", pack.path, pack.rules.size(), pack.hazard, pack.verified ? "" : ", not verified",
                 findings.empty() ? ", fine" : "");
      if (by) fmt::print("  signed by {} at {}\n", by->signer, to_iso(by->signed_at));
      for (const PackFinding& f : findings) fmt::print("  warning: {}: {}; {}\n", f.place, f.what, f.remedy);
    } catch (const Error& e) {
      sound = false;
      fmt::print("{}\n", e.what());
    }
  }
  return sound ? exit_done : exit_user_error;
}

struct SignArguments {
  std::vector<std::string> packs;
  std::string key, certificate;
};

int sign(const SignArguments& a) {
  for (const std::string& name : a.packs) fmt::print("{}\n", sign_pack(find_config_file(name, "rules", ""), a.key, a.certificate));
  return exit_done;
}

int diff(const std::string& one, const std::string& other) {
  const RulePack a = pack_named(one), b = pack_named(other);
  bool same = true;
  const auto changed = [&](const std::string& what, const std::string& before, const std::string& after) {
    if (before == after) return;
    same = false;
    fmt::print("{}\n  - {}\n  + {}\n", what, before.empty() ? "(none)" : before, after.empty() ? "(none)" : after);
  };
  const auto x = settings_of(a), y = settings_of(b);
  for (const auto& [what, value] : x) {
    const auto there = std::find_if(y.begin(), y.end(), [&, &w = what](const auto& p) { return p.first == w; });
    changed(what, value, there == y.end() ? "" : there->second);
  }
  for (const auto& [what, value] : y)
    if (std::none_of(x.begin(), x.end(), [&, &w = what](const auto& p) { return p.first == w; })) changed(what, "", value);
  const auto rule_of = [](const RulePack& p, const std::string& name) {
    const auto r = std::find_if(p.rules.begin(), p.rules.end(), [&](const Rule& rule) { return rule.name == name; });
    return r == p.rules.end() ? std::string() : line_of(*r);
  };
  for (const Rule& r : a.rules) changed(r.name, line_of(r), rule_of(b, r.name));
  for (const Rule& r : b.rules)
    if (rule_of(a, r.name).empty()) changed(r.name, "", line_of(r));
  if (same) fmt::print("{} and {} decide alike\n", a.path, b.path);
  return exit_done;
}

struct ExplainArguments {
  std::string pack, series, region, issue, code = "code";
  std::vector<std::string> attributes;
  int utc_offset_minutes = 480;
};

int explain(const ExplainArguments& a) {
  const RuleModel model(pack_named(a.pack));
  RegionSeriesFile file = read_region_series(a.series);
  const auto at = std::find(file.codes.begin(), file.codes.end(), a.region);
  if (at == file.codes.end()) throw Error(a.series, "has no region " + a.region, "its codes begin with " + file.codes.front());
  HazardInputs inputs{a.issue.empty() ? file.reference : parse_time(a.issue), {}, file.codes.size(), 1, Seconds(60 * a.utc_offset_minutes)};
  inputs.series = std::move(file.series);
  for (const std::string& table : a.attributes) {
    std::vector<std::string> problems;
    for (RegionAttribute& attribute : read_attributes({table, "", a.code, {}}, file.codes, problems)) inputs.attributes.push_back(std::move(attribute));
  }
  for (const HazardSeries& s : inputs.series)
    for (const SeriesPiece& p : s.pieces) {
      inputs.horizon = std::max(inputs.horizon, p.interval.end);
      inputs.members = std::max(inputs.members, p.members.size());
    }
  fmt::print("{} in {} at {}, {} future{}\n", model.hazard(), a.region, to_iso(inputs.issue), inputs.members, inputs.members == 1 ? "" : "s");
  for (const RuleTrail& t : model.explain(inputs, static_cast<std::size_t>(at - file.codes.begin()))) {
    fmt::print("  {:<7} {:<8} {}: {}\n", to_string(t.level), to_string(t.answer), t.rule, t.condition);
    fmt::print("                   holds in {:.0f} % of the futures, {:.0f} % cannot tell; known {:.0f} %", 100 * t.member_share, 100 * t.unknown_share,
               100 * t.coverage);
    if (t.answer != Answer::unknown && t.margin == t.margin) fmt::print("; {:.4g} from turning, at {}", t.margin, to_iso(t.window.end));
    fmt::print("\n");
  }
  return exit_done;
}

int quantities() {
  for (const std::string& name : quantity_names()) fmt::print("{:<62} {}\n", name, find_quantity(name)->unit);
  return exit_done;
}

}  // namespace

void add_rules(Verb& guyu) {
  Verb rules = guyu.verb("rules", "rule packs: check, show, compare and explain them");
  {
    Verb verb = rules.verb("check", "find what is wrong with packs, by themselves and with what a cycle can give them");
    auto a = std::make_shared<CheckArguments>();
    verb.option("pack", a->packs, "rule packs: TOML files, or names of shipped ones").required();
    verb.option("--config", a->config, "cycle configuration whose inputs the rules are held against");
    verb.option("--data", a->data, "folder that the paths in the configuration are relative to");
    verb.option("--series", a->series, "file of guyu forecast whose series the rules are held against");
    verb.option("--trust", a->trust, "certificates in PEM: packs must be signed by them, or under them");
    verb.action([a] { return check(*a); });
  }
  {
    Verb verb = rules.verb("show", "say in words what packs decide");
    auto names = std::make_shared<std::vector<std::string>>();
    verb.option("pack", *names, "rule packs: TOML files, or names of shipped ones").required();
    verb.action([names] { return show(*names); });
  }
  {
    Verb verb = rules.verb("sign", "sign packs, so that no change of them goes unseen; the signature is PACK.sig");
    auto a = std::make_shared<SignArguments>();
    verb.option("pack", a->packs, "rule packs").required();
    verb.option("--key", a->key, "P-256 key in PEM, readable by its owner alone").required();
    verb.option("--certificate", a->certificate, "its certificate in PEM").required();
    verb.action([a] { return sign(*a); });
  }
  {
    Verb verb = rules.verb("diff", "what two packs decide otherwise");
    auto one = std::make_shared<std::string>(), other = std::make_shared<std::string>();
    verb.option("pack", *one, "a rule pack").required();
    verb.option("other", *other, "another one").required();
    verb.action([one, other] { return diff(*one, *other); });
  }
  {
    Verb verb = rules.verb("explain", "what every rule of a pack says of one region, by the township series of a forecast");
    auto a = std::make_shared<ExplainArguments>();
    verb.option("pack", a->pack, "rule pack").required();
    verb.option("--series", a->series, "file of guyu forecast").required();
    verb.option("--region", a->region, "code of the region").required();
    verb.option("--attributes", a->attributes, "tables of regions' attributes");
    verb.option("--code", a->code, "their column of codes").shows_default();
    verb.option("--issue", a->issue, "when; without it the run's reference time");
    verb.option("--utc-offset", a->utc_offset_minutes, "minutes that local time is ahead of UTC").shows_default().between(-840, 840);
    verb.action([a] { return explain(*a); });
  }
  rules.verb("quantities", "the quantities that rules may name, with their units").action([] { return quantities(); });
}

}  // namespace guyu::cli
