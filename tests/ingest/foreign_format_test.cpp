#include "ingest/foreign_format.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/reader.h"
#include "tests/ingest/refusal.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::says;
namespace fs = std::filesystem;
namespace {

std::optional<ForeignFormat> kind_of(const std::string& bytes) { return foreign_format(std::as_bytes(std::span(bytes))); }

}  // namespace
BOOST_AUTO_TEST_SUITE(foreign_format_)

BOOST_AUTO_TEST_CASE(only_whole_signatures_count) {
  for (const char* bytes : {"", "B", "PK", "AR2", "RW0309501000008", "DX02165510908060854213VS 2"}) BOOST_TEST(!kind_of(bytes).has_value(), bytes);
  std::string level3(40, '\0');  // the code stands twice, but the divider is not -1
  level3[1] = level3[31] = 37;
  BOOST_TEST(!kind_of(level3).has_value());
  level3[18] = level3[19] = '\xff';
  BOOST_TEST(kind_of(level3).has_value());
  level3[31] = 38;
  BOOST_TEST(!kind_of(level3).has_value());
}

BOOST_AUTO_TEST_CASE(foreign_kinds_are_told_by_content_with_a_remedy) {
  const std::string folder = test::temporary_folder("foreign");
  std::string level3(40, '\0');
  level3[1] = level3[31] = 37;
  level3[18] = level3[19] = '\xff';
  const std::vector<std::pair<std::string, std::string>> kinds{{"\x1f\x8b\x08", "gunzip"},
                                                               {"BZh91AY", "bunzip2"},
                                                               {"\xfd"
                                                                "7zXZ",
                                                                "unxz"},
                                                               {"PK\x03\x04", "ZIP"},
                                                               {"AR2V0006.736", "NEXRAD level II"},
                                                               {"RSTM", "CINRAD"},
                                                               {"BUFR", "BUFR"},
                                                               {level3, "PUP"},
                                                               {"DX021655109080608BY54213VS 2", "DWD DX"},
                                                               {"RW030950100000814BY1620130VS 3", "RADOLAN"},
                                                               {"SQLite format 3", "regions"},
                                                               {"hello", "known are GRIB, ODIM_H5, KNMI_HDF5, NetCDF, GeoTIFF, HGT, MICAPS, BUFR, PUP, CSV"}};
  for (const auto& [bytes, part] : kinds) {
    write_file_atomically(folder + "/radar.grib2", bytes + std::string(1, '\0'));  // the name says nothing
    says(folder + "/radar.grib2", part);
  }
}

BOOST_AUTO_TEST_CASE(real_files_that_hold_no_composite_say_so) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  for (const auto& [folder, part] :
       {std::pair{"/radar/guangzhou_pup_20110916", "PUP"}, {"/radar/dwd_dx", "gunzip"}, {"/radar/radolan/misc", "gunzip"}, {"/radar/cinrad_base", "bunzip2"}}) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(data + folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string product = entry.path().parent_path().filename().string();
      if (product == "37" || product == "41" || product == "57") continue;  // rasters of a PUP are read
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

BOOST_AUTO_TEST_SUITE_END()
