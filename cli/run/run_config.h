#pragma once
#include <optional>
#include <string>
#include <vector>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/cap_writer.h"
#include "alerts/lifecycle/alert_book.h"
#include "cli/convection_analysis.h"
#include "engine/config/param_spec.h"
#include "engine/cycle/plan.h"
#include "engine/hydrology/xinanjiang_parameters.h"
#include "engine/nowcast/ensemble.h"
#include "engine/region/region_attributes.h"
#include "engine/region/region_set.h"
#include "models/computed_series.h"
#include "models/joint_risk.h"
#include "models/rules/rule_pack.h"
#include "products/map.h"

namespace guyu::cli {

// What grids.nc of a cycle holds besides the newest frame: nothing is written, the total of the extrapolation, or its steps too.
enum class GridProducts { none, total, steps };

// A model of a cycle with its parameters.
struct ChosenModel {
  const SeriesModel* model = nullptr;
  ModelParams params;
  std::vector<XinanjiangSoil> soils;  // of the file that its parameter "parameters" names; empty: none is named
};

// Severe convection of a cycle: where its files are and how they are looked at.
struct ConvectionInput {
  std::string pattern, forecast_pattern, lightning_pattern;  // pattern empty: no convection
  Seconds span{1800}, max_age{900}, lightning_window{900};
  ConvectionSettings settings;
};

// One cycle's configuration, checked and resolved: what a run reads, decides by and hands out.
struct RunConfig {
  std::string path, hash, name, title;
  bool archive_clock = false;  // without --time the cycle stands at the newest frame, not at the wall clock
  PlanSettings plan;
  std::string rain_quantity;  // empty: whichever rain quantity a frame holds

  RegionSource regions;                                                                   // paths already below the data folder
  double mesh_west = 0, mesh_south = 0, mesh_east = 0, mesh_north = 0, mesh_spacing = 0;  // spacing > 0: a mesh instead

  Seconds extrapolate_until{0}, extrapolate_step{0};
  std::string calibration;                  // file of guyu calibrate; empty: none
  EnsembleOptions ensemble;                 // no members: the extrapolation alone tells the rain to come
  bool blend = true;                        // members go on as the forecast
  std::string gauge_pattern, gauge_method;  // pattern empty: no gauges
  Seconds gauge_interval{0};                // 0: what the stations report
  double gauge_reach_km = 40;
  Seconds forecast_until{0};
  std::string forecast_quantity;
  Seconds horizon{0};
  std::optional<TimePoint> dry_before;

  std::vector<RulePack> packs;      // by hazard
  std::vector<ChosenModel> models;  // in the order that they are computed in
  std::vector<JointEvent> joint;
  std::vector<AttributeSource> attributes;
  std::string weather_pattern;  // series of guyu forecast; empty: none
  Seconds weather_max_age{0};
  ConvectionInput convection;
  std::string earthquake_pattern, earthquake_relation;  // pattern empty: no earthquakes
  Seconds earthquake_max_age{0};
  BookSettings book;
  CapSettings cap;
  CapCheckOptions check;
  std::string station;      // where warnings go: configuration of guyu dispatch
  Seconds answer_wait{10};  // for the decisions of a running guyu dispatch

  GridProducts grids = GridProducts::total;
  bool write_maps = true;
  MapOptions map;

  std::vector<std::string> remarks;  // what a report must say about the configuration itself
};

const TableSpec& run_config_spec();
// Reads CONFIG (a file, or the name of a shipped one), its rule pack and texts. `data` is the folder its paths are relative to.
// Throws one Error with every fault, each with file, line and remedy.
RunConfig load_run_config(const std::string& config, const std::string& data);

// The regions that the configuration names; throws Error. Repairs are listed in RegionSet::problems.
RegionSet load_regions(const RunConfig& config);

}  // namespace guyu::cli
