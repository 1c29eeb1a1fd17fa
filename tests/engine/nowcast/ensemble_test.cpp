#include "engine/nowcast/ensemble.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/rain_scale.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

using namespace guyu;
namespace {
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Showers of several sizes on dry ground, moved by dx columns; a third to a half of the cells are wet.
Plane showers(std::int64_t ny, std::int64_t nx, double dx = 0) {
  Plane p(ny, nx);
  for (std::int64_t j = 0; j < ny; ++j) {
    for (std::int64_t i = 0; i < nx; ++i) {
      const double x = static_cast<double>(i) - dx, y = static_cast<double>(j);
      const double z =
          -10 + 12 * std::sin(x * 0.083 + 0.3) * std::cos(y * 0.071) + 6 * std::sin(x * 0.27 + y * 0.19) + 4 * std::sin(x * 0.83 + 1) * std::sin(y * 0.74);
      p.row(j)[i] = z < -10 ? 0.0F : static_cast<float>(std::pow(10.0, z / 10));
    }
  }
  return p;
}

using Run = std::map<std::pair<int, int>, std::vector<float>>;  // (member, step)

struct Setup {
  std::vector<Plane> planes;
  std::vector<TimePoint> times;
  Motion motion;
  EnsembleOptions options;
  Setup() {
    options.members = 4;
    options.steps = 4;
  }
  void add(Plane p, int seconds) {
    planes.push_back(std::move(p));
    times.push_back(TimePoint{Seconds{1'000'000 + seconds}});
  }
  Run run(int threads = 2) const {
    std::vector<FieldView<const float>> views;
    for (const Plane& p : planes) views.push_back(p.view());
    Run out;
    set_num_threads(threads);
    int last_member = 0, last_step = 0;
    std::map<int, int> steps_of;
    run_ensemble(views, times, motion, options, [&](int member, int step, FieldView<const float> rate) {
      BOOST_TEST_REQUIRE(step == ++steps_of[member]);  // of one member the steps ascend
      if (step == last_step) BOOST_TEST_REQUIRE(member > last_member);
      last_member = member;
      last_step = step;
      auto& values = out[{member, step}];
      for (std::int64_t j = 0; j < rate.ny; ++j) values.insert(values.end(), rate.row(j), rate.row(j) + rate.nx);
    });
    set_num_threads(0);
    return out;
  }
};

Setup moving_showers(std::int64_t ny = 90, std::int64_t nx = 120, float cells_per_step = 3) {
  Setup s;
  for (const int k : {2, 1, 0}) s.add(showers(ny, nx, static_cast<double>(-cells_per_step) * k), -300 * k);
  s.motion = uniform_motion(ny, nx, cells_per_step / 300, 0);
  return s;
}

Setup still_showers(std::int64_t ny = 90, std::int64_t nx = 120) { return moving_showers(ny, nx, 0); }

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void check_rates(const Run& run, const Setup& s) {
  BOOST_TEST_REQUIRE(run.size() == static_cast<std::size_t>(s.options.members * s.options.steps));
  for (const auto& [key, values] : run) {
    BOOST_TEST_REQUIRE(values.size() == s.planes.back().values.size());
    for (const float x : values) BOOST_TEST_REQUIRE((std::isnan(x) || (x >= 0 && x <= kMostRain)), x);
  }
}

double share(const std::vector<float>& values, bool (*counts)(float)) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), counts)) / static_cast<double>(values.size());
}
bool wet(float x) { return x >= kLeastRain; }
bool missing(float x) { return std::isnan(x); }

double variance(const std::vector<float>& values) {
  double sum = 0, square = 0, n = 0;
  for (const float x : values) {
    if (std::isnan(x)) continue;
    sum += static_cast<double>(x);
    square += static_cast<double>(x) * static_cast<double>(x);
    n += 1;
  }
  return square / n - (sum / n) * (sum / n);
}

std::vector<float> mean_of_members(const Run& run, int members, int step) {
  std::vector<float> mean(run.at({0, step}).size());
  for (int m = 0; m < members; ++m) {
    const auto& x = run.at({m, step});
    for (std::size_t i = 0; i < x.size(); ++i) mean[i] += x[i] / static_cast<float>(members);
  }
  return mean;
}

// Variance of the members about their mean, over the field.
double spread(const Run& run, int members, int step) {
  const auto mean = mean_of_members(run, members, step);
  double sum = 0, n = 0;
  for (int m = 0; m < members; ++m) {
    const auto& x = run.at({m, step});
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (std::isnan(mean[i])) continue;
      sum += std::pow(static_cast<double>(x[i] - mean[i]), 2);
      n += 1;
    }
  }
  return sum / n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ensemble)

BOOST_AUTO_TEST_CASE(members_have_the_same_bits_for_any_number_of_threads) {
  Setup s = moving_showers(130, 170);
  for (std::size_t i = 0; i < s.planes[1].values.size(); i += 17) s.planes[1].values[i] = kNaN;
  for (std::int64_t j = 0; j < 130; ++j) std::fill_n(s.planes[2].row(j), 20 + j / 4, kNaN);
  s.options.members = 5;
  for (const Matching matching : {Matching::none, Matching::mean, Matching::cdf}) {
    s.options.matching = matching;
    const Run one = s.run(1);
    check_rates(one, s);
    for (const int threads : {2, 3, 8}) {
      const Run other = s.run(threads);
      BOOST_TEST_REQUIRE(other.size() == one.size());
      for (const auto& [key, values] : one)
        BOOST_TEST(same_bits(values, other.at(key)), threads << " threads, member " << key.first << ", step " << key.second);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_member_and_its_first_steps_are_the_same_in_ensembles_of_any_size) {
  Setup s = moving_showers();
  s.options.members = 7;
  const Run large = s.run();
  for (const int members : {1, 2, 5}) {
    s.options.members = members;
    s.options.steps = 2;
    for (const auto& [key, values] : s.run(3)) BOOST_TEST(same_bits(values, large.at(key)), members << " members");
  }
}

BOOST_AUTO_TEST_CASE(members_differ_and_so_do_seeds) {
  Setup s = moving_showers();
  const Run run = s.run();
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < a; ++b) BOOST_TEST(!same_bits(run.at({a, 1}), run.at({b, 1})));
  }
  s.options.seed = 2;
  BOOST_TEST(!same_bits(s.run().at({0, 1}), run.at({0, 1})));
}

BOOST_AUTO_TEST_CASE(each_member_is_as_wet_as_the_observation_and_has_its_rates) {
  Setup s = still_showers();
  s.options.motion.scale = 0;  // so that nothing leaves
  s.options.steps = 12;
  const Run run = s.run();
  const auto& observed = s.planes.back().values;
  std::vector<float> sorted = observed;
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [key, values] : run) {
    BOOST_TEST(std::fabs(share(values, wet) - share(observed, wet)) < 0.003);
    std::vector<float> rates = values;
    std::sort(rates.begin(), rates.end());
    for (const double q : {0.7, 0.9, 0.99}) {
      const auto at = static_cast<std::size_t>(q * static_cast<double>(rates.size()));
      BOOST_TEST(std::fabs(rates[at] - sorted[at]) < 0.05F + 0.03F * sorted[at], "quantile " << q);
    }
  }
}

BOOST_AUTO_TEST_CASE(spread_grows_with_the_lead_and_the_mean_is_smoother_than_members) {
  Setup s = still_showers();
  s.options.members = 20;
  s.options.steps = 12;
  const Run run = s.run();
  double before = 0;
  for (const int step : {1, 3, 6, 12}) {
    const double now = spread(run, 20, step);
    BOOST_TEST(now > before, "step " << step);
    before = now;
    const double of_mean = variance(mean_of_members(run, 20, step));
    double of_members = 0;
    for (int m = 0; m < 20; ++m) of_members += variance(run.at({m, step})) / 20;
    BOOST_TEST(of_mean < of_members, "step " << step);
  }
}

BOOST_AUTO_TEST_CASE(the_first_step_is_nearer_to_what_truly_comes_than_the_last) {
  Setup s = still_showers();
  s.options.members = 6;
  s.options.steps = 12;
  s.options.motion.scale = 0;
  const Run run = s.run();
  const auto error = [&](int step) {
    double sum = 0;
    for (int m = 0; m < 6; ++m) {
      const auto& x = run.at({m, step});
      for (std::size_t i = 0; i < x.size(); ++i) sum += std::fabs(static_cast<double>(x[i] - s.planes.back().values[i]));
    }
    return sum;
  };
  BOOST_TEST(error(1) < error(12));
}

BOOST_AUTO_TEST_CASE(without_spread_of_motion_the_missing_area_is_that_of_plain_advection) {
  Setup s = moving_showers(90, 120, 4.3F);
  for (std::int64_t j = 20; j < 50; ++j) std::fill_n(s.planes.back().row(j) + 40, 25, kNaN);
  s.options.motion.scale = 0;
  const Run run = s.run();
  Extrapolator plain(std::as_const(s.planes.back()).view(), s.motion);
  for (int step = 1; step <= s.options.steps; ++step) {
    Plane expected(90, 120);
    plain.step_to(Seconds{300 * step}, expected.view());
    for (int m = 0; m < s.options.members; ++m) {
      const auto& x = run.at({m, step});
      for (std::size_t i = 0; i < x.size(); ++i) BOOST_TEST_REQUIRE(std::isnan(x[i]) == std::isnan(expected.values[i]));
    }
  }
}

BOOST_AUTO_TEST_CASE(with_spread_of_motion_the_missing_area_moves_with_the_member) {
  Setup s = moving_showers();
  s.options.steps = 12;
  s.options.members = 8;
  const Run run = s.run();
  std::vector<double> shares;
  for (int m = 0; m < 8; ++m) shares.push_back(share(run.at({m, 12}), missing));
  const auto [low, high] = std::minmax_element(shares.begin(), shares.end());
  BOOST_TEST(*low < *high);
  // 36 of 120 columns flow in from outside; the place is uncertain by 26, and so far the edge goes on.
  BOOST_TEST(*high > 0.0);
  BOOST_TEST(*high < 0.9);
}

BOOST_AUTO_TEST_CASE(rain_is_carried_along_the_motion) {
  // One small storm, far from any edge, nothing else: its place after an hour.
  Setup s;
  const auto storm = [](double column) {
    Plane p(100, 200);
    for (std::int64_t j = 0; j < 100; ++j) {
      for (std::int64_t i = 0; i < 200; ++i) {
        const double d = std::hypot(static_cast<double>(i) - column, static_cast<double>(j) - 50);
        p.row(j)[i] = d < 12 ? static_cast<float>(40 * (1 - d / 12) + 0.2) : 0.0F;
      }
    }
    return p;
  };
  for (const int k : {2, 1, 0}) s.add(storm(50 - 4 * k), -300 * k);
  s.motion = uniform_motion(100, 200, 4.0F / 300, 0);
  s.options.steps = 12;
  s.options.members = 6;
  s.options.motion.scale = 0;
  const Run run = s.run();
  for (const int step : {1, 6, 12}) {
    double at = 0, sum = 0;
    for (int m = 0; m < 6; ++m) {
      const auto& x = run.at({m, step});
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (std::isnan(x[i])) continue;
        at += static_cast<double>(x[i]) * static_cast<double>(i % 200);
        sum += static_cast<double>(x[i]);
      }
    }
    BOOST_TEST(std::fabs(at / sum - (50 + 4 * step)) < 1 + 0.7 * step, "step " << step << ": at column " << at / sum);
  }
}

// Noise belongs to cells in the frame of the newest observation, so the same rain under another uniform
// motion is the same rain carried elsewhere.
BOOST_AUTO_TEST_CASE(another_motion_by_whole_cells_carries_the_same_futures_elsewhere) {
  Setup still, moved;
  still.add(showers(80, 100), 0);
  moved.add(showers(80, 100), 0);
  still.motion = uniform_motion(80, 100, 0, 0);
  moved.motion = uniform_motion(80, 100, 3.0F / 300, -2.0F / 300);
  still.options.motion.scale = moved.options.motion.scale = 0;
  const Run a = still.run(), b = moved.run();
  for (int step = 1; step <= 4; ++step) {
    const auto &x = a.at({2, step}), &y = b.at({2, step});
    for (std::int64_t j = 0; j < 80 - 2 * step - 1; ++j) {
      for (std::int64_t i = 3 * step + 1; i < 100; ++i) {
        const float from = x[static_cast<std::size_t>((j + 2 * step) * 100 + i - 3 * step)], to = y[static_cast<std::size_t>(j * 100 + i)];
        BOOST_TEST_REQUIRE(std::fabs(from - to) < 1e-3F * (1 + from));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_dry_stays_dry) {
  Setup s;
  for (const int k : {2, 1, 0}) s.add(Plane(60, 70), -300 * k);
  s.motion = uniform_motion(60, 70, 0.01F, 0);
  const Run run = s.run();
  check_rates(run, s);
  for (const auto& [key, values] : run) {
    for (const float x : values) BOOST_TEST_REQUIRE((std::isnan(x) || x == 0.0F));
  }
}

BOOST_AUTO_TEST_CASE(what_is_missing_stays_missing) {
  Setup s;
  for (const int k : {2, 1}) s.add(showers(60, 70), -300 * k);
  s.add(Plane(60, 70, kNaN), 0);
  s.motion = uniform_motion(60, 70, 0.01F, 0);
  for (const auto& [key, values] : s.run()) BOOST_TEST(share(values, missing) == 1);
}

BOOST_AUTO_TEST_CASE(poor_frames_give_rates_or_missing_and_no_failure) {
  Plane pixel(60, 70), two(60, 70), lone(60, 70, kNaN), stripe(60, 70, kNaN);
  pixel.row(30)[35] = 40;
  two.row(30)[35] = two.row(31)[35] = 0.1F;
  lone.row(30)[35] = 40;
  for (std::int64_t j = 0; j < 60; ++j) stripe.row(j)[10] = j % 3 == 0 ? 5.0F : 0.0F;
  const Plane good = showers(60, 70), none(60, 70, kNaN), dry(60, 70), soaked(60, 70, 500.0F);
  Plane absurd = good;
  absurd.values[100] = std::numeric_limits<float>::infinity();
  absurd.values[101] = -5;
  absurd.values[102] = 1e30F;
  const std::vector<std::vector<Plane>> cases{
      {pixel},     {pixel, pixel, pixel}, {two},         {lone, lone}, {stripe, stripe}, {good},        {none, good}, {good, none, good}, {none, none, good},
      {dry, good}, {good, dry},           {good, pixel}, {soaked},     {soaked, good},   {good, absurd}};
  for (std::size_t c = 0; c < cases.size(); ++c) {
    Setup s;
    for (std::size_t k = 0; k < cases[c].size(); ++k) s.add(cases[c][k], 300 * (static_cast<int>(k) - static_cast<int>(cases[c].size()) + 1));
    s.motion = uniform_motion(60, 70, 0.005F, 0.003F);
    for (const Matching matching : {Matching::none, Matching::mean, Matching::cdf}) {
      s.options.matching = matching;
      BOOST_TEST_CONTEXT("case " << c) {
        const Run run = s.run();
        check_rates(run, s);
        BOOST_TEST(share(run.at({0, 1}), missing) < 1);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(one_wet_cell_stays_about_one_wet_cell) {
  Setup s;
  Plane pixel(60, 70);
  pixel.row(30)[35] = 40;
  for (const int k : {1, 0}) s.add(pixel, -300 * k);
  s.motion = uniform_motion(60, 70, 0, 0);
  s.options.motion.scale = 0;
  for (const auto& [key, values] : s.run()) BOOST_TEST(std::count_if(values.begin(), values.end(), wet) == 1);
}

BOOST_AUTO_TEST_CASE(times_that_are_irregular_repeated_or_out_of_order_are_handled) {
  for (const std::vector<int>& ages :
       std::vector<std::vector<int>>{{1700, 1000, 410, 95, 0}, {600, 600, 0}, {300, 0, 0}, {-300, 300, 0}, {86'400, 0}, {1, 0}}) {
    Setup s;
    for (const int age : ages) s.add(showers(50, 60, -age / 300.0), -age);
    s.motion = uniform_motion(50, 60, 1.0F / 300, 0);
    check_rates(s.run(), s);
  }
}

BOOST_AUTO_TEST_CASE(tiny_and_narrow_fields_are_handled) {
  for (const auto& [ny, nx] : std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {1, 50}, {50, 1}, {2, 2}, {3, 3}, {4, 7}, {5, 300}}) {
    Setup s;
    s.add(showers(ny, nx, 1), -300);
    s.add(showers(ny, nx), 0);
    s.motion = uniform_motion(ny, nx, 0.001F, 0);
    check_rates(s.run(), s);
  }
}

BOOST_AUTO_TEST_CASE(absurd_motion_leaves_nothing_known_and_does_not_fail) {
  Setup s = moving_showers(40, 50);
  for (const float u : {10.0F, 1e6F, -1e30F}) {
    s.motion = uniform_motion(40, 50, u, u);
    const Run run = s.run();
    check_rates(run, s);
    BOOST_TEST(share(run.at({0, 4}), missing) == 1);
  }
}

BOOST_AUTO_TEST_CASE(lagged_members_need_no_even_times_and_with_one_frame_are_members_as_all) {
  Setup s = moving_showers(60, 80);
  s.times[1] += Seconds(70);  // 230 s before the newest
  s.options.motion.scale = 0;
  s.options.cascade.noise = 0, s.options.cascade.memory = 1e6;
  s.options.lagged = 2;
  const Run uneven = s.run();
  check_rates(uneven, s);
  // Nothing changes on the way, so each is its frame, carried along for the whole time from it.
  BOOST_TEST(std::count_if(uneven.at({3, 1}).begin(), uneven.at({3, 1}).end(), wet) > 0);

  Setup one = still_showers(40, 50);
  one.planes.erase(one.planes.begin(), one.planes.begin() + 2), one.times.erase(one.times.begin(), one.times.begin() + 2);
  const Run none = one.run();
  one.options.lagged = 3;
  const Run some = one.run();
  for (const auto& [key, values] : none) BOOST_TEST(same_bits(values, some.at(key)));
}

BOOST_AUTO_TEST_CASE(the_mean_of_what_can_be_foreseen_needs_no_ensemble) {
  Setup s = moving_showers(40, 50);
  std::vector<FieldView<const float>> views;
  for (const Plane& p : s.planes) views.push_back(p.view());
  const auto sprog = [&](int members) {
    s.options.members = members;
    std::vector<float> all;
    run_sprog(views, s.times, s.motion, s.options, [&](int, int, FieldView<const float> r) {
      for (std::int64_t j = 0; j < r.ny; ++j) all.insert(all.end(), r.row(j), r.row(j) + r.nx);
    });
    return all;
  };
  BOOST_TEST(same_bits(sprog(0), sprog(4)));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_run_is_refused) {
  const Setup good = moving_showers(20, 30);
  const auto refused = [&](auto&& change) {
    Setup s = good;
    change(s);
    BOOST_CHECK_THROW(s.run(), Error);
  };
  refused([](Setup& s) { s.options.members = 0; });
  refused([](Setup& s) { s.options.steps = 0; });
  refused([](Setup& s) { s.options.cascade.step = Seconds{0}; });
  refused([](Setup& s) { s.options.motion.cell_km = 0; });
  refused([](Setup& s) { s.options.motion.cell_km = std::numeric_limits<double>::quiet_NaN(); });
  refused([](Setup& s) { s.planes.clear(), s.times.clear(); });
  refused([](Setup& s) { s.times.pop_back(); });
  refused([](Setup& s) { s.motion = uniform_motion(20, 31, 0, 0); });
  refused([](Setup& s) { s.motion = Motion{}; });
  refused([](Setup& s) {
    s.planes.back() = Plane();
    s.motion = uniform_motion(0, 0, 0, 0);
  });
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(what_the_sink_throws_reaches_the_caller) {
  const Setup s = moving_showers(20, 30);
  std::vector<FieldView<const float>> views;
  for (const Plane& p : s.planes) views.push_back(p.view());
  BOOST_CHECK_THROW(run_ensemble(views, s.times, s.motion, s.options, [](int, int, FieldView<const float>) { throw Error("disk", "full"); }), Error);
}

BOOST_AUTO_TEST_CASE(some_members_alone_are_those_of_the_whole_ensemble) {
  Setup s;
  s.add(showers(60, 80), 0);
  s.add(showers(60, 80, 3), 300);
  s.motion = uniform_motion(60, 80, 0.01F, 0);
  s.options.members = 5;
  s.options.lagged = 2;
  const Run whole = s.run();
  std::vector<FieldView<const float>> views;
  for (const Plane& p : s.planes) views.push_back(p.view());
  const auto same_bits = [](FieldView<const float> rate, const std::vector<float>& of_whole) {
    for (std::int64_t j = 0; j < rate.ny; ++j)
      if (std::memcmp(rate.row(j), of_whole.data() + j * rate.nx, static_cast<std::size_t>(rate.nx) * sizeof(float)) != 0) return false;
    return true;
  };
  MemberMaker maker(views, s.times, s.motion, s.options);
  for (const std::vector<int>& some : {std::vector<int>{4}, {1}, {0, 2, 3}}) {
    std::size_t seen = 0;
    maker.make(some, [&](int member, int step, FieldView<const float> rate) {
      ++seen;
      BOOST_TEST(std::count(some.begin(), some.end(), member) == 1);
      BOOST_TEST(same_bits(rate, whole.at({member, step})));
    });
    BOOST_TEST(seen == some.size() * 4);
  }
  for (const std::vector<int>& wrong : {std::vector<int>{5}, {-1}, {2, 1}, {1, 1}})
    BOOST_CHECK_THROW(maker.make(wrong, [](int, int, FieldView<const float>) {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
