#include <fmt/format.h>

#include <cstdio>

#include "cli/app.h"
#include "cli/shipped_files.h"
#include "cli/verb.h"
#include "models/rule_pack.h"

namespace guyu::cli {
namespace {

int show(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const RulePack pack = load_rule_pack(find_config_file(name, "rules", ""));
    fmt::print("{}: {}{}\n  source: {} ({})\n", pack.path, pack.name, pack.verified ? "" : " (not verified)", pack.source, pack.edition);
    for (const RainRule& r : pack.rules) fmt::print("  {:<22} {:>6.1f} mm in {:g} h\n", r.name, r.threshold_mm, static_cast<double>(r.window.count()) / 3600);
  }
  return exit_done;
}

}  // namespace

void add_rules(Verb& guyu) {
  Verb verb = guyu.verb("rules", "check rule packs and show what they say");
  auto names = std::make_shared<std::vector<std::string>>();
  verb.option("pack", *names, "rule packs: TOML files, or names of shipped ones").required();
  verb.action([names] { return show(*names); });
}

}  // namespace guyu::cli
