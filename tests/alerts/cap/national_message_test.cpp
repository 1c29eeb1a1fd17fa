#include "alerts/cap/national_message.h"

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>

#include "alerts/cap/cap_rules.h"
#include "alerts/cap/heartbeat.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(national)
namespace {

struct Office {
  Timeline t{3};
  CapSettings settings = cap_settings();
  NationalSettings national;
  Office() {
    for (std::size_t i = 0; i < 3; ++i) {
      t.regions.regions[i].code = "33020500400" + std::to_string(i + 1);
      t.regions.regions[i].name = std::string(i == 0 ? "甬江" : i == 1 ? "庄桥" : "洪塘") + "街道";
    }
    settings.status = RunStatus::actual;
    national.office_code = "33020041600000";
    national.office_name = "宁波市气象局";
  }
  OutgoingMessage message(const Decision& d) const { return outgoing_message(d, CapWriter(settings, t.regions), CapWriter(settings, t.regions).write(d)); }
};

std::string order_of(const pugi::xml_node& node) {
  std::string names;
  for (const auto& child : node.children()) names += (names.empty() ? "" : " ") + std::string(child.name());
  return names;
}
}  // namespace

BOOST_AUTO_TEST_CASE(the_identifier_has_its_31_characters_in_beijing_time) {
  const TimePoint sent = parse_time("2019-06-10T20:10:05Z");
  BOOST_TEST(national_identifier("33020041600000", sent, 0) == "33020041600000_20190611041005_0");
  BOOST_TEST(national_identifier("33020041600000", sent, 9) == "33020041600000_20190611041005_9");
  BOOST_TEST(national_identifier("33020041600000", sent, 10) == "33020041600000_20190611041006_0");  // ten a second
  BOOST_TEST(national_identifier("33020041600000", sent, 10).size() == 31U);
  BOOST_TEST(is_national_identifier(national_identifier("33020041600000", sent, 3)));
  BOOST_TEST(is_national_identifier("41000041600000_20200205105119"));  // as older messages have it
  for (const char* bad : {"", "41000041600000", "4100004160000_20200205105119_0", "41000041600000_2020020510511_0", "41000041600000_20200205105119_",
                          "4100004160000a_20200205105119_0", "2.49.0.1.156.0.20190610001000.1"})
    BOOST_TEST(!is_national_identifier(bad), bad);
  for (const char* office : {"", "330200416000", "3302004160000x", "X3020041600000"}) BOOST_CHECK_THROW(national_identifier(office, sent, 0), Error);
}

BOOST_AUTO_TEST_CASE(a_life_of_messages_has_the_elements_in_the_platforms_order_and_refers_to_the_first) {
  Office o;
  const NationalMessage first = write_national_message(o.message(o.t.at(0, "yy.").at(0)), o.national);
  const NationalMessage second = write_national_message(o.message(o.t.at(10, "rr.").at(0)), o.national);
  BOOST_TEST(first.identifier == "33020041600000_20190610080000_0");
  BOOST_TEST(first.file_name == "33020041600000_20190610080000_0_11B03_YELLOW_ALERT.xml");
  BOOST_TEST(second.file_name == "33020041600000_20190610081000_0_11B03_RED_UPDATE.xml");
  pugi::xml_document doc;
  BOOST_REQUIRE(doc.load_string(second.xml.c_str()));
  const pugi::xml_node alert = doc.child("alert"), info = alert.child("info");
  // The order in which the public programs and the real message of 2020 have them.
  BOOST_TEST(order_of(alert) == "identifier sender senderCode sendTime status msgType scope code secClassification note references info");
  BOOST_TEST(order_of(alert.child("code").child("method")) == "methodName message audienceGrp audenceprt");
  BOOST_TEST(order_of(info) == "language eventType urgency severity certainty effective onset expires senderName headline description instruction web area");
  BOOST_TEST(order_of(info.child("area")) == "areaDesc polygon circle geocode");
  BOOST_TEST(alert.child_value("sender") == "宁波市气象局");
  BOOST_TEST(alert.child_value("sendTime") == "2019-06-10 08:10:00+08:00");
  BOOST_TEST(alert.child_value("status") == "Actual");
  BOOST_TEST(alert.child_value("msgType") == "Update");
  BOOST_TEST(alert.child_value("secClassification") == "None");
  BOOST_TEST(alert.child_value("references") == first.identifier);
  BOOST_TEST(info.child_value("eventType") == "11B03");
  BOOST_TEST(info.child_value("severity") == "Red");
  BOOST_TEST(info.child_value("headline") == "宁波市气象局发布暴雨红色预警[I级/特别重大]");
  BOOST_TEST(info.child("area").child_value("geocode") == "330205004001,330205004002");
  BOOST_TEST(info.child("area").child_value("areaDesc") == "甬江街道、庄桥街道");
  const std::string sms = alert.child("code").child("method").child_value("message");
  BOOST_TEST(sms.find("甬江街道、庄桥街道暴雨预警由黄色升级为红色") == 0U, sms);
  std::vector<Decision> last;
  for (int minute = 20; minute < 240 && (last.empty() || last[0].action != Action::cancel); minute += 10) last = o.t.at(minute, "...");
  const NationalMessage end = write_national_message(o.message(last.at(0)), o.national);
  BOOST_REQUIRE(doc.load_string(end.xml.c_str()));
  BOOST_TEST(doc.child("alert").child_value("msgType") == "Cancel");
  BOOST_TEST(std::string(doc.child("alert").child_value("note")).find("解除") != std::string::npos);
  BOOST_TEST(std::string(doc.child("alert").child("info").child_value("headline")).find("宁波市气象局解除暴雨") == 0U);
}

BOOST_AUTO_TEST_CASE(an_exercise_is_a_test_there_and_what_does_not_fit_is_refused) {
  Office o;
  const Decision d = o.t.at(0, "y..").at(0);
  o.settings.status = RunStatus::exercise;
  const NationalMessage m = write_national_message(o.message(d), o.national);
  BOOST_TEST(m.xml.find("<status>Test</status>") != std::string::npos);
  BOOST_TEST(m.xml.find("【演练】") != std::string::npos);
  OutgoingMessage other = o.message(d);
  other.regions = {"r000c000"};
  BOOST_CHECK_THROW(write_national_message(other, o.national), Error);
  other.regions = {"330205"};
  BOOST_TEST(write_national_message(other, o.national).xml.find("<geocode>330205000000</geocode>") != std::string::npos);
  other.texts.erase(other.texts.begin());
  BOOST_CHECK_THROW(write_national_message(other, o.national), Error);
  o.national.office_code = "3302";
  BOOST_CHECK_THROW(write_national_message(o.message(d), o.national), Error);
  const TimePoint now = parse_time("2019-06-10T00:00:00Z");
  const Heartbeat h{"a.1", now, now, now + Seconds(60), 1, 0, 0, {}, "", {}};
  BOOST_CHECK_THROW(write_national_message(heartbeat_message(h, o.settings, write_heartbeat(h, o.settings)), o.national), Error);
}

BOOST_AUTO_TEST_CASE(acknowledgements_say_yes_or_why_not) {
  const NationalAck yes = read_national_ack("<msg><head/><data><rows><status> 0 </status><error_code/><note/></rows></data></msg>", "a.xml");
  BOOST_TEST(yes.accepted);
  const NationalAck no = read_national_ack(
      "<?xml version=\"1.0\" "
      "encoding=\"UTF-8\"?><msg><data><rows><status>1</status><error_code>E104</error_code><note>发布单位编码错误</note></rows></data></msg>",
      "a.xml");
  BOOST_TEST(!no.accepted);
  BOOST_TEST(no.error_code == "E104");
  BOOST_TEST(no.note == "发布单位编码错误");
  const NationalAck alert =
      read_national_ack("<alert><msgType>Error</msgType><note>x</note><references>33020041600000_20190610080000_0</references></alert>", "a.xml");
  BOOST_TEST(!alert.accepted);
  BOOST_TEST(alert.identifier == "33020041600000_20190610080000_0");
  for (const char* bad : {"", "<msg/>", "<msg><data><rows/></data></msg>", "<alert><msgType>Alert</msgType></alert>", "<other/>",
                          "<!DOCTYPE msg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><msg><data><rows><status>&x;</status></rows></data></msg>"})
    BOOST_CHECK_EXCEPTION(read_national_ack(bad, "a.xml"), Error, [](const Error& e) { return e.place() == "a.xml"; });
}

BOOST_AUTO_TEST_SUITE_END()
