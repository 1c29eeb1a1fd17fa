#include "products/region_ensemble_netcdf.h"

#include <netcdf.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;

namespace {
const Grid kGrid("EPSG:4326", 0.5, 1.5, 1, 1, 2, 2);
const TimePoint kStart = parse_time("2024-07-01T00:00:00Z");

struct Small {
  std::vector<float> start{1, 1, 1, 1};
  RegionSet regions = mesh_regions(0, 0, 2, 2, 1);
  ZonalWeights weights = compute_zonal_weights(kGrid, regions);
  RegionEnsemble ensemble;
  Small() : ensemble(weights, FieldView<const float>{start.data(), 2, 2, 2}, 2, 2, Seconds(600)) {
    for (int m = 0; m < 2; ++m)
      for (int s = 1; s <= 2; ++s) {
        const std::vector<float> rate(4, static_cast<float>(6 * m + s));
        ensemble.add(m, s, FieldView<const float>{rate.data(), 2, 2, 2});
      }
  }
  std::vector<RegionProbability> windows() const {
    return {region_probability(ensemble, Seconds(600), {0.5F, 1}, {0.5F}), region_probability(ensemble, Seconds(1200), {0.5F, 1}, {0.5F})};
  }
};

class Reading {
 public:
  explicit Reading(const std::string& path) { BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id_) == NC_NOERR); }
  ~Reading() { nc_close(id_); }
  std::vector<float> floats(const char* name) const {
    int v = 0, n = 0, dims[8];
    BOOST_REQUIRE(nc_inq_varid(id_, name, &v) == NC_NOERR);
    BOOST_REQUIRE(nc_inq_varndims(id_, v, &n) == NC_NOERR);
    BOOST_REQUIRE(nc_inq_vardimid(id_, v, dims) == NC_NOERR);
    std::size_t all = 1;
    for (int k = 0; k < n; ++k) {
      std::size_t length = 0;
      BOOST_REQUIRE(nc_inq_dimlen(id_, dims[k], &length) == NC_NOERR);
      all *= length;
    }
    std::vector<float> out(all);
    BOOST_REQUIRE(nc_get_var_float(id_, v, out.data()) == NC_NOERR);
    return out;
  }

 private:
  int id_ = 0;
};
}  // namespace

BOOST_AUTO_TEST_SUITE(region_ensemble_netcdf)

BOOST_AUTO_TEST_CASE(members_probabilities_and_quantiles_come_back_in_their_places) {
  const std::string path = test::temporary_folder("region_ensemble") + "/r.nc";
  const Small small;
  const auto windows = small.windows();
  write_region_ensemble_netcdf(path, small.regions, small.ensemble, windows, {"test", "0", "", {}, kStart});
  const Reading file(path);
  const auto rate = file.floats("rainfall_rate");
  BOOST_REQUIRE(rate.size() == 2U * 3 * 4);
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t s = 0; s < 3; ++s)
      for (std::size_t r = 0; r < 4; ++r) BOOST_TEST(rate[(m * 3 + s) * 4 + r] == small.ensemble.rates(static_cast<int>(m), static_cast<int>(s))[r]);
  BOOST_TEST((file.floats("window") == std::vector<float>{600, 1200}));
  BOOST_TEST((file.floats("threshold") == std::vector<float>{0.5F, 1}));
  const auto probability = file.floats("probability"), amount = file.floats("largest_amount"), coverage = file.floats("coverage");
  for (std::size_t w = 0; w < 2; ++w) {
    for (std::size_t t = 0; t < 2; ++t)
      for (std::size_t r = 0; r < 4; ++r) BOOST_TEST(probability[(w * 2 + t) * 4 + r] == windows[w].probability[t][r]);
    for (std::size_t r = 0; r < 4; ++r) {
      BOOST_TEST(amount[w * 4 + r] == windows[w].amount[0][r]);
      BOOST_TEST(coverage[w * 4 + r] == 1.0F);
    }
  }
  BOOST_TEST((file.floats("time") == std::vector<float>{static_cast<float>(kStart.time_since_epoch().count()),
                                                        static_cast<float>(kStart.time_since_epoch().count() + 600),
                                                        static_cast<float>(kStart.time_since_epoch().count() + 1200)}));
}

BOOST_AUTO_TEST_CASE(the_same_ensemble_gives_the_same_bytes) {
  const std::string folder = test::temporary_folder("region_ensemble_bytes");
  const Small small;
  for (const char* name : {"/a.nc", "/b.nc"})
    write_region_ensemble_netcdf(folder + name, small.regions, small.ensemble, small.windows(), {"test", "0", "", {}, kStart});
  BOOST_TEST((read_text_file(folder + "/a.nc") == read_text_file(folder + "/b.nc")));
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_named) {
  const std::string file = test::temporary_folder("region_ensemble_place") + "/file";
  write_file_atomically(file, "no folder");
  const Small small;
  BOOST_CHECK_THROW(write_region_ensemble_netcdf(file + "/r.nc", small.regions, small.ensemble, {}, {"test", "0", "", {}, kStart}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
