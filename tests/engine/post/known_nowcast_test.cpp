#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/post/midpoint_trajectory.h"
#include "engine/post/rain_enhancement.h"
#include "tests/engine/post/known_answers.h"
#include "tests/engine/post/planes.h"

using namespace guyu;
using test::Cube;
namespace {

constexpr float kToMmH = 3.6e6F;

Plane times(const Plane& p, float factor) {
  Plane out = p;
  for (float& v : out.values) v *= factor;
  return out;
}

// Rates in mm h-1 at every step from the analysis on, the enhancement (one plane a step) taken off before and put on again after. Rows as in the file, south
// first, so that the northward motion points to rising rows.
std::vector<Plane> extrapolated(const std::string& rate_path, const std::string& motion_path, const std::string& u_name, const std::string& v_name,
                                const std::vector<Plane>& enhancement, float seconds) {
  const Plane rate = times(test::read_cube(rate_path).planes[0], kToMmH);
  const float cells = seconds / 2000;  // of 2 km
  const Plane u = times(test::read_cube(motion_path, u_name).planes[0], cells), v = times(test::read_cube(motion_path, v_name).planes[0], cells);
  Plane carried(rate.ny, rate.nx);
  remove_enhancement(rate.view(), enhancement[0].view(), carried.view());
  MidpointTrajectory trajectory(u.view(), v.view());
  std::vector<Plane> all;
  for (std::size_t k = 0; k < enhancement.size(); ++k) {
    Plane here(rate.ny, rate.nx), with = here;
    if (k > 0) trajectory.step();
    trajectory.sample(carried.view(), Sampling::nearest, here.view());
    add_enhancement(here.view(), enhancement[k].view(), with.view());
    all.push_back(std::move(with));
  }
  return all;
}

std::vector<Plane> in_si(std::vector<Plane> planes, float factor) {
  for (Plane& p : planes) p = times(p, factor);
  return planes;
}

constexpr test::Tolerance kRate{1e-5, 1e-12};  // m s-1: 4e-6 mm h-1

}  // namespace
BOOST_AUTO_TEST_SUITE(known_nowcast)

BOOST_AUTO_TEST_CASE(extrapolations_with_orographic_enhancement_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/nowcast-extrapolate/", rate = at + "201811031600_radar_rainrate_composite_UK_regridded.nc";
  const Cube enhancement = test::read_cube(at + "orographic_enhancement.nc");  // of 16 and 17 UTC
  std::vector<Plane> steps;
  for (std::size_t k = 0; k < 7; ++k) steps.push_back(times(enhancement.planes[k <= 2 ? 0 : 1], kToMmH));  // every 15 minutes, the next in time
  const auto by = [&](const std::string& file, const std::string& u, const std::string& v) {
    return in_si(extrapolated(rate, at + file, u, v, steps, 900), 1 / kToMmH);
  };
  const std::string x = "precipitation_advection_x_velocity", y = "precipitation_advection_y_velocity";
  const Cube answer = test::read_cube(at + "extrapolate/kgo.nc");
  test::check_answer("nowcast-extrapolate/optical flow", by("optical_flow_uv.nc", x, y), answer, kRate);
  test::check_answer("nowcast-extrapolate/wind", by("wind_uv.nc", "grid_eastward_wind", "grid_northward_wind"), answer, kRate);
  steps.resize(3);
  test::check_answer("nowcast-extrapolate/metadata", by("optical_flow_uv.nc", x, y), test::read_cube(at + "metadata/kgo_with_metadata.nc"), kRate);
}

BOOST_AUTO_TEST_CASE(accumulated_extrapolations_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/nowcast-accumulate/basic/", rate = at + "201811031600_radar_rainrate_composite_UK_regridded.nc";
  const Plane enhancement = times(test::read_cube(at + "20181103T1600Z-PT0003H00M-orographic_enhancement.nc").planes[0], kToMmH);
  const std::vector<Plane> steps(31, enhancement);  // every minute for half an hour
  const Cube answer = test::read_cube(at + "kgo.nc");
  const auto amounts = [&](const std::string& file, const std::string& u, const std::string& v) {
    const std::vector<Plane> rates = extrapolated(rate, at + file, u, v, steps, 60);
    const std::vector<FieldView<const float>> views = test::views(rates);
    std::vector<Plane> all;
    for (const std::size_t first : {0U, 15U}) {
      Plane amount(rates[0].ny, rates[0].nx);
      accumulate_rates(std::span(views).subspan(first, 16), 1.0 / 60, amount.view());
      all.push_back(std::move(amount));
    }
    return in_si(std::move(all), 1e-3F);
  };
  test::check_answer("nowcast-accumulate/optical flow",
                     amounts("optical_flow_uv.nc", "precipitation_advection_x_velocity", "precipitation_advection_y_velocity"), answer, {1e-5, 1e-9});
  test::check_answer("nowcast-accumulate/wind", amounts("wind_uv.nc", "grid_eastward_wind", "grid_northward_wind"), answer, {1e-5, 1e-9});
}

BOOST_AUTO_TEST_SUITE_END()
