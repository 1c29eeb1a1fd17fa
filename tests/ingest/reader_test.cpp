#include "ingest/reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/ingest/refusal.h"
#include "tests/support/grib_writer.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::says;
namespace fs = std::filesystem;
namespace {

// The error of a file that gives nothing: how often it tells the path.
std::size_t times_told(const std::string& path) {
  try {
    read_file(path);
  } catch (const Error& e) {
    BOOST_TEST(e.place().starts_with(path), e.what());
    const std::string text = e.what();
    std::size_t n = 0;
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + 1)) ++n;
    return n;
  }
  return 0;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(what_is_no_readable_file_is_named_as_such) {
  const std::string folder = test::temporary_folder("reader");
  says(folder + "/absent.grib2", "no such file");
  says(folder, "folder");
  write_file_atomically(folder + "/empty.nc", "");
  says(folder + "/empty.nc", "empty");
  BOOST_REQUIRE(mkfifo((folder + "/pipe").c_str(), 0600) == 0);
  says(folder + "/pipe", "no plain file");  // and does not wait for a writer
  write_file_atomically(folder + "/secret.nc", "CDF\x01");
  fs::permissions(folder + "/secret.nc", fs::perms::none);
  if (geteuid() != 0) says(folder + "/secret.nc", "cannot be opened");
}

BOOST_AUTO_TEST_CASE(sizes_that_the_bytes_cannot_hold_are_refused) {
  BOOST_CHECK_NO_THROW(require_plausible_size("f", 7000, 3500, 200));  // a constant field packs to nothing
  BOOST_CHECK_NO_THROW(require_plausible_size("f", 40000, 20000, 1 << 20));
  for (const auto& [nx, ny] : {std::pair<std::int64_t, std::int64_t>{0, 5}, {5, -1}, {100000, 100000}, {std::int64_t{1} << 62, std::int64_t{1} << 62}}) {
    BOOST_CHECK_THROW(require_plausible_size("f", nx, ny, 1000), Error);
  }
}

// Whether the first of a file's problems or the file as a whole is refused.
BOOST_AUTO_TEST_CASE(an_error_tells_the_file_once) {
  const std::string folder = test::temporary_folder("reader-once");
  {
    test::NetcdfWriter w(folder + "/uneven.nc");
    const int y = w.axis("lat", "latitude", "degrees_north", 3), x = w.axis("lon", "longitude", "degrees_east", 3);
    w.variable("rain", NC_FLOAT, {y, x});
    w.put("lat", {30, 29, 28});
    w.put("lon", {100, 101, 105});
  }
  {
    test::NetcdfWriter w(folder + "/curvilinear.nc");
    const int y = w.dim("y", 2), x = w.dim("x", 2), lon = w.variable("lon", NC_FLOAT, {y, x}), lat = w.variable("lat", NC_FLOAT, {y, x});
    w.text(lon, "units", "degrees_east");
    w.text(lat, "units", "degrees_north");
  }
  test::append_grib(folder + "/cut.grib2", 2, test::latlon_keys("regular_ll", 4, 4, 100, 30, 1), std::vector<double>(16, 1.0));
  fs::resize_file(folder + "/cut.grib2", fs::file_size(folder + "/cut.grib2") - 20);
  for (const char* name : {"/uneven.nc", "/curvilinear.nc", "/cut.grib2", "/absent.nc"}) BOOST_TEST(times_told(folder + name) == 1U, name);
}

BOOST_AUTO_TEST_SUITE_END()
