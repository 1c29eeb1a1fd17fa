#include "cli/run_report.h"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

using namespace guyu;
using guyu::cli::RunReport;
using guyu::cli::StageTimer;
BOOST_AUTO_TEST_SUITE(run_report)

BOOST_AUTO_TEST_CASE(it_carries_the_promised_keys_and_a_reason_makes_it_degraded) {
  RunReport r;
  r.cycle = parse_time("2024-07-01T03:00:00Z");
  r.inputs.push_back({"radar/a.h5", "radar", "ODIM_H5", "00ff", "", r.cycle, Seconds(120)});
  r.inputs.push_back({"radar/b.h5", "radar", "", "", "truncated", {}, Seconds(0)});
  auto j = nlohmann::json::parse(r.to_json());
  for (const char* key : {"status", "degraded", "inputs", "stages", "alerts", "version", "config_hash"}) BOOST_TEST(j.contains(key), key);
  BOOST_TEST(j["status"] == "ok");
  BOOST_TEST(j["inputs"][0]["age_seconds"] == 120);
  BOOST_TEST(j["inputs"][1]["error"] == "truncated");
  r.degraded.push_back("radar/b.h5: truncated");
  j = nlohmann::json::parse(r.to_json());
  BOOST_TEST(j["status"] == "degraded");
}

BOOST_AUTO_TEST_CASE(a_stage_is_reported_even_when_it_fails) {
  RunReport r;
  try {
    StageTimer t(r, "motion");
    t.add_bytes(12);
    throw std::runtime_error("x");
  } catch (const std::runtime_error&) {}
  BOOST_REQUIRE(r.stages.size() == 1U);
  BOOST_TEST(r.stages[0].name == "motion");
  BOOST_TEST(r.stages[0].bytes == 12);
  BOOST_TEST(r.stages[0].seconds >= 0);
}

BOOST_AUTO_TEST_SUITE_END()
