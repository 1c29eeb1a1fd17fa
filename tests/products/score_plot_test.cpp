#include "products/score_plot.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace guyu;
namespace {
std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(score_plot)

BOOST_AUTO_TEST_CASE(axes_end_at_round_numbers_and_hold_all_values) {
  const auto a = axis_around({0.13, 0.97, NAN}, 0, "x");
  BOOST_TEST(a.low == 0.0);
  BOOST_TEST(a.high == 1.0, boost::test_tools::tolerance(1e-12));
  const auto b = axis_around({-3.2, 41}, 0, "x");
  BOOST_TEST(b.low == -10.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(b.high == 50.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(axis_around({}, 0, "x").high > 0);
}

BOOST_AUTO_TEST_CASE(a_missing_point_breaks_the_line) {
  ScorePlot plot("p", {0, 4, "x", false}, {0, 1, "y", false});
  plot.line({{0, 0}, {1, 1}, {2, NAN}, {3, 1}, {4, 0}}, "#000", "line");
  BOOST_TEST(count(plot.svg(), "<polyline") == 2U);
  BOOST_TEST(count(plot.svg(), "<circle") == 4U);
  BOOST_TEST(count(plot.svg(), ">line<") == 1U);
}

BOOST_AUTO_TEST_CASE(values_beyond_the_axis_stay_inside_the_frame) {
  ScorePlot plot("p", {0, 1, "x", false}, {0, 1, "y", false});
  plot.bar(0, 1, 99, "#000");
  plot.band({{0, -5}, {1, -5}}, {{0, 9}, {1, 9}}, "#000");
  BOOST_TEST(plot.svg().find("y=\"-") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_is_escaped) { BOOST_TEST(escaped("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;"); }

BOOST_AUTO_TEST_SUITE_END()
