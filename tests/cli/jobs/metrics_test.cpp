#include "cli/jobs/metrics.h"

#include <boost/test/unit_test.hpp>
#include <regex>
#include <set>
#include <sstream>

using namespace guyu;
using namespace guyu::cli;

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(every_line_follows_the_format_and_no_sample_comes_twice) {
  RunReport r;
  r.cycle = parse_time("2024-07-01T01:00:00Z");
  r.degraded = {"radar: late"};
  r.level_counts = {{"unknown", 2}, {"blue", 1}};
  r.hazard_levels = {{"gale", {{"unknown", 0}, {"blue", 1}}}, {"heat", {{"unknown", 2}}}};
  r.stages = {{"cycle state", 0.25, 10}, {"cycle state", 0.5, 0}, {"ens\"emble\\", 3, 5}};
  r.ranks = {{"ensemble", "node1", 0, 3, 1.5, 100, 2000}, {"ensemble", "node2", 1, 3, 1.25, 100, 2000}};
  r.inputs = {{"a", "radar", "", "h", "", {}, Seconds(300)}, {"b", "radar", "", "h", "", {}, Seconds(120)}, {"c", "gauges", "", "", "broken", {}, {}}};
  const std::string text = metrics_text(r, r.cycle + Seconds(75));
  static const std::regex sample(R"re([a-z_]+(\{[a-z]+="([^"\\\n]|\\.)*"(,[a-z]+="([^"\\\n]|\\.)*")*\})? [-+0-9.e]+)re");
  static const std::regex comment(R"(# (HELP|TYPE) [a-z_]+ .+)");
  std::set<std::string> seen;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line[0] == '#') {
      BOOST_TEST(std::regex_match(line, comment), line);
      continue;
    }
    BOOST_TEST(std::regex_match(line, sample), line);
    BOOST_TEST(seen.insert(line.substr(0, line.rfind(' '))).second, line);
  }
  for (const char* wanted : {"guyu_cycle_time_seconds 1719795600\n", "guyu_cycle_done_time_seconds 1719795675\n", "guyu_cycle_degraded_reasons 1\n",
                             "guyu_stage_seconds{stage=\"cycle state\"} 0.75\n", "guyu_rank_seconds{stage=\"ensemble\",rank=\"1\",host=\"node2\"} 1.25\n",
                             "guyu_input_age_seconds{role=\"radar\"} 120\n", "guyu_input_failures{role=\"gauges\"} 1\n",
                             "guyu_cycle_regions{level=\"unknown\"} 2\n", "guyu_cycle_hazard_regions{hazard=\"gale\",level=\"blue\"} 1\n"})
    BOOST_TEST(text.find(wanted) != std::string::npos, wanted);
}

BOOST_AUTO_TEST_SUITE_END()
