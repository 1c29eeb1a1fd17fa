#pragma once
#include <string>
#include <vector>

#include "engine/region/region_set.h"

namespace guyu::cli::demo {

// A made-up province of some 600 townships that tile it without gap or overlap: Voronoi cells of jittered seeds, whose common borders
// wind like rivers. Counties are the townships nearest to one seat.
struct Township {
  Region region;  // 12-digit code (of a province number that is not in use), name with 镇, 乡 or 街道, county as parent
  long population = 0;
};

struct Province {
  std::string crs;                  // longitude and latitude
  std::vector<Township> townships;  // by code
  std::vector<std::string> counties;
};

// `plane` is the CRS (metres) in whose plane the seeds lie, about its origin. Deterministic. O(n^2), as voronoi_cells().
Province made_up_province(const std::string& plane);

// One layer "townships" with code, name, county, population. Throws Error naming the file.
void write_townships(const std::string& path, const Province& province);

}  // namespace guyu::cli::demo
