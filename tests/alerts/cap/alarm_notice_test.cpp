#include "alerts/cap/alarm_notice.h"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/cap_reader.h"
#include "alerts/cap/heartbeat.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"

using namespace guyu;
using namespace guyu::test;

namespace {
const TimePoint kRaised = parse_time("2024-06-18T08:00:00Z");

AlarmNotice notice(const std::string& detail) {
  return {"2.49.0.1.156.0.20240618080100.0.7", "dead_letter.county", detail, false, kRaised, kRaised + Seconds{60}, kRaised + std::chrono::hours(24)};
}
}  // namespace

BOOST_AUTO_TEST_SUITE(alarm_notice)

BOOST_AUTO_TEST_CASE(a_notice_is_valid_cap_of_status_system_and_no_heartbeat) {
  CapSettings s = cap_settings();
  s.status = RunStatus::actual;
  const std::string xml = write_alarm_notice(notice("refused: HTTP 410"), s);
  const CapReading read = read_cap(xml);
  BOOST_REQUIRE(read.unreadable.empty());
  BOOST_TEST(read.message.status == "System");
  BOOST_TEST(read.message.scope == "Restricted");
  BOOST_TEST(read.message.infos.at(0).headline == "ALARM: dead_letter.county");
  BOOST_TEST(read.message.infos[0].description.find("HTTP 410") != std::string::npos);
  BOOST_TEST(!read_heartbeat(read.message));
  CapCheckOptions options;
  options.schema_path = schema_path();
  BOOST_TEST(rules(CapChecker(options).check(xml, {})) == "");
}

BOOST_AUTO_TEST_CASE(what_comes_from_outside_is_made_one_line_of_well_formed_text) {
  for (const std::string& detail : {std::string("a\nb\x01"), std::string("\xff\xfe broken \xc3"), std::string("暴雨 \xe6\x9a"), std::string("\xed\xa0\x80"),
                                    std::string(5000, 'x'), std::string("<&>]]>"), std::string("\0nul", 4)}) {
    const AlarmNotice n = notice(detail);
    const std::string xml = write_alarm_notice(n, cap_settings());
    BOOST_TEST(read_cap(xml).unreadable.empty());
    const OutgoingMessage m = alarm_message(n, cap_settings(), xml);
    BOOST_CHECK_NO_THROW(nlohmann::json(m.texts.at(0).description).dump());
    BOOST_CHECK_NO_THROW(nlohmann::json(m.texts[0].sms).dump());
    BOOST_TEST(m.texts[0].sms.size() <= 140U);
    BOOST_TEST(m.texts[0].sms.find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_notices_of_one_alarm_share_an_identity_that_another_time_does_not) {
  AlarmNotice end = notice("");
  end.over = true;
  const OutgoingMessage first = alarm_message(notice("x"), cap_settings(), ""), last = alarm_message(end, cap_settings(), "");
  BOOST_TEST(first.event == last.event);
  BOOST_TEST(last.texts.at(0).headline == "Alarm over: dead_letter.county");
  AlarmNotice later = notice("x");
  later.since += Seconds{1};
  BOOST_TEST(alarm_message(later, cap_settings(), "").event != first.event);
  BOOST_TEST(is_of_system(first.hazard));
  AlarmNotice bad = notice("x");
  bad.expires = bad.sent;
  BOOST_CHECK_THROW(write_alarm_notice(bad, cap_settings()), Error);
}

BOOST_AUTO_TEST_SUITE_END()
