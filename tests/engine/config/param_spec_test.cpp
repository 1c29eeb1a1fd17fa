#include "engine/config/param_spec.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(param_spec)

BOOST_AUTO_TEST_CASE(durations_and_quantities_need_their_unit) {
  BOOST_TEST(parse_duration("90 min") == 5400.0);
  BOOST_TEST(parse_duration("1.5 h") == 5400.0);
  BOOST_TEST(parse_quantity("36 km/h", "m s-1") == 10.0, boost::test_tools::tolerance(1e-12));
  for (const char* bad : {"90", "h", "", "5 months"}) BOOST_CHECK_THROW(parse_duration(bad), Error);
  for (const char* bad : {"50", "mm", "50 K"}) BOOST_CHECK_THROW(parse_quantity(bad, "mm"), Error);
}

BOOST_AUTO_TEST_CASE(only_near_words_are_suggested) {
  BOOST_TEST(nearest_word("warm", {"warn", "watch"}) == "warn");
  BOOST_TEST(nearest_word("titel", {"name", "title"}) == "title");  // two neighbours swapped are one mistake
  BOOST_TEST(nearest_word("oen", {"one", "two"}) == "one");
  BOOST_TEST(nearest_word("interal", {"internal", "interval", "integral"}) == "internal");  // of equals the first
  BOOST_TEST(nearest_word("abcdefghi", {"xyzdefghi"}) == "xyzdefghi");                      // three of nine
  BOOST_TEST(nearest_word("abcdefgh", {"xyzdefgh"}).empty());                               // three of eight
  BOOST_TEST(nearest_word("zebra", {"warn", "watch"}).empty());
}

BOOST_AUTO_TEST_CASE(the_reference_shows_every_key_with_type_default_and_bounds) {
  const TableSpec root{"",
                       "",
                       false,
                       false,
                       {{"step", ParamType::duration, "time step", "5 min", "", 60, 3600}},
                       {{"input", "An input.", true, true, {{"files", ParamType::text, "pattern"}}, {}}}};
  const std::string text = describe(root);
  for (const char* part : {"`step`", "`5 min`", "60 to 3600", "[[input]]", "`files`", "required"}) BOOST_TEST(text.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_SUITE_END()
