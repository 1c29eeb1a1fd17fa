#include "engine/core/time.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(time_point)

BOOST_AUTO_TEST_CASE(every_written_form_names_the_same_instant) {
  const TimePoint t = parse_time("2019-06-10T00:10:00Z");
  for (const char* s : {"201906100010", "20190610T001000Z", "2019-06-10 00:10", "2019-06-10T08:10:00+08:00", "2019-06-09T20:10:00.5-04:00"})
    BOOST_TEST(to_iso(parse_time(s)) == to_iso(t));
  BOOST_TEST(to_iso_offset(t, 480) == "2019-06-10T08:10:00+08:00");
  BOOST_TEST(to_iso_offset(t, -210) == "2019-06-09T20:40:00-03:30");
  BOOST_TEST(to_compact(t) == "20190610T001000Z");
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused_and_named) {
  for (const char* s : {"", "tomorrow", "2019-13-01", "2019-02-30", "2019-06-10T25:00", "2019-06-10T00:10Zjunk", "2019061"})
    BOOST_CHECK_THROW(parse_time(s), Error);
}

BOOST_AUTO_TEST_SUITE_END()
