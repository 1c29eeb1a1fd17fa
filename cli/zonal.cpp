#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <utility>

#include "cli/app.h"
#include "cli/csv.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/region/zonal_statistics.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

struct ZonalArguments {
  RegionSource regions;
  std::string input, statistics = "mean,max,coverage", csv, cache;
};

// The lines of one field, a region each.
void add_lines(const FieldMeta& m, const RegionSet& regions, const ZonalTable& table, std::string& out) {
  for (std::size_t r = 0; r < regions.regions.size(); ++r) {
    out += fmt::format("{},{},{},{},{},{},{}", csv_text(regions.regions[r].code), csv_text(regions.regions[r].name), csv_text(m.quantity.name),
                       csv_text(m.quantity.unit), to_iso(m.valid.end), csv_text(m.level), m.member ? std::to_string(*m.member) : "");
    for (const auto& column : table.columns) out += "," + csv_number(column[r]);
    out += "\n";
  }
}

int run(const ZonalArguments& a) {
  const auto statistics = parse_zonal_statistics(a.statistics);
  const RegionSet regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);

  std::string out = "code,name,quantity,units,valid_time,level,member";
  for (const ZonalStatistic& s : statistics) out += "," + csv_text(s.name);
  out += "\n";
  ZonalWeights weights;
  std::optional<Grid> grid;  // of the weights
  const FileSummary file = read_each(a.input, {}, [&](Field&& f) {
    if (!grid || !(*grid == f.grid())) {
      weights = load_or_compute_zonal_weights(a.cache, f.grid(), regions);
      grid = f.grid();
    }
    add_lines(f.meta, regions, zonal_statistics(std::as_const(f).view(), weights, statistics), out);
  });
  for (const std::string& p : file.problems) fmt::print(stderr, "guyu: {}: {}\n", a.input, p);
  if (a.csv.empty()) fmt::print("{}", out);
  else write_file_atomically(a.csv, out);
  return file.problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_zonal(Verb& guyu) {
  Verb verb = guyu.verb("zonal", "statistics of a file's grids over regions, by exact polygon-cell area");
  auto a = std::make_shared<ZonalArguments>();
  verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON").required();
  verb.option("--code", a->regions.code_column, "column with the regions' codes").required();
  verb.option("--name", a->regions.name_column, "column with the regions' names");
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  verb.option("--input", a->input, "any file that guyu inspect reads").required();
  verb.option("--stat", a->statistics, "mean, max, min, p<0-100>, frac>=<value>, coverage; parted by commas");
  verb.option("--csv", a->csv, "write here instead of to the terminal");
  verb.option("--cache", a->cache, "folder that keeps the weights between calls");
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
