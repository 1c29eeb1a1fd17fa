#include "engine/regrid/row_band.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(row_band)

BOOST_AUTO_TEST_CASE(entries_of_a_cell_are_sorted_and_those_of_one_source_joined) {
  RowBand band;
  band.next();
  band.add(9, 0.5);
  band.tidy();
  band.next();  // a cell without entries
  band.tidy();
  band.next();
  for (const auto& [source, weight] : {std::pair{7, 0.25}, {3, 0.125}, {7, 0.5}, {1, 0.125}}) band.add(source, weight);
  band.tidy();
  BOOST_TEST(band.counts == (std::vector<std::int64_t>{1, 0, 3}), boost::test_tools::per_element());
  BOOST_REQUIRE(band.entries.size() == 4U);
  BOOST_TEST(band.entries[0].source == 9);  // of the first cell: left alone
  const std::pair<std::int32_t, float> expected[] = {{1, 0.125F}, {3, 0.125F}, {7, 0.75F}};
  for (std::size_t k = 0; k < 3; ++k) {
    BOOST_TEST(band.entries[k + 1].source == expected[k].first);
    BOOST_TEST(band.entries[k + 1].weight == expected[k].second);
  }
}

BOOST_AUTO_TEST_CASE(the_order_of_adding_does_not_show) {
  RowBand one, other;
  one.next(), other.next();
  for (const float w : {0.1F, 0.2F, 0.3F}) one.add(4, static_cast<double>(w));
  for (const float w : {0.3F, 0.1F, 0.2F}) other.add(4, static_cast<double>(w));
  one.tidy(), other.tidy();
  BOOST_TEST(one.entries.at(0).weight == other.entries.at(0).weight);
}

BOOST_AUTO_TEST_SUITE_END()
