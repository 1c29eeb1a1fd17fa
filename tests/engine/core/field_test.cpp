#include "engine/core/field.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "hpc/parallel/parallel_for.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(field)

BOOST_AUTO_TEST_CASE(a_new_field_is_wholly_missing) {
  const Field f(Grid("EPSG:4326", 0, 0, 1, 1, 5, 4), {});
  const auto s = statistics(f.view());
  BOOST_TEST(s.valid == 0);
  BOOST_TEST(s.missing == 20);
  BOOST_TEST(std::isnan(s.mean));
}

BOOST_AUTO_TEST_CASE(statistics_skip_missing_and_do_not_depend_on_threads) {
  Field f(Grid("EPSG:4326", 0, 0, 1, 1, 317, 211), {});
  auto v = f.values();
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (i % 7) v[i] = std::sin(static_cast<float>(i)) * 100;
  }
  set_num_threads(1);
  const auto one = statistics(f.view());
  set_num_threads(3);
  const auto three = statistics(f.view());
  set_num_threads(0);
  BOOST_TEST(one.mean == three.mean);
  BOOST_TEST(one.valid + one.missing == f.grid().size());
  BOOST_TEST(one.max <= 100.0);
  const Field copy = f.clone();
  BOOST_TEST(copy.values()[8] == f.values()[8]);
}

BOOST_AUTO_TEST_SUITE_END()
