#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <vector>

#include "hpc/parallel/parallel_for.h"

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

BOOST_AUTO_TEST_SUITE_END()
