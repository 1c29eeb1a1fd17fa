#include "cli/ensemble/member_team.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <thread>
#include <utility>

#include "cli/ensemble/process_memory.h"
#include "engine/core/error.h"
#include "engine/motion/optical_flow.h"
#include "engine/region/region_set.h"
#include "hpc/parallel/packed.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/serial_comm.h"
#include "tests/support/thread_comm.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::ThreadWorld;

namespace {

// Rain of the last hour and of forecast hours, and sums of two lengths.
void add_windows(MemberTask& t) {
  const Grid& grid = t.frames.back()->grid();
  const TimePoint now = t.times.back();
  const auto amount = [&](int from_min, int to_min, float mm) {
    std::vector<float> values(static_cast<std::size_t>(grid.size()), 0.0F);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = k % 7 == 0 ? std::nanf("") : k % 3 == 0 ? mm + static_cast<float>(k % 11) : 0.0F;
    const Interval time{now + std::chrono::minutes(from_min), now + std::chrono::minutes(to_min)};
    return std::make_shared<const RainPlane>(rain_plane({values.data(), grid.ny(), grid.nx(), grid.nx()}, time, {}));
  };
  t.windows.wanted = {{std::chrono::minutes(30), parse_zonal_statistics("max,frac>=2")}, {std::chrono::hours(1), parse_zonal_statistics("p90")}};
  t.windows.observed = {amount(-60, -30, 1), amount(-30, 0, 2)};
  t.windows.forecast = {amount(-30, 60, 3), amount(60, 120, 4)};
  for (const int end : {0, 10, 15, 45, 90}) t.windows.ends.push_back(now + std::chrono::minutes(end));
  t.windows.to_come = true;
}

MemberTask small_task() {
  MemberTask t;
  const Grid grid("EPSG:4326", 110.01, 30.79, 0.02, 0.02, 60, 40);
  for (int k = 0; k < 2; ++k) {
    const TimePoint when{Seconds(1'000'200 + 300 * k)};
    Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {when, when}, when, "surface", {}, "", ""});
    for (std::int64_t j = 0; j < 40; ++j)
      for (std::int64_t i = 0; i < 60; ++i) {
        const double x = static_cast<double>(i - 2 * k), y = static_cast<double>(j);
        f.view()(j, i) = static_cast<float>(std::max(0.0, 8 * std::sin(x * 0.3) * std::cos(y * 0.25) + 2 * std::sin(x * 0.9)));
      }
    t.frames.push_back(std::make_shared<const Field>(std::move(f)));
    t.times.push_back(when);
  }
  t.motion = estimate_motion(t.views(), t.times);
  t.options.members = 7;
  t.options.lagged = 2;
  t.options.steps = 3;
  t.options.cascade.scales = 4;
  t.options.motion.cell_km = 2;
  t.weights = compute_zonal_weights(grid, mesh_regions(110, 30, 111.2, 30.8, 0.4));
  t.planes = true;
  add_windows(t);
  return t;
}

struct Made {
  std::map<int, MemberTable> tables;
  std::map<std::pair<int, int>, std::vector<float>> planes;
  TeamWork work;
  bool operator==(const Made& o) const { return tables.size() == o.tables.size() && planes_equal(o) && tables_equal(o); }
  // NaN is what is unknown in both.
  static bool equal(const std::vector<float>& a, const std::vector<float>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
  }
  bool planes_equal(const Made& o) const {
    return std::equal(planes.begin(), planes.end(), o.planes.begin(), o.planes.end(),
                      [](const auto& a, const auto& b) { return a.first == b.first && equal(a.second, b.second); });
  }
  bool tables_equal(const Made& o) const {
    return std::equal(tables.begin(), tables.end(), o.tables.begin(), o.tables.end(), [](const auto& a, const auto& b) {
      return a.first == b.first && equal(a.second.rates, b.second.rates) && equal(a.second.coverages, b.second.coverages) &&
             equal(a.second.windows, b.second.windows);
    });
  }
};

Made make(const MemberTask& task, Comm& comm, const std::string& key, int stop_after = 1000) {
  Made made;
  MemberTeam team(comm);
  TaskBlend blend = read_blend(task);
  std::vector<int> all(static_cast<std::size_t>(task.options.members));
  std::iota(all.begin(), all.end(), 0);
  MemberTaker taker;
  taker.table = [&](int m, MemberTable&& t) {
    BOOST_TEST(made.tables.emplace(m, std::move(t)).second);
    if (static_cast<int>(made.tables.size()) >= stop_after) throw Error("test", "enough");
  };
  taker.plane = [&](int m, int s, FieldView<const float> p) {
    std::vector<float> values;
    for (std::int64_t j = 0; j < p.ny; ++j) values.insert(values.end(), p.row(j), p.row(j) + p.nx);
    BOOST_TEST(made.planes.emplace(std::pair(m, s), std::move(values)).second);
  };
  made.work = team.make(task, blend, key, all, taker);
  return made;
}

Made make_with_ranks(const MemberTask& task, int ranks, const std::string& key) {
  ThreadWorld world(ranks);
  std::vector<std::thread> others;
  for (int r = 1; r < ranks; ++r)
    others.emplace_back([&world, r] {
      ThreadWorld::Rank comm(world, r);
      serve_members(comm);
    });
  ThreadWorld::Rank comm(world, 0);
  Made made = make(task, comm, key);
  for (std::thread& t : others) t.join();
  return made;
}

// Whether the peak of this process can be told: the system lets it be reset, and no instrument's memory is in it.
bool peak_can_be_told() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  {
    const std::vector<char> gone(256 << 20, 1);
    if (gone[gone.size() / 2] != 1) return false;
  }
  const std::int64_t now = begin_peak_memory();
  return peak_memory() < now + (64 << 20);
#endif
}

MemberTask large_task(int frames, int members) {
  MemberTask t;
  const Grid grid("EPSG:4326", 100, 40, 0.01, 0.01, 1600, 1400);
  for (int k = 0; k < frames; ++k) {
    const TimePoint when{Seconds(1'000'200 + 300 * k)};
    Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {when, when}, when, "surface", {}, "", ""});
    for (std::int64_t j = 0; j < grid.ny(); ++j)
      for (std::int64_t i = 0; i < grid.nx(); ++i)
        f.view()(j, i) = static_cast<float>(std::max(0.0, 8 * std::sin(static_cast<double>(i - 2 * k) * 0.03) * std::cos(static_cast<double>(j) * 0.02) - 2));
    t.frames.push_back(std::make_shared<const Field>(std::move(f)));
    t.times.push_back(when);
  }
  t.motion = uniform_motion(grid.ny(), grid.nx(), 0.007F, 0);
  t.options.members = members;
  t.options.steps = 2;
  return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(member_team)

BOOST_AUTO_TEST_CASE(a_task_that_was_sent_is_the_same_task) {
  const MemberTask task = small_task();
  const MemberTask other = MemberTask::unpack(task.pack());
  BOOST_TEST((other.frames.back()->grid() == task.frames.back()->grid()));
  BOOST_TEST(member_key(other, {}) == member_key(task, {}));
  MemberTask seed = small_task(), frame = small_task(), regions = small_task(), rain = small_task();
  rain.windows.observed.pop_back();
  seed.options.seed = 2;
  Field f = frame.frames.back()->clone();
  f.view()(3, 4) += 0.5F;
  frame.frames.back() = std::make_shared<const Field>(std::move(f));
  regions.weights = compute_zonal_weights(task.frames.back()->grid(), mesh_regions(110, 30, 111.2, 30.8, 0.2));
  for (const MemberTask* t : {&seed, &frame, &regions, &rain}) BOOST_TEST(member_key(*t, {}) != member_key(task, {}));
}

BOOST_AUTO_TEST_CASE(any_number_of_ranks_makes_the_same_members_once_each) {
  const MemberTask task = small_task();
  SerialComm alone;
  const std::string key = member_key(task, {});
  const Made reference = make(task, alone, key);
  BOOST_TEST(reference.tables.size() == 7U);
  BOOST_TEST(reference.planes.size() == 21U);
  for (const int ranks : {2, 3, 9}) {
    const Made made = make_with_ranks(task, ranks, key);
    BOOST_TEST((made == reference), ranks << " ranks");
    BOOST_TEST(made.work.problems.empty());
    int members = 0;
    for (const RankWork& w : made.work.ranks) members += w.members;
    BOOST_TEST(members == 7);
    BOOST_TEST(made.work.ranks.size() == static_cast<std::size_t>(ranks));
  }
}

BOOST_AUTO_TEST_CASE(the_members_of_a_rank_that_sees_something_else_are_made_by_rank_0) {
  const MemberTask task = small_task();
  SerialComm alone;
  const Made reference = make(task, alone, "");
  const Made made = make_with_ranks(task, 3, "a key of another version");
  BOOST_TEST((made == reference));
  BOOST_TEST(made.work.problems.size() == 2U);
  BOOST_TEST(made.work.ranks.front().members == 7);
}

BOOST_AUTO_TEST_CASE(an_end_on_rank_0_calls_the_others_off) {
  const MemberTask task = small_task();
  const std::string key = member_key(task, {});
  ThreadWorld world(3);
  std::vector<std::thread> others;
  for (int r = 1; r < 3; ++r)
    others.emplace_back([&world, r] {
      ThreadWorld::Rank comm(world, r);
      serve_members(comm);
    });
  ThreadWorld::Rank comm(world, 0);
  BOOST_CHECK_THROW(make(task, comm, key, 1), Error);
  for (std::thread& t : others) t.join();  // they end: nobody waits for ever
}

// In a process of its own (see CMakeLists.txt): what others have left in the heap would be counted.
BOOST_AUTO_TEST_CASE(the_peak_of_memory_is_as_predicted_whether_the_model_or_the_members_take_most, *boost::unit_test::disabled()) {
  if (!peak_can_be_told()) {
    BOOST_TEST_MESSAGE("skipped: the peak of this process cannot be told");
    return;
  }
  struct Way {
    int frames, threads;
  };
  for (const Way& way : {Way{6, 1}, Way{2, 1}, Way{2, 3}}) {
    set_num_threads(way.threads);
    const MemberTask task = large_task(way.frames, 3);
    TaskBlend blend;
    SerialComm alone;
    std::vector<int> all(3);
    std::iota(all.begin(), all.end(), 0);
    const TeamWork work = MemberTeam(alone).make(task, blend, "", all, {});
    const RankMemory& m = work.ranks.front().memory;
    const auto grown = static_cast<double>(m.peak - m.before), predicted = static_cast<double>(m.predicted - m.before);
    BOOST_TEST(std::abs(predicted / grown - 1) < 0.1,
               way.frames << " frames, " << way.threads << " threads: " << predicted / 1e6 << " MB were predicted, " << grown / 1e6 << " MB taken");
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_SUITE_END()
