#pragma once
#include <memory>
#include <optional>
#include <string>

#include "cli/run/run_config.h"
#include "engine/region/region_table.h"
#include "engine/region/risk_table.h"
#include "products/grid_netcdf.h"
#include "products/provenance.h"

namespace guyu::cli {

// grids.nc of a cycle, written while the extrapolation makes its steps, so that no two steps are in memory for it: the newest frame's rate, the
// total to come and, when the configuration asks for them, the steps.
class CycleGrids {
 public:
  CycleGrids(const RunConfig& config, const std::string& path, const Provenance& provenance, const Field& newest_rate, const std::vector<Interval>& steps);
  void write_step(const Field& amount);
  // Ends the file; without it nothing is left behind.
  void close(const Field* total);

 private:
  GridNetcdfWriter writer_;
  std::optional<std::size_t> step_variable_, total_variable_;
  std::size_t next_ = 0;
};

// The township files and maps of a cycle.
struct CycleProducts {
  const RunConfig& config;
  const RegionSet& regions;
  const RegionTable& table;
  const RiskTable& risk;
  const Provenance& provenance;
};
// Both give the paths of the files written; throw Error.
std::vector<std::string> write_region_products(const CycleProducts& products, const std::string& folder);
// newest_rate and total may be null: their maps are left out.
std::vector<std::string> draw_maps(const CycleProducts& products, const Field* newest_rate, const Field* total, const std::string& folder);

}  // namespace guyu::cli
