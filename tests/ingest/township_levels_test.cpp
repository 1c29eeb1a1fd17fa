#include "ingest/township_levels.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(township_levels)

// The file as guyu run writes it comes back: tests/cli/verify. Here: other files are refused and named.
BOOST_AUTO_TEST_CASE(files_without_levels_are_refused) {
  const std::string path = test::temporary_folder("township_levels") + "/f.nc";
  { test::NetcdfWriter(path).axis("region", "", "1", 2); }
  BOOST_CHECK_THROW(read_township_levels(path), Error);
  write_file_atomically(path, "no NetCDF");
  BOOST_CHECK_THROW(read_township_levels(path), Error);
  BOOST_CHECK_THROW(read_township_levels(path + ".absent"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
