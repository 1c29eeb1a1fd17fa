#pragma once
#include <string>
#include <vector>

namespace guyu {

struct Point {
  double x = 0, y = 0;
};
using Ring = std::vector<Point>;  // closed: front equals back
struct Polygon {
  Ring outer;
  std::vector<Ring> holes;
};
using MultiPolygon = std::vector<Polygon>;

// A township (or whatever stands for one). `code` is a string: leading zeros matter.
struct Region {
  std::string code, name, parent;  // parent: code or name of the county, may be empty
  MultiPolygon shape;              // in RegionSet::crs, x,y = lon,lat
};

// Ordered, codes unique. Read from GeoPackage, Shapefile, GeoJSON or TopoJSON.
struct RegionSet {
  std::string crs;  // PROJ string, "EPSG:n" or WKT
  std::vector<Region> regions;
  std::vector<std::string> problems;  // repaired or dropped rings, duplicate codes, with the region named
  std::string hash() const;           // 16 hex digits of codes and coordinates
};

struct RegionSource {
  std::string path, layer;    // empty layer: the only or first one
  std::string code_column;    // required
  std::string name_column;    // optional
  std::string parent_column;  // optional
  std::string crs;            // overrides, or supplies, the file's CRS
};
// Throws Error naming file and, for a missing column, listing the columns there are. Bad rings (fewer than 4 points,
// self-crossing) are repaired with GEOS or dropped, and reported in problems.
RegionSet read_regions(const RegionSource& source);

// A lat-lon mesh of square cells as regions, for data without polygons; codes "r<row>c<column>".
RegionSet mesh_regions(double west, double south, double east, double north, double spacing_degrees);

}  // namespace guyu
