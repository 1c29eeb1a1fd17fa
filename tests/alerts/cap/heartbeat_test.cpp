#include "alerts/cap/heartbeat.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(heartbeat)
namespace {
Heartbeat sample() {
  const TimePoint cycle = parse_time("2019-06-10T00:10:00Z");
  return {"2.49.0.1.156.0.20190610001030.hb", cycle, cycle + Seconds(30), cycle + Seconds(930), 3200, 2, 31, Seconds(240), "17:ab", {"110101", "110102"}};
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_heartbeat_is_valid_cap_and_says_its_numbers) {
  const std::string xml = write_heartbeat(sample(), cap_settings());
  BOOST_TEST(rules(CapChecker({schema_path()}).check(xml)) == "", xml);
  const CapReading r = read_cap(xml);
  BOOST_TEST(r.message.status == "System");
  BOOST_TEST(r.message.scope == "Restricted");
  const CapInfo& info = r.message.infos.at(0);
  BOOST_TEST(info.headline == "Cycle 2019-06-10T08:10:00+08:00: 3200 regions evaluated, 2 warnings active, 31 without data");
  BOOST_TEST(info.description.find("4 min old") != std::string::npos);
  const auto back = read_heartbeat(r.message);
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST(back->evaluated == 3200U);
  BOOST_TEST(back->active == 2U);
  BOOST_TEST(back->unknown == 31U);
  BOOST_TEST((back->cycle == sample().cycle && back->expires == sample().expires && back->data_age == sample().data_age));
  BOOST_TEST(back->unknown_regions == sample().unknown_regions);
}

BOOST_AUTO_TEST_CASE(no_unknown_regions_and_no_data_at_all_are_told_too) {
  Heartbeat h = sample();
  h.active = h.unknown = 0;
  h.unknown_regions.clear();
  h.data_age.reset();
  const std::string xml = write_heartbeat(h, cap_settings());
  BOOST_TEST(rules(CapChecker({schema_path()}).check(xml)) == "", xml);
  const CapInfo info = read_cap(xml).message.infos.at(0);
  BOOST_TEST(info.headline.find("nothing to warn of") != std::string::npos);
  BOOST_TEST(!read_heartbeat(read_cap(xml).message)->data_age.has_value());
}

BOOST_AUTO_TEST_CASE(a_nation_without_data_still_fits_into_a_message) {
  Heartbeat h = sample();
  h.unknown = 50000;
  for (int i = 0; i < 50000; ++i) h.unknown_regions.push_back(std::to_string(110101001000 + i));
  const std::string xml = write_heartbeat(h, cap_settings());
  BOOST_TEST(xml.size() < 200U * 1024);
  BOOST_TEST(rules(CapChecker({schema_path()}).check(xml)) == "");
  BOOST_TEST(read_heartbeat(read_cap(xml).message)->unknown_regions.size() == Heartbeat::kMostListed);
  BOOST_TEST(read_heartbeat(read_cap(xml).message)->unknown == 50000U);
  BOOST_TEST(heartbeat_message(h, cap_settings(), xml).regions.size() == Heartbeat::kMostListed);
}

BOOST_AUTO_TEST_CASE(a_warning_is_no_heartbeat_and_unfit_ones_are_refused) {
  CapMessage warning = read_cap(write_heartbeat(sample(), cap_settings())).message;
  warning.status = "Actual";
  BOOST_TEST(!read_heartbeat(warning).has_value());
  Heartbeat h = sample();
  h.expires = h.sent;
  BOOST_CHECK_THROW(write_heartbeat(h, cap_settings()), Error);
  h = sample();
  h.identifier = "a b";
  BOOST_CHECK_THROW(write_heartbeat(h, cap_settings()), Error);
}

BOOST_AUTO_TEST_CASE(it_is_stored_as_a_message_of_the_runs_status) {
  CapSettings s = cap_settings();
  s.status = RunStatus::exercise;
  const OutgoingMessage m = heartbeat_message(sample(), s, write_heartbeat(sample(), s));
  BOOST_TEST(m.hazard == "heartbeat");
  BOOST_TEST((m.status == RunStatus::exercise));
  BOOST_TEST(m.xml.find("<value>Exercise</value>") != std::string::npos);
  BOOST_TEST(m.texts.at(0).sms.size() <= 140U);
}

BOOST_AUTO_TEST_SUITE_END()
