#include "cli/run/run_config.h"

#include "cli/run/config/config_section.h"
#include "cli/shipped_files.h"

namespace guyu::cli {
namespace {
using P = ParamType;

TableSpec whole_spec() {
  TableSpec spec{
      "",
      "A cycle: what `guyu run` reads, decides by and hands out. Paths are relative to the folder given with --data; durations and "
      "quantities carry their unit (\"10 min\", \"50 mm\").",
      false,
      true,
      {{"name", P::text, "Short name, used in reports"},
       {"title", P::text, "For people: on maps and in files", ""},
       {"clock", P::text, "Where a run without --time stands: the wall clock (live), or the newest frame (archive)", "wall", "", 0, 0, {"wall", "archive"}},
       {"horizon", P::duration, "How far ahead a run undertakes to answer; 0: as far as the extrapolation, or the forecast when there is one", "0 s", "", 0,
        864000}},
      {}};
  for (const ConfigSection& section : {place_section(), rain_section(), hazard_section(), alert_section(), product_section()})
    spec.tables.insert(spec.tables.end(), section.tables.begin(), section.tables.end());
  return spec;
}

}  // namespace

const TableSpec& run_config_spec() {
  static const TableSpec spec = whole_spec();
  return spec;
}

RunConfig load_run_config(const std::string& config, const std::string& data) {
  RunConfig c;
  c.path = find_config_file(config, "", "");
  const Config file = load_config(c.path, run_config_spec());
  c.hash = file.hash;
  c.name = file.root.text("name");
  c.title = file.root.text("title").empty() ? c.name : file.root.text("title");
  c.archive_clock = file.root.text("clock") == "archive";
  Faults faults(c.path);
  ConfigLoad load{data, c, faults};
  for (const ConfigSection& section : {place_section(), hazard_section(), rain_section(), alert_section(), product_section()})  // some need what others loaded
    section.load(file.root, load);
  faults.finish();
  return c;
}

RegionSet load_regions(const RunConfig& c) {
  if (c.mesh_spacing > 0) return mesh_regions(c.mesh_west, c.mesh_south, c.mesh_east, c.mesh_north, c.mesh_spacing);
  return read_regions(c.regions);
}

}  // namespace guyu::cli
