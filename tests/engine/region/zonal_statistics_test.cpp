#include "engine/region/zonal_statistics.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace tt = boost::test_tools;
namespace {
struct Case {
  Grid grid{"EPSG:32650", 0.5, 3.5, 1, 1, 4, 4};
  RegionSet regions;
  Field field{grid, {}};
  Case() {
    regions.crs = "EPSG:32650";
    // left half; and a strip that takes half of column 2
    regions.regions.push_back({"a", "a", "", {{{{0, 0}, {2, 0}, {2, 4}, {0, 4}, {0, 0}}, {}}}});
    regions.regions.push_back({"b", "b", "", {{{{2.5, 0}, {3.0, 0}, {3.0, 4}, {2.5, 4}, {2.5, 0}}, {}}}});
    for (std::int64_t j = 0; j < 4; ++j) {
      for (std::int64_t i = 0; i < 4; ++i) field.view()(j, i) = static_cast<float>(10 * j + i);
    }
  }
  ZonalTable run(const char* text) const { return zonal_statistics(field.view(), compute_zonal_weights(grid, regions), parse_zonal_statistics(text)); }
};
}  // namespace
BOOST_AUTO_TEST_SUITE(zonal_stats)

BOOST_AUTO_TEST_CASE(statistics_agree_with_hand_counts) {
  const Case c;
  const auto t = c.run("mean,max,min,median,p100,frac>=20,coverage");
  BOOST_TEST(t.columns[0][0] == 15.5F);
  BOOST_TEST(t.columns[1][0] == 31.0F);
  BOOST_TEST(t.columns[2][0] == 0.0F);
  BOOST_TEST(t.columns[3][0] == 11.0F);
  BOOST_TEST(t.columns[4][0] == 31.0F);
  BOOST_TEST(t.columns[5][0] == 0.5F);
  BOOST_TEST(t.columns[6][0] == 1.0F);
  BOOST_TEST(t.columns[0][1] == 17.0F);
}

BOOST_AUTO_TEST_CASE(missing_cells_are_skipped_counted_and_never_zero) {
  Case c;
  c.field.view()(3, 0) = NAN;
  c.field.view()(3, 1) = NAN;
  for (std::int64_t j = 0; j < 4; ++j) c.field.view()(j, 2) = NAN;
  const auto t = c.run("mean,max,coverage,p50,frac>=5");
  BOOST_TEST(t.columns[0][0] == 10.5F);
  BOOST_TEST(t.columns[2][0] == 0.75F);
  for (const std::size_t k : {0U, 1U, 3U, 4U}) BOOST_TEST(std::isnan(t.columns[k][1]));
  BOOST_TEST(t.columns[2][1] == 0.0F);
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_threads) {
  const Grid g("EPSG:4326", 100.05, 39.95, 0.1, 0.1, 100, 100);
  Field f(g, {});
  for (std::size_t i = 0; i < f.values().size(); ++i) f.values()[i] = i % 13 ? std::sin(static_cast<float>(i)) : NAN;
  const auto w = compute_zonal_weights(g, mesh_regions(99, 29, 111, 41, 0.7));
  const auto wanted = parse_zonal_statistics("mean,max,p90,coverage");
  set_num_threads(1);
  const auto a = zonal_statistics(f.view(), w, wanted);
  set_num_threads(4);
  const auto b = zonal_statistics(f.view(), w, wanted);
  set_num_threads(0);
  for (std::size_t s = 0; s < wanted.size(); ++s) {
    for (std::size_t k = 0; k < a.columns[s].size(); ++k) {
      const float x = a.columns[s][k], y = b.columns[s][k];
      BOOST_TEST((x == y || (std::isnan(x) && std::isnan(y))));
    }
  }
}

// Against a sort of the cells, as the declaration says it; with ties, gaps, and cells that a border grazes.
BOOST_AUTO_TEST_CASE(quantiles_are_those_of_sorted_cells_and_lie_between_the_extremes) {
  const Grid g("EPSG:4326", 100.05, 39.95, 0.1, 0.1, 100, 100);
  Field f(g, {});
  for (std::size_t i = 0; i < f.values().size(); ++i) f.values()[i] = i % 13 ? std::round(20 * std::sin(static_cast<float>(i))) : NAN;
  const auto w = compute_zonal_weights(g, mesh_regions(100, 30.03, 110, 40, 0.70007));
  const auto t = zonal_statistics(f.view(), w, parse_zonal_statistics("min,max,p0,p10,median,p90,p100"));
  std::size_t grazed = 0;
  for (std::size_t r = 0; r < w.regions.size(); ++r) {
    std::vector<std::pair<float, double>> cells;
    double total = 0;
    const auto add = [&](std::int32_t row, std::int32_t column, float share) {
      const float x = f.view()(row, column);
      if (std::isnan(x)) return;
      cells.emplace_back(x, double{share} * w.row_area[static_cast<std::size_t>(row)]);
      total += cells.back().second;
    };
    for (std::size_t k = w.regions[r].run_begin; k < w.regions[r].run_end; ++k)
      for (std::int32_t i = w.runs[k].begin; i < w.runs[k].end; ++i) add(w.runs[k].row, i, 1);
    for (std::size_t k = w.regions[r].cell_begin; k < w.regions[r].cell_end; ++k) {
      if (w.cells[k].share >= 1e-3F) add(w.cells[k].row, w.cells[k].column, w.cells[k].share);
      else ++grazed;
    }
    if (cells.size() < 2) continue;
    std::sort(cells.begin(), cells.end());
    std::size_t s = 2;
    for (const double q : {0.0, 0.1, 0.5, 0.9, 1.0}) {
      double below = 0;
      std::size_t k = 0;
      while (k + 1 < cells.size() && (below += cells[k].second) < q * total * (1 - 1e-12)) ++k;
      BOOST_TEST(t.columns[s][r] == cells[k].first, "region " << r << ", quantile " << q << ": " << t.columns[s][r] << ", sorted " << cells[k].first);
      ++s;
    }
    BOOST_TEST(t.columns[2][r] == t.columns[0][r]);
    BOOST_TEST(t.columns[6][r] == t.columns[1][r]);
  }
  BOOST_TEST(grazed > 0U);
}

BOOST_AUTO_TEST_CASE(an_unknown_statistic_is_named) {
  BOOST_CHECK_EXCEPTION(parse_zonal_statistics("mean,average"), Error,
                        [](const Error& e) { return std::string(e.what()).find("average") != std::string::npos; });
  for (const char* bad : {"", "p101", "frac>=", "p", "pnan", "frac>=nan", "frac>=1e999", "mean,"}) BOOST_CHECK_THROW(parse_zonal_statistics(bad), Error);
}

BOOST_AUTO_TEST_SUITE_END()
