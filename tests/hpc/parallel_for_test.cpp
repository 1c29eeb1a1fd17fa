#include "hpc/parallel/parallel_for.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(parallel_loop)

BOOST_AUTO_TEST_CASE(every_item_is_visited_once_for_any_thread_count) {
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    std::vector<int> seen(1003, 0);
    parallel_for(1003, 10, [&](std::int64_t b, std::int64_t e) {
      for (auto i = b; i < e; ++i) ++seen[static_cast<std::size_t>(i)];
    });
    for (const int n : seen) BOOST_TEST_REQUIRE(n == 1);
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(the_first_failing_chunk_is_the_one_reported) {
  for (const int threads : {1, 4}) {
    set_num_threads(threads);
    const auto run = [] {
      parallel_for(100, 1, [](std::int64_t b, std::int64_t) {
        if (b >= 7) throw std::runtime_error(std::to_string(b));
      });
    };
    BOOST_CHECK_EXCEPTION(run(), std::runtime_error, [](const auto& e) { return std::string(e.what()) == "7"; });
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_CASE(a_loop_inside_a_loop_visits_every_item_once) {
  set_num_threads(4);
  std::vector<int> seen(40 * 50, 0);
  parallel_for(40, 1, [&](std::int64_t b, std::int64_t) {
    parallel_for(50, 7, [&](std::int64_t from, std::int64_t to) {
      for (auto i = from; i < to; ++i) ++seen[static_cast<std::size_t>(b * 50 + i)];
    });
  });
  set_num_threads(0);
  for (const int n : seen) BOOST_TEST_REQUIRE(n == 1);
}

BOOST_AUTO_TEST_CASE(threads_may_loop_at_the_same_time) {
  set_num_threads(3);
  std::atomic<std::int64_t> sum = 0;
  const auto loops = [&] {
    for (int k = 0; k < 200; ++k) parallel_for(100, 3, [&](std::int64_t b, std::int64_t e) { sum += e - b; });
  };
  std::thread other(loops);
  loops();
  other.join();
  set_num_threads(0);
  BOOST_TEST(sum == 2 * 200 * 100);
}

BOOST_AUTO_TEST_CASE(the_pool_serves_on_after_a_failure) {
  set_num_threads(3);
  for (int k = 0; k < 50; ++k) {
    BOOST_CHECK_THROW(parallel_for(20, 1, [](std::int64_t, std::int64_t) { throw std::runtime_error("no"); }), std::runtime_error);
    std::atomic<int> done = 0;
    parallel_for(20, 1, [&](std::int64_t, std::int64_t) { ++done; });
    BOOST_TEST_REQUIRE(done == 20);
  }
  set_num_threads(0);
}

BOOST_AUTO_TEST_SUITE_END()
