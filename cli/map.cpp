#include "products/map.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/app.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

struct MapArguments {
  std::string input, quantity, title, out;
  std::size_t index = 0;
  RegionSource regions;
  std::vector<double> bbox;  // west, south, east, north
  MapOptions options;
};

std::string names_of(const std::vector<Field>& fields) {
  std::string names;
  for (std::size_t k = 0; k < fields.size(); ++k) names += fmt::format("{}{} {}", k == 0 ? "" : ", ", k, fields[k].meta.quantity.name);
  return names;
}

// The index-th field of the quantity, or of all when no quantity is asked for.
const Field& chosen(const std::vector<Field>& fields, const MapArguments& a) {
  std::size_t seen = 0;
  for (const Field& f : fields) {
    if ((a.quantity.empty() || f.meta.quantity.name == a.quantity) && seen++ == a.index) return f;
  }
  throw Error(a.input, fmt::format("has no field {}{}", a.index, a.quantity.empty() ? "" : " of the quantity '" + a.quantity + "'"),
              "it has " + names_of(fields));
}

MapOptions options_of(const MapArguments& a) {
  MapOptions o = a.options;
  if (a.bbox.empty()) return o;
  if (a.bbox.size() != 4) throw Error("--bbox", "wants four numbers", "west,south,east,north in degrees");
  o.west = a.bbox[0], o.south = a.bbox[1], o.east = a.bbox[2], o.north = a.bbox[3];
  if (o.east < o.west) o.east += 360;  // over the date line
  if (!(o.west < o.east)) throw Error("--bbox", "has no width", "west,south,east,north in degrees");
  return o;
}

int run(const MapArguments& a) {
  const FileFields file = read_file(a.input);
  for (const std::string& p : file.problems) fmt::print(stderr, "guyu: {}: {}\n", a.input, p);
  const Field& field = chosen(file.fields, a);
  RegionSet regions;
  if (!a.regions.path.empty()) regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);
  MapText text = field_text(field);
  if (!a.title.empty()) {
    text.subtitle = text.title + " · " + text.subtitle;
    text.title = a.title;
  }
  draw_field_map(a.out, field, a.regions.path.empty() ? nullptr : &regions, text, options_of(a));
  return file.problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_map(Verb& guyu) {
  Verb verb = guyu.verb("map", "draw a field of a file as a map, with regions if wanted");
  auto a = std::make_shared<MapArguments>();
  verb.option("--input", a->input, "any file that guyu inspect reads").required();
  verb.option("--quantity", a->quantity, "take only fields of this quantity");
  verb.option("--index", a->index, "which of the fields, from 0");
  Option regions = verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes");
  regions.needs(code);
  code.needs(regions);
  verb.option("--name", a->regions.name_column, "column with the regions' names").needs(regions);
  verb.option("--parent", a->regions.parent_column, "column with what the regions belong to; its borders are drawn heavier").needs(regions);
  verb.option("--layer", a->regions.layer, "layer of the regions' file").needs(regions);
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say").needs(regions);
  verb.option("--title", a->title, "instead of the quantity's name");
  verb.option("--bbox", a->bbox, "west,south,east,north in degrees; all there is when absent").parted_by(',').words(1, 4);
  verb.option("--width", a->options.width, "pixels, 400 to 16000");
  verb.option("--out", a->out, "the PNG file").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
