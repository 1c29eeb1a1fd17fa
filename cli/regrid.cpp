#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "cli/app.h"
#include "cli/field_file.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "engine/regrid/apply.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

struct RegridArguments {
  std::string input, like, crs = "EPSG:4326", method = "bilinear", missing = "strict", out, cache;
  std::vector<double> bbox;
  double spacing = 0, least_valid = 0.5;
};

Grid grid_of(const std::string& path) {
  std::optional<Grid> grid;
  read_each(path, {}, [&](Field&& f) {
    if (!grid) grid = f.grid();
  });
  return *grid;
}

// Cells from the box's north-west corner, as many as it takes to fill it.
Grid grid_in_box(const std::string& crs, const std::vector<double>& box, double spacing) {
  const double west = box[0], south = box[1], north = box[3];
  const bool over_date_line = box[2] < west && Grid(crs, 0, 0, 1, 1, 1, 1).is_latlon();
  const double east = box[2] + (over_date_line ? 360 : 0);
  if (!(spacing > 0)) throw Error("--spacing", fmt::format("{} is no cell size", spacing), "give it in units of the CRS, e.g. 0.01 degrees or 1000 metres");
  if (!(west < east) || !(south < north)) throw Error("--bbox", "the box is empty", "give west,south,east,north in units of the CRS");
  const auto cells = [&](double length) { return static_cast<std::int64_t>(std::min(1e12, std::max(1.0, std::ceil(length / spacing - 1e-6)))); };
  return Grid(crs, west + spacing / 2, north - spacing / 2, spacing, spacing, cells(east - west), cells(north - south));
}

Grid target_grid(const RegridArguments& a) {
  if (!a.like.empty()) return grid_of(a.like);
  if (a.bbox.empty() || a.spacing == 0)
    throw Error("regrid", "the target grid is not told", "give --like FILE, or --bbox W,S,E,N with --spacing D and, unless it is EPSG:4326, --crs");
  return grid_in_box(a.crs, a.bbox, a.spacing);
}

void write(const RegridArguments& a, const Grid& target, const FieldSet& set) {
  write_fields(a.out, target, fmt::format("fields brought to another grid ({}, missing: {})", a.method, a.missing), {a.input}, set);
}

int run(const RegridArguments& a) {
  const RegridMethod method = parse_regrid_method(a.method);
  const MissingTreatment missing{parse_missing_policy(a.missing), a.least_valid};
  const Grid target = target_grid(a);
  FieldSet set;
  std::vector<std::string> problems;
  RegridWeights weights;
  std::optional<Grid> source;  // of the weights
  const FileSummary file = read_each(a.input, {}, [&](Field&& f) {
    if (!source || !(*source == f.grid())) {
      weights = load_or_compute_regrid_weights(a.cache, f.grid(), target, method);
      source = f.grid();
    }
    if (weights.entries.empty()) {
      problems.push_back(f.meta.quantity.name + ": its grid (" + source->describe() + ") does not meet the target");
      return;
    }
    try {
      set.insert(std::make_shared<const Field>(regrid(f, target, weights, missing)));
    } catch (const Error& e) {
      problems.push_back(e.reason());
    }
  });
  problems.insert(problems.end(), file.problems.begin(), file.problems.end());
  if (set.empty()) throw Error(a.input, problems.front(), "the target is " + target.describe());
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}: {}\n", a.input, p);
  write(a, target, set);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_regrid(Verb& guyu) {
  Verb verb = guyu.verb("regrid", "bring a file's fields to another grid");
  auto a = std::make_shared<RegridArguments>();
  verb.option("--input", a->input, "any file that guyu inspect reads").required();
  Option like = verb.option("--like", a->like, "take the grid of this file's first field");
  verb.option("--crs", a->crs, "CRS of the target: EPSG:n, PROJ string or WKT").shows_default().excludes(like);
  verb.option("--bbox", a->bbox, "west,south,east,north of the target, in units of its CRS").parted_by(',').words(4, 4).excludes(like);
  verb.option("--spacing", a->spacing, "cell size of the target, in units of its CRS").excludes(like);
  verb.option("--method", a->method, "nearest, bilinear or conservative").shows_default();
  verb.option("--missing", a->missing, "strict: a missing source cell makes the target missing; renormalise: mean of the valid ones").shows_default();
  verb.option("--least-valid", a->least_valid, "renormalise: share of a target cell that must be valid").shows_default().between(0.0, 1.0);
  verb.option("--cache", a->cache, "folder that keeps the weights between calls");
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
