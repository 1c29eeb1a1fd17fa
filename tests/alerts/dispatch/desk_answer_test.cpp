#include "alerts/dispatch/desk_answer.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(desk_answer)

BOOST_AUTO_TEST_CASE(every_word_comes_back_whatever_is_in_it) {
  const std::string odd = "\"quoted\\\n\t\x01\x7f 暴雨 </alert>";
  DeskAnswer a{"", odd, {}, {odd, ""}};
  a.lines.push_back({"e", "rainstorm", "issue", "Red", "onset", odd, "2.49.0.1", "Alert", "approved", odd, {"330205", odd}});
  a.lines.push_back({});
  const DeskAnswer b = answer_from_json(to_json(a), "here");
  BOOST_TEST(b.text == odd);
  BOOST_TEST((b.warnings == a.warnings));
  BOOST_REQUIRE(b.lines.size() == 2U);
  BOOST_TEST(b.lines[0].detail == odd);
  BOOST_TEST(b.lines[0].headline == odd);
  BOOST_TEST(b.lines[0].msg_type == "Alert");
  BOOST_TEST((b.lines[0].regions == a.lines[0].regions));
  BOOST_TEST(b.lines[1].regions.empty());
  BOOST_TEST(to_json(b) == to_json(a));
  BOOST_TEST(b.unlisted == 0U);
  BOOST_TEST(to_json(a).find("unlisted") == std::string::npos);
  a.unlisted = 98489;
  BOOST_TEST(answer_from_json(to_json(a), "here").unlisted == 98489U);
  BOOST_TEST(answer_from_json(to_json(DeskAnswer{}), "here").lines.empty());
  BOOST_CHECK_THROW(answer_from_json("{\"error\":1}", "here"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
