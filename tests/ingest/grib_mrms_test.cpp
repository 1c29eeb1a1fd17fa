#include "ingest/grib_mrms.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/ingest/grib_sample.h"

using namespace guyu;
using test::sample;
BOOST_AUTO_TEST_SUITE(grib_mrms)

BOOST_AUTO_TEST_CASE(the_local_table_of_mrms_is_known) {
  const auto mrms = [](long category, long number, const std::vector<double>& values = {}) {
    return sample({{"discipline", 209}, {"centre", 161}, {"parameterCategory", category}, {"parameterNumber", number}}, values);
  };
  const Field rate = mrms(6, 1, {-3, -1, 0});
  BOOST_TEST((rate.meta.quantity == quantities::rainfall_rate()));
  BOOST_TEST(std::isnan(rate.values()[0]));
  BOOST_TEST(std::isnan(rate.values()[1]));
  BOOST_TEST(rate.values()[2] == 0.0F);
  for (const auto& [number, minutes] : {std::pair<long, long>{2, 60}, {8, 72 * 60}, {9, 60}, {20, 24 * 60}, {30, 60}, {37, 60}, {43, 72 * 60}, {45, 15}}) {
    const Field f = mrms(6, number);
    BOOST_TEST((f.meta.quantity == quantities::precipitation_amount()));
    BOOST_TEST((f.meta.kind == TimeKind::accumulation));
    BOOST_TEST(f.meta.valid.length().count() == minutes * 60);
  }
  for (const auto& [category, number] : {std::pair<long, long>{10, 0}, {11, 1}, {11, 0}, {9, 0}, {3, 57}, {8, 8}}) {
    const Field f = mrms(category, number, {-999, -99, 10});
    BOOST_TEST((f.meta.quantity == quantities::reflectivity()));
    BOOST_TEST(std::isnan(f.values()[0]));
    BOOST_TEST(f.values()[1] == -32.0F);
  }
  for (const auto& [category, number] : {std::pair<long, long>{9, 3}, {10, 1}, {10, 3}, {6, 0}, {8, 0}}) {
    BOOST_TEST(!find_quantity(mrms(category, number).meta.quantity.name));  // correlation, heights, flags, quality
  }
}

BOOST_AUTO_TEST_CASE(the_same_numbers_of_other_producers_mean_something_else) {
  const Field f = sample({{"discipline", 0}, {"parameterCategory", 0}, {"parameterNumber", 0}}, {-3, -99, 200});  // no discipline 209: plain values
  BOOST_TEST(f.values()[0] == -3.0F);
  BOOST_TEST(f.values()[1] == -99.0F);
}

BOOST_AUTO_TEST_SUITE_END()
