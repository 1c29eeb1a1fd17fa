#include <fmt/format.h>

#include <cstdio>

#include "alerts/cap/cap_rules.h"
#include "alerts/cap/message_text.h"
#include "alerts/dispatch/station_config.h"
#include "cli/app.h"
#include "cli/config_reference.h"
#include "cli/run/run_config.h"
#include "cli/verb.h"
#include "models/rules/rule_pack.h"

namespace guyu::cli {

std::string config_reference() {
  return "# Configuration reference\n\nMade by `guyu config --describe`.\n\n## Cycles\n" + describe(run_config_spec()) + "\n## Rule packs\n" +
         describe(rule_pack_spec()) + "\n## Texts\n" + describe(message_text_spec()) + "\n## CAP profiles\n" + describe(cap_profile_spec()) +
         "\n## Stations\n" + describe(station_spec());
}

void add_config(Verb& guyu) {
  Verb verb = guyu.verb("config", "print the reference of everything a configuration may hold");
  auto reference = std::make_shared<bool>(false);
  verb.flag("--describe", *reference, "Markdown: every key with type, default, bounds and meaning").required();
  verb.action([reference] {
    fmt::print("{}", config_reference());
    return static_cast<int>(exit_done);
  });
}

}  // namespace guyu::cli
