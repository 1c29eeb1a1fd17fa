#include "cli/verify/inputs.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "products/grid_netcdf.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli::verify;
namespace {
TimePoint hour_minute(int minutes) { return TimePoint(Seconds(1700000000 / 3600 * 3600 + 60 * minutes)); }

void write_steps(const std::string& path, const Quantity& quantity, TimeKind kind, const std::vector<Interval>& times) {
  const Grid grid("EPSG:4326", 0, 1, 1, 1, 2, 2);
  GridNetcdfWriter writer(path, grid, {"steps", "test", "", {}, hour_minute(0)});
  const std::size_t v = writer.add({quantity.name, "rain", quantity, kind, times, "surface"});
  Field f(grid, {});
  for (std::size_t k = 0; k < times.size(); ++k) {
    std::fill(f.values().begin(), f.values().end(), static_cast<float>(k + 1));
    writer.write(v, k, f.view());
  }
  writer.close();
}
}  // namespace
BOOST_AUTO_TEST_SUITE(verify_inputs)

BOOST_AUTO_TEST_CASE(words_name_files_folders_and_patterns) {
  const std::string root = test::temporary_folder("verify_inputs");
  for (const char* f : {"/a/x1.nc", "/a/x2.nc", "/b/x1.nc", "/b/y.txt", "/b/c/x9.nc"}) write_file_atomically(root + f, "text");
  const auto names = [&](const std::string& word) {
    std::vector<std::string> found;
    for (const std::string& f : named_files(root + word)) found.push_back(f.substr(root.size()));
    return found;
  };
  using Names = std::vector<std::string>;
  BOOST_TEST((names("/a/x2.nc") == Names{"/a/x2.nc"}));
  BOOST_TEST((names("/b") == Names{"/b/c/x9.nc", "/b/x1.nc", "/b/y.txt"}));
  BOOST_TEST((names("/*/x*.nc") == Names{"/a/x1.nc", "/a/x2.nc", "/b/x1.nc"}));
  BOOST_TEST((names("/a/x?.nc") == Names{"/a/x1.nc", "/a/x2.nc"}));
  BOOST_TEST((names("/b/*/*9.nc") == Names{"/b/c/x9.nc"}));
  BOOST_CHECK_THROW(names("/a/z*"), Error);
  BOOST_CHECK_THROW(names("/absent"), Error);
}

BOOST_AUTO_TEST_CASE(fields_are_listed_without_values_and_loaded_in_the_order_asked_for) {
  const std::string path = test::temporary_folder("verify_list") + "/f.nc";
  write_steps(path, quantities::rainfall_rate(), TimeKind::instant,
              {{hour_minute(10), hour_minute(10)}, {hour_minute(20), hour_minute(20)}, {hour_minute(30), hour_minute(30)}});
  std::vector<std::string> problems;
  const auto entries = list_fields({path, path + ".absent"}, "rainfall_rate", problems);
  BOOST_REQUIRE(entries.size() == 3U);
  BOOST_TEST(problems.size() == 1U);
  BOOST_TEST((entries[1].lead() == Seconds(1200)));
  const std::vector<FieldEntry> wanted{entries[2], entries[0]};
  const auto fields = load_fields(wanted);
  BOOST_TEST((fields[0].values()[0] == 3 && fields[1].values()[0] == 1));
  BOOST_CHECK_THROW(list_fields({path}, "air_temperature", problems), Error);
}

BOOST_AUTO_TEST_CASE(amounts_stand_in_for_rates_that_are_not_there) {
  const std::string path = test::temporary_folder("verify_amounts") + "/f.nc";
  write_steps(path, quantities::precipitation_amount(), TimeKind::accumulation, {{hour_minute(0), hour_minute(10)}});
  std::vector<std::string> problems;
  const auto entries = list_fields({path}, "rainfall_rate", problems);
  BOOST_REQUIRE(entries.size() == 1U);
  // 1 mm in ten minutes.
  BOOST_TEST(load_fields_as(entries, "rainfall_rate").front().values()[0] == 6.0F, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(load_fields(entries).front().values()[0] == 1.0F);
}

BOOST_AUTO_TEST_SUITE_END()
