#include "alerts/lifecycle/json_text.h"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace guyu;
BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(every_text_is_written_as_the_library_would) {
  for (int c = 0; c < 128; ++c) {
    for (const std::string& text : {std::string(1, static_cast<char>(c)), "a" + std::string(1, static_cast<char>(c)) + "暴雨"}) {
      std::string out = "x";
      append_json(out, text);
      BOOST_TEST(out == "x" + nlohmann::json(text).dump(), c);
    }
  }
  std::string out;
  append_json(out, "");
  BOOST_TEST(out == "\"\"");
  BOOST_CHECK_THROW(append_json(out, "\xff"), nlohmann::json::exception);
}

BOOST_AUTO_TEST_SUITE_END()
