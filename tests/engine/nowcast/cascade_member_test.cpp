#include "engine/nowcast/cascade_member.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "engine/nowcast/cascade_noise.h"
#include "hpc/parallel/parallel_for.h"

using namespace guyu;
namespace {

Plane wavy(std::int64_t ny, std::int64_t nx, double phase) {
  Plane p(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i)
      p.row(j)[i] = static_cast<float>(5 * std::sin(0.3 * static_cast<double>(i) + phase) + 3 * std::cos(0.7 * static_cast<double>(j)));
  }
  return p;
}

CascadeModel model_of(std::int64_t ny, std::int64_t nx) {
  const ScalePyramid now = decompose(wavy(ny, nx, 0), 3), before = decompose(wavy(ny, nx, 0.2), 3);
  CascadeModel m;
  for (std::size_t l = 0; l < now.levels.size(); ++l) {
    CascadeModel::Level level;
    level.now = now.levels[l];
    level.before = before.levels[l];
    level.memory = second_order(0.8 + 0.05 * static_cast<double>(l), 0.6 + 0.08 * static_cast<double>(l), 0.7);
    level.strength = Plane(level.now.ny, level.now.nx, 1.5F * static_cast<float>(level.memory.innovation));
    level.active = SeenArea(std::as_const(level.strength).view());  // everywhere
    level.kernel = {0.4F, 0.2F};
    level.centre = l + 1 == now.levels.size() ? 2.0F : 0.0F;
    m.levels.push_back(std::move(level));
  }
  return m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cascade_member)

// The recursion written out, level by level, summed as a pyramid.
BOOST_AUTO_TEST_CASE(steps_follow_the_recursion_of_each_level) {
  const CascadeModel model = model_of(37, 50);
  for (const bool noisy : {false, true}) {
    CascadeMember member(model, 8, 5, noisy);
    ScalePyramid now, before;
    for (const auto& l : model.levels) {
      now.levels.push_back(l.now);
      before.levels.push_back(l.before);
    }
    for (std::uint32_t s = 1; s <= 4; ++s) {
      for (std::size_t l = 0; l < model.levels.size(); ++l) {
        const auto& level = model.levels[l];
        Plane next(level.now.ny, level.now.nx);
        NoiseRows noise(RandomStream{8, static_cast<std::uint32_t>(l), 5, s}, level.kernel, next.nx);
        for (std::int64_t j = 0; j < next.ny; ++j) {
          const float* z = noise.row(j);
          for (std::int64_t i = 0; i < next.nx; ++i) {
            const double centre = static_cast<double>(level.centre);
            const double x = centre + level.memory.phi1 * (static_cast<double>(now.levels[l].row(j)[i]) - centre) +
                             level.memory.phi2 * (static_cast<double>(before.levels[l].row(j)[i]) - centre) +
                             (noisy ? static_cast<double>(level.strength.row(j)[i]) * static_cast<double>(z[i]) : 0.0);
            next.row(j)[i] = static_cast<float>(x);
          }
        }
        before.levels[l] = std::exchange(now.levels[l], std::move(next));
      }
      Plane out(37, 50);
      member.step(out.view());
      const Plane wanted = recompose(now);
      for (std::size_t i = 0; i < out.values.size(); ++i) BOOST_TEST_REQUIRE(std::fabs(out.values[i] - wanted.values[i]) < 1e-4F, "step " << s);
    }
  }
}

BOOST_AUTO_TEST_CASE(where_nothing_is_active_a_member_goes_on_without_noise) {
  CascadeModel model = model_of(37, 150);
  Plane half(model.levels[0].now.ny, model.levels[0].now.nx, 1.0F);
  for (std::int64_t j = 0; j < half.ny; ++j) std::fill_n(half.row(j), 70, std::numeric_limits<float>::quiet_NaN());
  Plane everywhere(37, 150), partly(37, 150), nowhere(37, 150);
  model.levels.resize(1);
  CascadeMember(model, 3, 1).step(everywhere.view());
  CascadeMember(model, 3, 1, false).step(nowhere.view());
  model.levels[0].active = SeenArea(std::as_const(half).view());
  CascadeMember(model, 3, 1).step(partly.view());
  for (std::int64_t j = 0; j < 37; ++j)
    for (std::int64_t i = 0; i < 150; ++i) BOOST_TEST_REQUIRE(partly.row(j)[i] == (i < 70 ? nowhere : everywhere).row(j)[i]);
}

BOOST_AUTO_TEST_CASE(without_noise_everything_fades_to_the_centre) {
  const CascadeModel model = model_of(40, 40);
  CascadeMember member(model, 1, 0, false);
  Plane out(40, 40);
  for (int s = 0; s < 300; ++s) member.step(out.view());
  for (const float x : out.values) BOOST_TEST_REQUIRE(std::fabs(x - 2) < 1e-3F);
}

BOOST_AUTO_TEST_CASE(variance_settles_at_the_strength_over_the_innovation) {
  CascadeModel model = model_of(128, 128);
  model.levels.resize(1);
  CascadeMember member(model, 1, 0);
  Plane out(128, 128);
  double square = 0;
  for (int s = 0; s < 60; ++s) {
    member.step(out.view());
    if (s < 40) continue;
    for (const float x : out.values) square += static_cast<double>(x) * static_cast<double>(x) / (20.0 * 128 * 128);
  }
  BOOST_TEST(std::fabs(std::sqrt(square) - 1.5) < 0.03);
}

BOOST_AUTO_TEST_CASE(members_have_the_same_bits_for_any_number_of_threads_and_differ_from_each_other) {
  const CascadeModel model = model_of(150, 1000);
  const auto run = [&](int threads, std::uint32_t m) {
    set_num_threads(threads);
    CascadeMember member(model, 1, m);
    Plane out(150, 1000);
    for (int s = 0; s < 3; ++s) member.step(out.view());
    set_num_threads(0);
    return out.values;
  };
  const auto one = run(1, 4);
  BOOST_TEST((run(2, 4) == one));
  BOOST_TEST((run(3, 4) == one));
  BOOST_TEST((run(1, 5) != one));
}

BOOST_AUTO_TEST_SUITE_END()
