#include <fmt/format.h>

#include <cstdio>

#include "cli/app.h"
#include "models/rule_pack.h"

namespace guyu::cli {
namespace {

int check(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const RulePack pack = load_rule_pack(path);
    fmt::print("{}: {}{}\n  source: {} ({})\n", path, pack.name, pack.verified ? "" : " (not verified)", pack.source, pack.edition);
    for (const RainRule& r : pack.rules)
      fmt::print("  {:<22} {:>6.1f} mm in {:g} h\n", r.name, r.threshold_mm, static_cast<double>(r.window.count()) / 3600);
  }
  return exit_done;
}

}  // namespace

void add_rules(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("rules", "check rule packs and show what they say");
  auto paths = std::make_shared<std::vector<std::string>>();
  auto reference = std::make_shared<bool>(false);
  verb->add_flag("--describe", *reference, "print the reference of every key of a rule pack");
  verb->add_option("file", *paths, "rule packs (TOML)");
  verb->callback([&action, verb, paths, reference] {
    if (paths->empty() && !*reference) throw CLI::RequiredError(verb->get_name() + ": FILE or --describe");
    action = [paths, reference] {
      if (*reference) fmt::print("{}", describe(rule_pack_spec()));
      return check(*paths);
    };
  });
}

}  // namespace guyu::cli
