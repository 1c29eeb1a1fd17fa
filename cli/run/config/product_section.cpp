#include "cli/run/config/config_section.h"

namespace guyu::cli {
namespace {
using P = ParamType;

TableSpec products_table() {
  return {"products",
          "Files that a cycle hands out besides warnings.",
          false,
          false,
          {{"grids",
            P::text,
            "grids.nc: not at all, the newest frame and the total of the extrapolation, or its steps too (township files are always written)",
            "total",
            "",
            0,
            0,
            {"none", "total", "steps"}},
           {"maps", P::boolean, "PNG maps", "true"},
           {"map_width", P::integer, "Pixels", "1200", "", 400, 8000},
           {"west", P::number, "Area of the maps, degrees; all 0: everything", "0", "", -180, 360},
           {"south", P::number, "Degrees", "0", "", -90, 90},
           {"east", P::number, "Degrees", "0", "", -180, 360},
           {"north", P::number, "Degrees", "0", "", -90, 90}}};
}

void load_product_keys(const ConfigTable& root, ConfigLoad& into) {
  RunConfig& c = into.config;
  const ConfigTable& products = root.table("products");
  const std::string& grids = products.text("grids");
  c.grids = grids == "none" ? GridProducts::none : grids == "steps" ? GridProducts::steps : GridProducts::total;
  c.write_maps = products.flag("maps");
  c.map.labels = c.mesh_spacing == 0;  // cells of a mesh have no names that people know
  c.map.width = static_cast<int>(products.integer("map_width"));
  c.map.west = products.number("west"), c.map.south = products.number("south");
  c.map.east = products.number("east"), c.map.north = products.number("north");
}

}  // namespace

ConfigSection product_section() { return {{products_table()}, load_product_keys}; }

}  // namespace guyu::cli
