#include "cli/demo/townships.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <set>

#include "cli/demo/place_names.h"
#include "cli/demo/storm_case.h"
#include "cli/demo/voronoi.h"
#include "engine/core/hash.h"
#include "engine/region/zonal_weights.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli::demo;
namespace {
struct Files {
  std::string folder = test::temporary_folder("townships"), path = folder + "/townships.gpkg";
  Province province = made_up_province(storm_case().grid.crs());
  RegionSet read() const { return read_regions({path, "", "code", "name", "county", ""}); }
};
}  // namespace
BOOST_AUTO_TEST_SUITE(townships)

BOOST_AUTO_TEST_CASE(each_township_has_a_code_and_a_name_of_its_own) {
  const Files f;
  std::set<std::string> codes, names;
  for (const Township& t : f.province.townships) {
    codes.insert(t.region.code), names.insert(t.region.name);
    BOOST_TEST(t.region.code.size() == 12U);
    BOOST_TEST(t.region.code.substr(0, 2) == "90");
    BOOST_TEST(t.population > 5000);
  }
  const std::size_t n = f.province.townships.size();
  BOOST_TEST((n > 560 && n < 640), n);
  BOOST_TEST(codes.size() == n);
  BOOST_TEST(names.size() == n);
  BOOST_TEST((f.province.counties.size() >= 26 && f.province.counties.size() <= 36), f.province.counties.size());
}

BOOST_AUTO_TEST_CASE(the_file_is_sound_and_the_same_every_time) {
  const Files f;
  write_townships(f.path, f.province);
  write_townships(f.folder + "/again.gpkg", made_up_province(storm_case().grid.crs()));
  BOOST_TEST(hash_file(f.path) == hash_file(f.folder + "/again.gpkg"));
  const RegionSet r = f.read();
  for (const std::string& p : r.problems) BOOST_ERROR(p);
  BOOST_TEST(r.regions.size() == f.province.townships.size());
  BOOST_TEST(r.regions[7].name == f.province.townships[7].region.name);
  BOOST_TEST(r.regions[7].parent == f.province.townships[7].region.parent);
}

// Every border is walked once in each direction by its two townships, or once by the rim.
BOOST_AUTO_TEST_CASE(neighbours_share_their_borders_point_by_point) {
  const Files f;
  std::map<std::array<double, 4>, int> edges;
  for (const Township& t : f.province.townships) {
    const Ring& ring = t.region.shape.front().outer;
    for (std::size_t k = 0; k + 1 < ring.size(); ++k) ++edges[{ring[k].x, ring[k].y, ring[k + 1].x, ring[k + 1].y}];
  }
  std::size_t twice = 0, rim = 0;
  for (const auto& [e, count] : edges) {
    if (count > 1) ++twice;
    if (!edges.count({e[2], e[3], e[0], e[1]})) ++rim;
  }
  BOOST_TEST(twice == 0U);
  BOOST_TEST((rim > 50 && rim < edges.size() / 8), rim);
}

BOOST_AUTO_TEST_CASE(they_cover_the_province_without_gap_or_overlap) {
  const Files f;
  const Grid grid = storm_case().grid;
  RegionSet all{f.province.crs, {}, {}};
  for (const Township& t : f.province.townships) all.regions.push_back(t.region);
  const ZonalWeights w = compute_zonal_weights(grid, all);
  std::vector<double> covered(static_cast<std::size_t>(grid.size()), 0.0);
  for (const auto& run : w.runs)
    for (auto i = run.begin; i < run.end; ++i) covered[static_cast<std::size_t>(run.row * grid.nx() + i)] += 1;
  for (const auto& cell : w.cells) covered[static_cast<std::size_t>(cell.row * grid.nx() + cell.column)] += double{cell.share};
  double most = 0;
  for (const double c : covered) most = std::max(most, c);
  BOOST_TEST(most < 1 + 1e-3);
  // Inside, far from the rim, all is covered.
  for (std::int64_t j = 100; j < 260; ++j)
    for (std::int64_t i = 110; i < 290; ++i) BOOST_TEST(covered[static_cast<std::size_t>(j * grid.nx() + i)] > 1 - 1e-3);
}

BOOST_AUTO_TEST_CASE(names_and_counties_are_given_once) {
  std::set<std::string> stems, counties;
  for (std::size_t n = 0; n < kTownshipNames; ++n) stems.insert(township_stem(n));
  for (std::size_t n = 0; n < kCountyNames; ++n) counties.insert(county_name(n).substr(0, 6));
  BOOST_TEST(stems.size() == kTownshipNames);
  BOOST_TEST(counties.size() == kCountyNames);
}

BOOST_AUTO_TEST_CASE(a_seed_lies_in_its_own_cell) {
  // A square of seeds around one: its cell is the square between them.
  const std::vector<Ring> cells = voronoi_cells({{0, 0}, {2, 0}, {-2, 0}, {0, 2}, {0, -2}, {2, 2}, {-2, 2}, {2, -2}, {-2, -2}});
  double twice_area = 0;
  for (std::size_t k = 0; k + 1 < cells[0].size(); ++k) twice_area += cells[0][k].x * cells[0][k + 1].y - cells[0][k + 1].x * cells[0][k].y;
  BOOST_TEST(std::abs(twice_area) / 2 == 4, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()
