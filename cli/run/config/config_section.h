#pragma once
#include <string>
#include <vector>

#include "cli/run/config/config_faults.h"
#include "cli/run/run_config.h"
#include "engine/config/toml_source.h"

namespace guyu::cli {

// What a section is loaded into. Paths of its keys are relative to the folder `data`.
struct ConfigLoad {
  const std::string& data;
  RunConfig& config;
  Faults& faults;
};

// Some tables of a cycle's configuration that belong together: how they are declared and what a RunConfig takes from them.
struct ConfigSection {
  std::vector<TableSpec> tables;
  void (*load)(const ConfigTable& root, ConfigLoad& into);
};
ConfigSection place_section();
ConfigSection rain_section();  // needs the hazards' section loaded: their rules say how much history
ConfigSection hazard_section();
ConfigSection alert_section();    // needs the hazards' section loaded: warnings have their words and holds
ConfigSection product_section();  // needs the places' section loaded

// Throws Error with the key's place when its pattern is wrong, which is a mistake to mend now; a folder that is not there may come.
void check_pattern(const ConfigTable& t, const std::string& key = "pattern");
Level level_named(const std::string& word);  // "blue" to "red", as the declarations allow

}  // namespace guyu::cli
