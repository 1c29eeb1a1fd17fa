#include "cli/target_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

Grid grid_of(const std::string& path) {
  std::optional<Grid> grid;
  read_each(path, {}, [&](Field&& f) {
    if (!grid) grid = f.grid();
  });
  return *grid;
}

Grid grid_in_box(const std::string& crs, const std::vector<double>& box, double spacing) {
  const double west = box[0], south = box[1], north = box[3];
  const bool over_date_line = box[2] < west && Grid(crs, 0, 0, 1, 1, 1, 1).is_latlon();
  const double east = box[2] + (over_date_line ? 360 : 0);
  if (!(spacing > 0)) throw Error("--spacing", fmt::format("{} is no cell size", spacing), "give it in units of the CRS, e.g. 0.01 degrees or 1000 metres");
  if (!(west < east) || !(south < north)) throw Error("--bbox", "the box is empty", "give west,south,east,north in units of the CRS");
  const auto cells = [&](double length) { return static_cast<std::int64_t>(std::min(1e12, std::max(1.0, std::ceil(length / spacing - 1e-6)))); };
  return Grid(crs, west + spacing / 2, north - spacing / 2, spacing, spacing, cells(east - west), cells(north - south));
}

}  // namespace

void TargetGrid::add_options(Verb& verb) {
  Option first = verb.option("--like", like, "take the grid of this file's first field");
  verb.option("--crs", crs, "CRS of the target: EPSG:n, PROJ string or WKT").shows_default().excludes(first);
  verb.option("--bbox", bbox, "west,south,east,north of the target, in units of its CRS").parted_by(',').words(4, 4).excludes(first);
  Option cell = verb.option("--spacing", spacing, "cell size of the target, in units of its CRS").excludes(first);
  if (spacing > 0) cell.shows_default();
}

Grid TargetGrid::grid(const std::string& verb) const {
  if (!like.empty()) return grid_of(like);
  if (bbox.empty() || spacing == 0)
    throw Error(verb, "the target grid is not told", "give --like FILE, or --bbox W,S,E,N with --spacing D and, unless it is EPSG:4326, --crs");
  return grid_in_box(crs, bbox, spacing);
}

}  // namespace guyu::cli
