#include <fmt/format.h>

#include <cstdio>

#include "cli/app.h"
#include "cli/run/run_config.h"
#include "cli/verb.h"

namespace guyu::cli {
namespace {

int check(const std::string& name, const std::string& data) {
  const RunConfig c = load_run_config(name, data);
  fmt::print("{}: fine\n", c.path);
  for (const RulePack& pack : c.packs) fmt::print("  rules of {}: {} ({})\n", pack.hazard, pack.name, pack.path);
  for (const MessageText& t : c.cap.texts) fmt::print("  words: {} ({})\n", t.language, t.path);
  for (const std::string& r : c.remarks) fmt::print("  note: {}\n", r);
  if (data.empty()) return exit_done;
  const RegionSet regions = load_regions(c);
  fmt::print("  regions: {}\n", regions.regions.size());
  for (const std::string& p : regions.problems) fmt::print("  note: regions: {}\n", p);
  return exit_done;
}

}  // namespace

void add_check(Verb& guyu) {
  Verb verb = guyu.verb("check", "check a cycle configuration, its rule pack and texts; with --data its regions too");
  auto config = std::make_shared<std::string>();
  auto data = std::make_shared<std::string>();
  verb.option("config", *config, "cycle configuration: a TOML file, or the name of a shipped one").required();
  verb.option("--data", *data, "folder that the paths in the configuration are relative to");
  verb.action([config, data] { return check(*config, *data); });
}

}  // namespace guyu::cli
