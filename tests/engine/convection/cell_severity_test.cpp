#include "engine/convection/cell_severity.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/plane.h"

using namespace guyu;
namespace {

StormTrack track_of(std::uint32_t id, std::vector<CellRun> runs) {
  StormTrack t;
  t.id = id;
  t.cell.runs = std::move(runs);
  return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell_severity_)

BOOST_AUTO_TEST_CASE(a_cell_carries_the_greatest_of_its_own_pixels) {
  Plane hail(4, 6, 1), dbz(4, 6, 20);
  hail.row(1)[2] = 25, hail.row(3)[5] = 60, hail.row(1)[1] = std::nanf("");
  dbz.row(1)[3] = 45;
  std::vector<StormTrack> tracks{track_of(1, {{1, 1, 4}}), track_of(2, {{0, 0, 2}}), track_of(3, {{3, 4, 6}})};
  tracks[1].ended = true;
  const auto s = cell_severity(tracks, {std::as_const(hail).view(), {}, std::as_const(dbz).view()});
  BOOST_REQUIRE(s.size() == 2U);
  BOOST_TEST((s[0].track == 1 && s[0].hail_mm == 25));
  BOOST_TEST(s[0].lightning_likelihood == 0.93, boost::test_tools::tolerance(1e-9));
  BOOST_TEST((s[1].track == 3 && s[1].hail_mm == 60));
  BOOST_TEST(s[1].lightning_likelihood < 0.2);
  BOOST_TEST(std::isnan(s[0].gust_m_s));
}

BOOST_AUTO_TEST_CASE(a_cell_outside_the_planes_is_an_error) {
  Plane hail(4, 6, 1);
  const std::vector<StormTrack> tracks{track_of(1, {{1, 1, 7}})};
  BOOST_CHECK_THROW(cell_severity(tracks, {std::as_const(hail).view(), {}, {}}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
