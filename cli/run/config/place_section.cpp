#include <filesystem>

#include "cli/run/config/config_section.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {
using P = ParamType;

TableSpec regions_table() {
  return {"regions",
          "The places that warnings are for: a GeoPackage, Shapefile, GeoJSON or TopoJSON.",
          false,
          false,
          {{"path", P::path, "The file; empty when [mesh] is used", ""},
           {"layer", P::text, "Its layer; empty: the only or first one", ""},
           {"code", P::text, "Column with the regions' codes", "code"},
           {"name", P::text, "Column with their names; empty: none", ""},
           {"parent", P::text, "Column with the code or name of the county; empty: none", ""},
           {"crs", P::text, "CRS, where the file does not say or is wrong", ""},
           {"attributes", P::text_list, "Columns of numbers that rules and risks may ask for, with their unit: \"population\", \"slope [degree]\"", ""},
           {"attribute_tables", P::text_list, "Other tables of them by code (CSV, GeoPackage ...) below the data folder: all of their columns", ""}}};
}

TableSpec mesh_table() {
  return {"mesh",
          "Square cells in longitude and latitude instead of regions, for places without outlines.",
          false,
          false,
          {{"west", P::number, "Degrees", "0", "", -180, 360},
           {"south", P::number, "Degrees", "0", "", -90, 90},
           {"east", P::number, "Degrees", "0", "", -180, 360},
           {"north", P::number, "Degrees", "0", "", -90, 90},
           {"spacing", P::number, "Side of a cell in degrees; 0: no mesh", "0", "", 0, 10}}};
}

void load_regions_keys(const ConfigTable& root, const std::string& data, RunConfig& c) {
  const ConfigTable &r = root.table("regions"), &m = root.table("mesh");
  c.mesh_spacing = m.number("spacing");
  c.mesh_west = m.number("west"), c.mesh_south = m.number("south"), c.mesh_east = m.number("east"), c.mesh_north = m.number("north");
  const bool mesh = c.mesh_spacing > 0, file = !r.text("path").empty();
  if (mesh == file) throw Error(c.path, mesh ? "has both [regions] and [mesh]" : "has neither [regions] path nor [mesh] spacing", "give one of them");
  if (mesh && !(c.mesh_east > c.mesh_west && c.mesh_north > c.mesh_south))
    throw Error(m.place("west"), "the mesh has no area", "give west < east and south < north");
  if (!r.texts("attributes").empty()) {
    if (mesh) throw Error(r.place("attributes"), "cells of a mesh have no columns", "name \"attribute_tables\"");
    c.attributes.push_back({(fs::path(data) / r.text("path")).string(), r.text("layer"), r.text("code"), r.texts("attributes")});
  }
  for (const std::string& table : r.texts("attribute_tables")) c.attributes.push_back({(fs::path(data) / table).string(), "", r.text("code"), {}});
  c.regions = {file ? (fs::path(data) / r.text("path")).string() : "", r.text("layer"), r.text("code"), r.text("name"), r.text("parent"), r.text("crs")};
}

}  // namespace

ConfigSection place_section() {
  return {{regions_table(), mesh_table()},
          [](const ConfigTable& root, ConfigLoad& into) { into.faults.without("", [&] { load_regions_keys(root, into.data, into.config); }); }};
}

}  // namespace guyu::cli
