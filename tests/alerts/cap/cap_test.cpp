#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(cap)

BOOST_AUTO_TEST_CASE(every_message_of_a_life_is_valid_and_names_the_open_ones) {
  Timeline t(6);
  const CapWriter writer(cap_settings(), t.regions);
  const CapChecker checker({schema_path(), 109, 29, 112, 31});
  std::string types;
  int minute = 0;
  for (const char* letters :
       {"yy...b", "oo...b", "rr...b", "rrbbbb", "yyyyyy", "yyyyyy", "yyyyyy", "yyyyyy", "......", "......", "......", "......", "......", "......", "......"}) {
    for (const Decision& d : t.at(minute, letters)) {
      if (!d.has_message()) continue;
      const std::string xml = writer.write(d);
      std::vector<std::string> open;
      for (const MessageRef& m : d.references) open.push_back(m.identifier);
      const auto faults = checker.check(xml, open);
      BOOST_TEST(rules(faults) == "", d.detail << ": " << (faults.empty() ? "" : faults[0].detail) << "\n" << xml);
      types += d.action == Action::issue ? 'A' : d.action == Action::update ? 'U' : 'C';
      BOOST_TEST(xml.size() < 100U * 1024);
    }
    minute += 10;
  }
  BOOST_TEST(types.find('U') != std::string::npos);
  BOOST_TEST(types.back() == 'C');
}

BOOST_AUTO_TEST_CASE(a_message_says_what_the_decision_says) {
  Timeline t(3);
  t.at(0, "y..");
  const CapWriter writer(cap_settings(), t.regions);
  const auto d = t.at(10, "o..");
  pugi::xml_document doc;
  BOOST_REQUIRE(doc.load_string(writer.write(d.at(0)).c_str()));
  const auto alert = doc.child("alert");
  const auto text = [&](const char* path) { return std::string(alert.select_node(path).node().text().get()); };
  BOOST_TEST(text("identifier") == "2.49.0.1.156.0.20190610001000.1");
  BOOST_TEST(text("sent") == "2019-06-10T08:10:00+08:00");
  BOOST_TEST(text("msgType") == "Update");
  BOOST_TEST(text("status") == "Test");
  BOOST_TEST(text("references") == "warnings@example.org,2.49.0.1.156.0.20190610000000.1,2019-06-10T08:00:00+08:00");
  BOOST_TEST(text("info[1]/language") == "zh-CN");
  BOOST_TEST(text("info[1]/severity") == "Severe");
  BOOST_TEST(text("info[1]/headline").find("由黄色升级为橙色") != std::string::npos);
  BOOST_TEST(text("info[2]/headline").find("TEST: ") == 0U);
  BOOST_TEST(text("info[2]/description").find("up to about 60 mm (20 mm observed, 40 mm forecast)") != std::string::npos);
  BOOST_TEST(text("info[2]/parameter[valueName='awareness_level']/value") == "3; orange; Severe");
  BOOST_TEST(text("info[2]/area/geocode/value") == "r000c000");
  BOOST_TEST(text("info[2]/area/polygon").find("30.") == 0U);  // latitude first
}

BOOST_AUTO_TEST_CASE(each_planted_fault_is_found_by_its_rule) {
  Timeline t(1);
  t.at(0, "y");
  const std::string xml = CapWriter(cap_settings(), t.regions).write(t.at(10, "o").at(0));
  const CapChecker checker({"", 109, 29, 112, 31});
  const std::vector<std::string> open{"2.49.0.1.156.0.20190610000000.1"};
  BOOST_REQUIRE(rules(checker.check(xml, open)) == "");
  pugi::xml_document doc;
  doc.load_string(xml.c_str());
  const auto info = doc.child("alert").child("info");
  const std::string polygon = info.child("area").child("polygon").text().get(), headline = info.child("headline").text().get(),
                    description = info.child("description").text().get(), expires = info.child("expires").text().get();
  const auto polygon_as = [&](const std::string& other) { return replaced(xml, polygon, other); };
  const std::vector<std::pair<std::string, std::string>> planted{
      {"time_form", replaced(xml, "2019-06-10T08:10:00+08:00", "2019-06-10T00:10:00Z")},
      {"expires", replaced(xml, "<expires>" + expires, "<expires>2019-06-10T08:10:00+08:00")},
      {"expires", replaced(xml, "<expires>" + expires + "</expires>", "")},
      {"headline_length", replaced(xml, headline, std::string(140, 'x'))},
      {"headline_description", replaced(xml, description, headline)},
      {"same_category", replaced(xml, "<category>Met</category>", "<category>Geo</category>")},
      {"same_event_code", replaced(xml, "<value>11B03", "<value>11B04")},
      {"language", replaced(xml, "zh-CN", "en-US")},
      {"geocode", replaced(xml, "<geocode>", "<other>").replace(xml.find("</geocode>") - 2, 10, "</other>")},
      {"lat_lon_order", polygon_as("110,30 110,30.1 110.1,30.1 110,30")},
      {"outside_box", polygon_as("40,110 40.1,110 40.1,110.1 40,110")},
      {"ring_open", polygon_as("30,110 30.1,110 30.1,110.1 30,110.1")},
      {"ring_points", polygon_as("30,110 30.1,110 30,110")},
      {"ring_simple", polygon_as("30,110 30.1,110.1 30.1,110 30,110.1 30,110")},
      {"polygon_form", polygon_as("30;110 30.1,110 30.1,110.1 30,110")},
      {"references", replaced(xml, "20190610000000.1,", "20190610000000.9,")},
      {"name_form", replaced(xml, "<identifier>", "<identifier>a b")},
      {"doctype", replaced(xml, "<alert ", "<!DOCTYPE alert [<!ENTITY x \"y\">]><alert ")},
      {"xml", xml.substr(0, xml.size() / 2)},
      {"size", xml + std::string(900 * 1024, ' ')},
  };
  for (const auto& [rule, text] : planted)
    BOOST_TEST(rules(checker.check(text, open)).find(rule) != std::string::npos, rule << ": found '" << rules(checker.check(text, open)) << "'");
}

BOOST_AUTO_TEST_CASE(real_messages_with_faults_are_refused_and_external_entities_stay_unread) {
  const std::string schema = schema_path();
  if (schema.empty()) return;
  const CapChecker checker({schema});
  const std::string folder = std::filesystem::path(schema).parent_path().parent_path().string();
  BOOST_TEST(rules(checker.check(read_text_file(folder + "/google/testdata/xee.cap"))).find("doctype") != std::string::npos);
  BOOST_TEST(rules(checker.check(read_text_file(folder + "/google/testdata/invalid.cap"))) != "");
  BOOST_TEST(rules(checker.check(read_text_file(folder + "/wmo/bf/invalid_schema.xml"))).find("schema") != std::string::npos);
  BOOST_TEST(rules(checker.check(read_text_file(folder + "/wmo/bf/valid.xml"))).find("schema") == std::string::npos);
  BOOST_CHECK_THROW(CapChecker({folder + "/google/testdata/xee.cap"}), Error);
}

BOOST_AUTO_TEST_CASE(holes_are_cut_out_and_no_area_is_lost) {
  const MultiPolygon ring{
      {{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}}, {{3, 3}, {3.5, 3}, {3.5, 3.5}, {3, 3.5}, {3, 3}}}}};
  const Outline o = outline({&ring}, {});
  double twice = 0;
  for (const Ring& r : o.rings) {
    BOOST_TEST((r.front().x == r.back().x && r.front().y == r.back().y));
    double part = 0;
    for (std::size_t i = 0; i + 1 < r.size(); ++i) part += r[i].x * r[i + 1].y - r[i + 1].x * r[i].y;
    twice += std::abs(part);
  }
  BOOST_TEST(twice / 2 == 16 - 1 - 0.25, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(o.rings.size() > 1U);
}

BOOST_AUTO_TEST_CASE(an_outline_keeps_to_its_number_of_points_by_stating_a_wider_tolerance) {
  Ring jagged;
  for (int i = 0; i <= 4000; ++i) jagged.push_back({i * 0.001, i % 2 * 0.003});
  jagged.push_back({4, 1});
  jagged.push_back({0, 1});
  jagged.push_back(jagged.front());
  const MultiPolygon shape{{jagged, {}}};
  const Outline o = outline({&shape}, {0.001, 1e-4, 500});
  BOOST_REQUIRE(o.rings.size() == 1U);
  BOOST_TEST(o.rings[0].size() <= 500U);
  BOOST_TEST(o.tolerance > 0.001);
}

BOOST_AUTO_TEST_CASE(bad_texts_and_senders_are_named) {
  const std::string folder = temporary_folder("texts");
  const std::string good = read_text_file("configs/texts/rainstorm.en-US.toml");
  write_file_atomically(folder + "/a.toml", replaced(good, "{regions}\"", "{region}\""));
  BOOST_CHECK_EXCEPTION(load_message_text(folder + "/a.toml"), Error, [](const Error& e) {
    return std::string(e.what()).find("{region}") != std::string::npos && e.remedy().find("{regions}") != std::string::npos;
  });
  write_file_atomically(folder + "/b.toml", replaced(good, "11B03", "11B99"));
  const Timeline t(1);
  CapSettings s = cap_settings();
  s.texts.push_back(load_message_text(folder + "/b.toml"));
  BOOST_CHECK_THROW(CapWriter(s, t.regions), Error);
  s = cap_settings();
  s.sender = "me, you";
  BOOST_CHECK_THROW(CapWriter(s, t.regions), Error);
}

BOOST_AUTO_TEST_CASE(texts_are_missed_when_a_message_is_written_and_not_before) {
  Timeline t(1);
  const Decision d = t.at(0, "r").at(0);
  CapSettings s = cap_settings();
  s.texts.clear();
  const CapWriter writer(s, t.regions);
  BOOST_CHECK_EXCEPTION(writer.write(d), Error, [](const Error& e) { return std::string(e.what()).find("no message texts") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_headline_of_long_names_stays_short) {
  Timeline t(2);
  for (Region& r : t.regions.regions) {
    r.name.clear();
    for (int i = 0; i < 100; ++i) r.name += "镇";
  }
  const auto d = t.at(0, "rr");
  const CapWriter writer(cap_settings(), t.regions);
  BOOST_TEST(rules(CapChecker({schema_path()}).check(writer.write(d.at(0)))) == "");
}

BOOST_AUTO_TEST_SUITE_END()
