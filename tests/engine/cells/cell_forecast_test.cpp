#include "engine/cells/cell_forecast.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/engine/cells/storm_scene.h"

using namespace guyu;
using namespace guyu::test;

BOOST_AUTO_TEST_SUITE(cell_forecast)

BOOST_AUTO_TEST_CASE(growth_is_seen_and_forecast_damped) {
  Scene s;
  for (int k = 0; k < 5; ++k) s.frame(5 * k, {{60, 60, 50.0F + 2.0F * static_cast<float>(k)}});
  const StormTrack& t = s.track(1);
  BOOST_TEST(t.area_growth_per_s > 0);
  BOOST_TEST((t.maximum_growth_per_s > 0 && t.maximum_growth_per_s < 2.0 / 300));
  const CellForecast f = forecast_cell(t, s.scale);
  BOOST_TEST(f.leads.size() == 13U);
  const auto grown = [&](std::size_t a, std::size_t b) { return std::log(f.leads[b].area_km2 / f.leads[a].area_km2); };
  BOOST_TEST((grown(0, 1) > grown(1, 2) && grown(11, 12) > 0));
  BOOST_TEST(f.leads[0].area_km2 == t.cell.area_km2);
}

BOOST_AUTO_TEST_CASE(the_swath_is_a_cone_along_the_motion) {
  Scene s;
  s.motion = uniform_motion(kRows, kColumns, 0.01F, 0);
  for (int k = 0; k < 5; ++k) s.frame(5 * k, {{60, 30 + 3.0 * k}});
  const CellForecast f = forecast_cell(s.track(1), s.scale);
  BOOST_TEST(f.leads.back().place.column == 42 + 36, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(f.leads.back().position_error_km > 3 * f.leads[1].position_error_km);
  double near = 0, far = 0;
  for (const CellPlace& p : f.swath) (p.column < 60 ? near : far) = std::max(p.column < 60 ? near : far, std::abs(p.row - 60));
  BOOST_TEST(far > near);
  BOOST_TEST((f.lifetime >= Seconds{600} && f.lifetime <= Seconds{3 * 3600}));
}

BOOST_AUTO_TEST_CASE(damped_growth_is_that_of_its_formula_and_bounded) {
  StormTrack t;
  t.area_growth_per_s = 1e-3;
  const CellForecastOptions o;  // 20 minutes of damping
  BOOST_TEST(area_factor(t, 1200, o) == 1.2 * (1 - std::exp(-1.0)), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(area_factor(t, 0, o) == 0);
  t.area_growth_per_s = 1;
  BOOST_TEST(area_factor(t, 3600, o) == std::log(3.0), boost::test_tools::tolerance(1e-9));
  t.area_growth_per_s = -1;
  BOOST_TEST(area_factor(t, 3600, o) == -std::log(3.0), boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(half_of_the_cells_are_there_at_the_stated_lifetime) {
  Scene s;
  for (int k = 0; k < 4; ++k) s.frame(5 * k, {{60, 60}});
  CellForecastOptions o;
  o.horizon = forecast_cell(s.track(1), s.scale).lifetime;
  BOOST_TEST(forecast_cell(s.track(1), s.scale, o).leads.back().survival == 0.5, boost::test_tools::tolerance(1e-6));
  o.horizon = Seconds{0};
  BOOST_CHECK_THROW(forecast_cell(s.track(1), s.scale, o), Error);
}

BOOST_AUTO_TEST_SUITE_END()
