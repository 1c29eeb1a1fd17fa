#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>
#include <random>
#include <sstream>

#include "alerts/cap/cap_structure.h"
#include "engine/core/atomic_file.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(structure)
namespace {

std::string text_of(const pugi::xml_document& doc) {
  std::ostringstream out;
  doc.save(out, "", pugi::format_raw);
  return out.str();
}

// Changes a message in one way that a schema may or may not mind.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string change(const std::string& xml) {
    pugi::xml_document doc;
    doc.load_string(xml.c_str(), pugi::parse_full);
    for (std::size_t n = 1 + pick(2); n > 0; --n) once(doc);
    return text_of(doc);
  }

 private:
  std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  template <typename T>
  const T& any(const std::vector<T>& from) {
    return from[pick(from.size())];
  }

  void once(pugi::xml_document& doc) {
    std::vector<pugi::xml_node> nodes, leaves;
    const auto gather = [&](auto&& self, const pugi::xml_node& parent) -> void {
      for (pugi::xml_node n : parent.children()) {
        if (n.type() != pugi::node_element || std::string(n.name()).find("Signature") != std::string::npos) continue;
        nodes.push_back(n);
        if (!n.first_child() || n.first_child().type() != pugi::node_element) leaves.push_back(n);
        self(self, n);
      }
    };
    gather(gather, doc.document_element());
    if (nodes.empty() || leaves.empty()) return;
    pugi::xml_node node = any(nodes), leaf = any(leaves), parent = node.parent();
    static const std::vector<std::string> names{
        "identifier", "sender",     "sent",      "status",       "msgType",  "source",   "scope",      "restriction",  "addresses",   "code",
        "note",       "references", "incidents", "info",         "language", "category", "event",      "responseType", "urgency",     "severity",
        "certainty",  "audience",   "eventCode", "effective",    "onset",    "expires",  "senderName", "headline",     "description", "instruction",
        "web",        "contact",    "parameter", "resource",     "area",     "areaDesc", "polygon",    "circle",       "geocode",     "altitude",
        "ceiling",    "valueName",  "value",     "resourceDesc", "mimeType", "size",     "uri",        "derefUri",     "digest",      "nonsense"};
    static const std::vector<std::string> texts{"",
                                                " ",
                                                "Actual",
                                                " Actual",
                                                "actual",
                                                "Very Likely",
                                                "Likely",
                                                "Met",
                                                "AllClear",
                                                "2019-06-10T08:10:00+08:00",
                                                " 2019-06-10T08:10:00+08:00 ",
                                                "2019-06-10T08:10:00Z",
                                                "2019-06-31T08:10:00+08:00",
                                                "2019-02-29T08:10:00+08:00",
                                                "2020-02-29T24:00:00-14:00",
                                                "2019-06-10T24:00:01+08:00",
                                                "2019-06-10T08:10:60+08:00",
                                                "2019-06-10T08:10:00+14:01",
                                                "2019-06-10T08:10:00,08:00",
                                                "2019-06-10T08:10:00.5+08:00",
                                                "en",
                                                "en-",
                                                "zh-CN",
                                                "e1",
                                                "abcdefghi",
                                                "en-US-x-a1",
                                                "12",
                                                "+12",
                                                "-0",
                                                "1.5",
                                                ".5",
                                                "5.",
                                                ".",
                                                "1e3",
                                                "1 2",
                                                "http://example.org/a?b=c#d",
                                                "a b",
                                                "50%",
                                                "%41",
                                                "http://[x",
                                                "#a#b",
                                                ":x",
                                                "a:b",
                                                "//h:x/",
                                                "http://a b/c",
                                                "urn:x:<y>",
                                                "中文"};
    switch (pick(12)) {
      case 0: parent.remove_child(node); break;
      case 1: parent.insert_copy_after(node, node); break;
      case 2:
        if (pugi::xml_node next = any(nodes); next.parent() == parent) parent.insert_move_after(node, next);
        break;
      case 3: node.set_name(any(names).c_str()); break;
      case 4:
      case 5:
      case 6: leaf.text().set(any(texts).c_str()); break;
      case 7: node.append_attribute(pick(2) ? "x" : "xml:lang") = "en"; break;
      case 8: parent.append_child(pugi::node_pcdata).set_value(pick(2) ? "stray" : " \n"); break;
      case 9: parent.insert_child_before(any(names).c_str(), node).text().set(any(texts).c_str()); break;
      case 10: {
        pugi::xml_node foreign = parent.append_child("extra");
        foreign.append_attribute("xmlns") = pick(2) ? "http://www.w3.org/2000/09/xmldsig#" : "urn:other";
        break;
      }
      default: leaf.append_child(pick(2) ? pugi::node_cdata : pugi::node_comment).set_value("x"); break;
    }
  }

  std::mt19937 random_;
};

std::vector<std::string> seeds() {
  Timeline t(3);
  t.at(0, "y..");
  std::vector<std::string> all{CapWriter(cap_settings(), t.regions).write(t.at(10, "o..").at(0))};
  const std::string data = real_data();
  for (const char* f :
       {"google/testdata/australia.cap", "kweathercore/tsunami.xml", "kweathercore/dwd-update.xml", "google/testdata/canada.cap", "wmo/sc/no_signature.xml"}) {
    if (!data.empty()) all.push_back(read_text_file(data + "/cap/" + f));
  }
  return all;
}
}  // namespace

BOOST_AUTO_TEST_CASE(our_table_and_the_schema_agree_on_thousands_of_broken_messages) {
  if (schema_path().empty()) return;
  CapCheckOptions options = CapCheckOptions::plain();
  options.schema_path = schema_path();
  const CapChecker checker(options);
  // What reading finds beyond form; an empty polygon is one of them, so the forms are told by place.
  const auto of_form = [](const CapFault& f) {
    for (const char* r :
         {"element_", "time_form", "enumeration", "number_form", "language_form", "uri_form", "stray_text", "attribute", "polygon_after_geocode"}) {
      if (f.rule.rfind(r, 0) == 0) return true;
    }
    return f.rule == "empty_element" && f.detail.rfind("alert", 0) == 0;
  };
  Mutator mutator(20190610);
  const std::vector<std::string> from = seeds();
  int invalid = 0, valid = 0;
  for (int k = 0; k < 6000; ++k) {
    const std::string xml = mutator.change(from[static_cast<std::size_t>(k) % from.size()]);
    const auto faults = checker.check(xml);
    bool schema = false, table = false, xml_broken = false;
    std::string said;
    for (const CapFault& f : faults) {
      schema = schema || f.rule == "schema";
      table = table || of_form(f);
      xml_broken = xml_broken || f.rule == "xml";
      said += f.rule + ": " + f.detail + "\n";
    }
    if (xml_broken) continue;
    BOOST_TEST(schema == table, "message " << k << ":\n" << said << xml.substr(0, 3000));
    ++(schema ? invalid : valid);
  }
  BOOST_TEST_MESSAGE(invalid << " invalid and " << valid << " valid messages");
  BOOST_TEST(invalid > 1000);
  BOOST_TEST(valid > 500);
}

BOOST_AUTO_TEST_CASE(each_kind_of_fault_has_its_name_and_its_place) {
  Timeline t(1);
  const std::string xml = CapWriter(cap_settings(), t.regions).write(t.at(0, "y").at(0));
  const CapChecker checker(CapCheckOptions::plain());
  BOOST_REQUIRE(rules(checker.check(xml)) == "");
  const std::vector<std::array<std::string, 4>> planted{
      {"<scope>Public</scope>", "", "element_missing", "alert: scope"},
      {"<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>", "element_repeated", "alert: scope"},
      {"<scope>Public</scope>", "<scope>public</scope>", "enumeration", "'public'"},
      {"<scope>Public</scope>", "<scope/>", "empty_element", "alert/scope"},
      {"<scope>Public</scope>", "<scope>Public</scope><source>x</source>", "element_order", "source stands after scope"},
      {"<scope>Public</scope>", "<scope>Public</scope><thing/>", "element_unknown", "thing"},
      {"<scope>Public</scope>", "<scope kind=\"x\">Public</scope>", "attribute", "kind"},
      {"<scope>Public</scope>", "hello<scope>Public</scope>", "stray_text", "alert"},
      {"<language>zh-CN", "<language>Chinese language", "language_form", "info[1]/language"},
      {"<area>", "<area xmlns:a=\"urn:a\"><a:areaDesc/>", "element_unknown", "another namespace"},
      {"</geocode>", "</geocode><polygon>1,1 1,2 2,2 1,1</polygon>", "polygon_after_geocode", "area[1]"},
      {"</geocode>", "</geocode><altitude>high</altitude>", "number_form", "altitude"},
      {"</geocode>", "</geocode><ceiling>5</ceiling>", "ceiling", "without altitude"},
      {"<geocode>", "<circle>30,110</circle><geocode>", "circle_form", "lat,lon radius"},
      {"<geocode>", "<circle>30,200 5</circle><geocode>", "coordinates", "not on Earth"},
      {"<scope>Public</scope>", "<scope>Private</scope>", "addresses", ""},
      {"<scope>Public</scope>", "<scope>Restricted</scope>", "restriction", ""},
      {"<msgType>Alert", "<msgType>Ack", "references", "Ack without"},
      {"cap:1.2", "cap:1.0", "old_version", "1.0"},
      {"cap:1.2", "cap:9", "foreign_namespace", "cap:9"},
      {"<scope>Public</scope>", "<scope>Public</scope><references>a,b</references>", "references", "'a,b'"},
  };
  for (const auto& [from, to, rule, detail] : planted) {
    const auto faults = checker.check(replaced(xml, from, to));
    bool found = false;
    for (const CapFault& f : faults) found = found || (f.rule == rule && f.detail.find(detail) != std::string::npos);
    BOOST_TEST(found, rule << " was not found, but " << rules(faults) << (faults.empty() ? "" : ": " + faults[0].detail));
  }
}

BOOST_AUTO_TEST_CASE(polygons_written_carelessly_are_read_and_named) {
  Timeline t(1);
  const std::string xml = CapWriter(cap_settings(), t.regions).write(t.at(0, "y").at(0));
  const std::string polygon = read_cap(xml).message.infos.at(0).areas.at(0).polygons.at(0).text;
  const auto reading = [&](const std::string& text) { return read_cap(replaced(xml, polygon, text)); };
  const auto first = [&](const std::string& text) { return reading(text).message.infos.at(0).areas.at(0).polygons; };
  BOOST_TEST(rules(reading("30,110 30.1,110 30.1,110.1").deviations) == "ring_open");
  BOOST_TEST(first("30,110 30.1,110 30.1,110.1").at(0).ring.size() == 4U);
  for (const char* spaced : {"30, 110 30.1, 110 30.1, 110.1 30, 110", "30,110, 30.1,110, 30.1,110.1, 30,110", "30 ,110 30.1 ,110 30.1 ,110.1 30 ,110"}) {
    BOOST_TEST(rules(reading(spaced).deviations) == "polygon_spacing", spaced);
    BOOST_REQUIRE(first(spaced).size() == 1U);
    BOOST_TEST(first(spaced)[0].ring[2].y == 30.1);
  }
  BOOST_TEST(rules(reading("30,110 30.1,110 30,110").deviations) == "ring_points");
  BOOST_TEST(first("30,110 30.1,110 30,110").empty());
  BOOST_TEST(rules(reading("110,30 110,30.1 110.1,30.1 110,30").deviations) == "lat_lon_order");
  BOOST_TEST(rules(reading("30,110 x,110 30.1,110.1 30,110").deviations) == "polygon_form");
  BOOST_TEST(rules(reading("nan,110 inf,110 30.1,110.1 30,110").deviations) == "polygon_form");
}

BOOST_AUTO_TEST_SUITE_END()
