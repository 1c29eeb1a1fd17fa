#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/longitude.h"
#include "ingest/reader.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace fs = std::filesystem;
namespace {
void says(const std::string& path, const std::string& part) {
  BOOST_CHECK_EXCEPTION(read_file(path), Error, [&](const Error& e) {
    BOOST_TEST_CONTEXT(e.what()) BOOST_TEST(std::string(e.what()).find(part) != std::string::npos);
    return e.place() == path;
  });
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

BOOST_AUTO_TEST_CASE(foreign_kinds_are_told_by_content_with_a_remedy) {
  const std::string folder = test::temporary_folder("foreign");
  std::string level3(40, '\0');
  level3[1] = level3[31] = 37;
  level3[18] = level3[19] = '\xff';
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"\x1f\x8b\x08", "gunzip"}, {"BZh91AY", "bunzip2"}, {"\xfd""7zXZ", "unxz"}, {"PK\x03\x04", "ZIP"}, {"AR2V0006.736", "NEXRAD level II"},
      {"RSTM", "CINRAD"}, {"BUFR", "BUFR"}, {level3, "PUP"}, {"DX021655109080608BY54213VS 2", "DWD DX"}, {"RW030950100000814BY1620130VS 3", "RADOLAN"},
      {"SQLite format 3", "regions"}, {"hello", "known are GRIB, ODIM_H5, KNMI_HDF5, NetCDF, GeoTIFF, MICAPS"}};
  for (const auto& [bytes, part] : kinds) {
    write_file_atomically(folder + "/radar.grib2", bytes + std::string(1, '\0'));  // the name says nothing
    says(folder + "/radar.grib2", part);
  }
}

BOOST_AUTO_TEST_CASE(real_files_that_hold_no_composite_say_so) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  for (const auto& [folder, part] : {std::pair{"/radar/guangzhou_pup_20110916", "PUP"}, {"/radar/dwd_dx", "gunzip"}, {"/radar/radolan/misc", "gunzip"},
                                     {"/radar/cinrad_base", "bunzip2"}}) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(data + folder)) {
      if (!entry.is_regular_file()) continue;
      if (entry.path().extension() == ".zip" || entry.path().extension() == ".prj") continue;
      says(entry.path().string(), part);
      ++files;
    }
    BOOST_TEST(files > 0U);
  }
  for (const auto& entry : fs::directory_iterator(data + "/radar/polar")) {
    const std::string name = entry.path().filename().string();
    if (name == "belgium.comp.hdf") continue;  // a composite
    says(entry.path().string(), name.ends_with(".gz") ? "gunzip" : "polar");
  }
}

BOOST_AUTO_TEST_CASE(sizes_that_the_bytes_cannot_hold_are_refused) {
  BOOST_CHECK_NO_THROW(require_plausible_size("f", 7000, 3500, 200));  // a constant field packs to nothing
  BOOST_CHECK_NO_THROW(require_plausible_size("f", 40000, 20000, 1 << 20));
  for (const auto& [nx, ny] : {std::pair<std::int64_t, std::int64_t>{0, 5}, {5, -1}, {100000, 100000}, {std::int64_t{1} << 62, std::int64_t{1} << 62}}) {
    BOOST_CHECK_THROW(require_plausible_size("f", nx, ny, 1000), Error);
  }
}

BOOST_AUTO_TEST_CASE(longitudes_become_signed) {
  const auto moved = [](double first, double step, std::int64_t nx) {
    LongitudeAxis a{first, step};
    std::vector<float> v(static_cast<std::size_t>(nx));
    for (std::int64_t i = 0; i < nx; ++i) v[static_cast<std::size_t>(i)] = static_cast<float>(first + step * static_cast<double>(i));
    to_signed_longitudes(a, 1, nx, v);
    for (std::int64_t i = 0; i < nx; ++i) {  // each value still stands at its own longitude
      const double turn = (a.first + a.step * static_cast<double>(i) - static_cast<double>(v[static_cast<std::size_t>(i)])) / 360;
      BOOST_TEST(std::abs(turn - std::round(turn)) < 1e-5);
    }
    return a.first;
  };
  BOOST_TEST(moved(0, 1, 360) == -180.0);
  BOOST_TEST(moved(0.25, 0.5, 720) == -179.75);
  BOOST_TEST(moved(-180, 0.25, 1440) == -180.0);
  BOOST_TEST(moved(230, 1, 60) == -130.0);
  BOOST_TEST(moved(350, 1, 30) == -10.0);
  BOOST_TEST(moved(170, 1, 20) == 170.0);  // crosses the antimeridian
  BOOST_TEST(moved(70, 1, 70) == 70.0);
}

BOOST_AUTO_TEST_SUITE_END()
