#include "hpc/parallel/packed.h"

#include <boost/test/unit_test.hpp>

using namespace guyu;

BOOST_AUTO_TEST_SUITE(packed)

BOOST_AUTO_TEST_CASE(values_lists_and_texts_come_back_as_they_were) {
  const std::string bytes = Packer().put(7).put(2.5).list(std::vector<float>{1, 2, 3}).text("谷雨").list(std::vector<int>{}).take();
  Unpacker u(bytes);
  BOOST_TEST(u.take<int>() == 7);
  BOOST_TEST(u.take<double>() == 2.5);
  BOOST_TEST(u.list<float>() == (std::vector<float>{1, 2, 3}), boost::test_tools::per_element());
  BOOST_TEST(u.text() == "谷雨");
  BOOST_TEST(u.list<int>().empty());
  BOOST_TEST(u.empty());
}

BOOST_AUTO_TEST_CASE(a_message_that_ends_early_is_an_error_at_every_length) {
  const std::string bytes = Packer().put(7).list(std::vector<double>{1, 2}).take();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::string part = bytes.substr(0, n);
    BOOST_CHECK_THROW(
        [&] {
          Unpacker u(part);
          u.take<int>();
          u.list<double>();
        }(),
        std::runtime_error);
  }
}

BOOST_AUTO_TEST_CASE(a_list_goes_into_a_place_of_its_length_alone) {
  const std::string bytes = Packer(64).list(std::vector<int>{4, 5}).list(std::vector<int>{6}).take();
  Unpacker u(bytes);
  std::vector<int> two(2);
  u.list_into(std::span(two));
  BOOST_TEST(two == (std::vector<int>{4, 5}), boost::test_tools::per_element());
  BOOST_CHECK_THROW(u.list_into(std::span(two)), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_message_asks_for_no_memory) {
  const std::string bytes = Packer().put(~std::uint64_t{0}).take();
  Unpacker u(bytes);
  BOOST_CHECK_THROW(u.list<double>(), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
