#include "cli/flood_state_file.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "cli/field_file.h"
#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

constexpr const char* kDirections = "flow_direction_code";  // as guyu terrain writes them
constexpr const char* kParameters = "runoff_parameters_code";

// Cells where two planes differ; missing is like missing.
std::size_t differences(const Plane& a, const Plane& b) {
  std::size_t n = 0;
  for (std::size_t k = 0; k < a.values.size(); ++k) n += a.values[k] == b.values[k] || (std::isnan(a.values[k]) && std::isnan(b.values[k])) ? 0 : 1;
  return n;
}

}  // namespace

void write_flood_state(const std::string& path, const Ground& g, const RunoffModel& runoff, const std::vector<std::string>& inputs, const TimedFloodState& s) {
  FieldSet set;
  const auto add = [&](std::string_view name, std::string_view unit, const Plane& plane) {
    set.insert(as_field(g.grid, std::string(name), std::string(unit), "", plane, TimeKind::instant, {s.at, s.at}));
  };
  for (std::size_t k = 0; k < s.state.soil.size(); ++k) add(runoff.planes()[k].name, runoff.planes()[k].unit, s.state.soil[k]);
  add(kParameters, "1", runoff.parameters_code());
  add(FloodState::unknown_name, FloodState::unknown_unit, s.state.unknown);
  add(RoutingState::name, RoutingState::unit, s.state.channels.volume);
  add(kDirections, "1", g.directions.codes());
  write_fields(path, g.grid, fmt::format("soil and channel water at the end of the rain, runoff by {}", runoff.name()), inputs, set);
}

TimedFloodState read_flood_state(const Ground& g, const RunoffModel& runoff, const std::string& path) {
  if (differences(plane_of(g, path, kDirections), g.directions.codes()) > 0)
    throw Error(path, "is the state of another river network", "give the elevation, grid and --sea that it was made with, or begin anew with --wetness");
  std::set<std::string> there;
  TimedFloodState s;
  read_each(path, {}, [&](Field&& f) {
    there.insert(f.meta.quantity.name);
    if (f.meta.quantity.name == FloodState::unknown_name) s.at = f.meta.valid.end;
  });
  for (const SoilPlane& p : runoff.planes())
    if (there.count(std::string(p.name)) == 0)
      throw Error(path, fmt::format("is no state of runoff by {}: it has no {}", runoff.name(), p.name),
                  "give the --runoff that it was made with, or begin anew with --wetness");
  if (there.count(kParameters) == 0)
    throw Error(path, "does not tell the parameters of the runoff that it was made with", "make it anew with this version's --state-out");
  if (const std::size_t other = differences(plane_of(g, path, kParameters), runoff.parameters_code()); other > 0)
    throw Error(path, fmt::format("was made with other parameters of runoff by {} on {} cells", runoff.name(), other),
                "give the parameters that it was made with, or begin anew with --wetness");
  for (const SoilPlane& p : runoff.planes()) s.state.soil.push_back(plane_of(g, path, std::string(p.name)));
  s.state.channels.volume = plane_of(g, path, std::string(RoutingState::name));
  s.state.unknown = plane_of(g, path, FloodState::unknown_name);
  return s;
}

}  // namespace guyu::cli
