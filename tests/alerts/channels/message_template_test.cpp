#include "alerts/channels/message_template.h"

#include <boost/test/unit_test.hpp>

#include "alerts/channels/accepted_status.h"
#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"

using namespace guyu;
using namespace guyu::test;

BOOST_AUTO_TEST_SUITE(message_template)

BOOST_AUTO_TEST_CASE(placeholders_become_the_messages_values) {
  const auto d = deliveries({"2.49.1"}, "county/7");
  BOOST_TEST(MessageTemplate("a/{hazard}/{level}/{status}/{language}", "").fill(d[0]) == "a/rainstorm/orange/actual/zh-CN");
  BOOST_TEST(MessageTemplate("{target}", "").fill(d[0]) == "county/7");
  BOOST_TEST(MessageTemplate("a/{target}", "").fill(d[0], true) == "a/county-7");  // one level of a topic stays one
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_what_may_have_been_meant) {
  try {
    MessageTemplate("a/{hazrd}", "x.toml:3");
    BOOST_ERROR("taken");
  } catch (const Error& e) {
    BOOST_TEST(e.place() == "x.toml:3");
    BOOST_TEST(e.remedy().find("{hazard}") != std::string::npos);
  }
  for (const char* text : {"{", "}", "{hazard", "a}b", "{}"}) BOOST_TEST_CONTEXT(text)
  BOOST_CHECK_THROW(MessageTemplate(text, ""), Error);
}

BOOST_AUTO_TEST_CASE(only_the_headline_and_its_language_are_of_the_texts) {
  for (const char* text : {"{headline}", "a/{language}", "{hazard} {headline}"}) BOOST_TEST(MessageTemplate(text, "").needs_texts(), text);
  for (const char* text : {"", "headline", "{hazard}/{level}/{status}/{msg_type}/{event}/{identifier}/{region}/{target}"})
    BOOST_TEST(!MessageTemplate(text, "").needs_texts(), text);
}

BOOST_AUTO_TEST_CASE(regions_share_the_county_city_or_province) {
  BOOST_TEST(common_region({"330106001000"}) == "330106001000");
  BOOST_TEST(common_region({"330106001000", "330106002000"}) == "330106");
  BOOST_TEST(common_region({"330106001000", "330183002000"}) == "3301");
  BOOST_TEST(common_region({"330106001000", "340183002000"}) == "many");
  BOOST_TEST(common_region({}) == "many");
}

BOOST_AUTO_TEST_CASE(bytes_and_record_must_agree_about_the_status) {
  const AcceptedStatus all({RunStatus::actual, RunStatus::exercise, RunStatus::test});
  auto m = std::make_shared<OutgoingMessage>(*warning("1", RunStatus::exercise));
  BOOST_TEST(!all.refusal(*m));
  BOOST_TEST(AcceptedStatus().refusal(*m).has_value());
  m->status = RunStatus::actual;  // the record calls an exercise real
  BOOST_TEST(all.refusal(*m).has_value());
  BOOST_TEST(AcceptedStatus().refusal(*m).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
