#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "alerts/cap/cap_verdict.h"
#include "engine/core/atomic_file.h"
#include "tests/alerts/cap/messages.h"

// Real and deliberately broken messages of five sources. What each one is was decided by hand, from what the XML schema says, what its
// maker says (file name, comments), and the standard's text where the schema is silent.
using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(corpus)
namespace {

struct Truth {
  const char* file;
  std::set<std::string> strict;  // rules that refuse it; empty: valid CAP 1.2
  bool lenient;                  // can be used all the same
};

const std::vector<Truth>& truths() {
  static const std::vector<Truth> all{
      {"google/testdata/australia.cap", {}, true},
      {"google/testdata/canada.cap", {}, true},
      {"google/testdata/canada_errors.cap", {"references"}, true},  // its comment says so: an Update of nothing
      {"google/testdata/canada_signed.cap", {}, true},              // two signatures with SHA-1: they prove nothing
      {"google/testdata/earthquake-iso8859-1.cap", {}, true},
      {"google/testdata/earthquake.cap", {"old_version"}, true},
      {"google/testdata/earthquake_signed.cap", {"old_version"}, true},
      {"google/testdata/invalid.cap", {"element_missing"}, true},  // no scope
      {"google/testdata/no_optional_fields.cap", {"old_version"}, true},
      {"google/testdata/noaa_errors.cap", {"old_version", "empty_element", "polygon_spacing"}, true},
      {"google/testdata/wcatwc-warning.cap", {}, true},
      {"google/testdata/weather.cap", {"old_version"}, true},
      {"google/testdata/xee.cap", {"doctype"}, false},
      {"google/testdata/amber.atom", {"old_version"}, true},
      {"google/testdata/canada_signed.atom", {}, true},
      {"google/testdata/earthquake_index.atom", {"no_cap_message"}, false},
      {"google/testdata/empty_weather_index.atom", {"no_cap_message"}, false},
      {"google/testdata/invalid_element.atom", {"no_cap_message"}, false},
      {"google/testdata/no_entries.atom", {"no_cap_message"}, false},  // its comment: an alert outside the entries is foreign markup
      {"google/testdata/no_id.atom", {"no_cap_message"}, false},
      {"google/testdata/no_link.atom", {"no_cap_message"}, false},
      {"google/testdata/no_title.atom", {"no_cap_message"}, false},
      {"google/testdata/weather.atom", {"old_version"}, true},
      {"google/testdata/weather_index.atom", {"no_cap_message"}, false},
      {"google/testdata/weather_invalid.atom", {"old_version", "name_form"}, true},  // identifier with comma and blank
      {"google/testdata/xee.atom", {"doctype"}, false},
      {"google/testdata/invalid.rss", {"no_cap_message"}, false},
      {"google/testdata/ny_index.rss", {"no_cap_message"}, false},
      {"google/testdata/bushfire_valid.edxlde", {}, true},
      {"google/testdata/bushfire_invalid.edxlde", {"element_missing", "enumeration"}, false},  // its second alert lacks the head, its third has urgency Foobar
      {"kweathercore/dwd-update.xml", {"ring_points"}, true},  // the schema lets it pass; the standard: at least 4 pairs MUST be there
      {"kweathercore/il-488abaaf-cad5-4d2b-93b2-703016878453.xml", {"empty_element"}, true},  // <polygon/>, likewise
      {"kweathercore/mo-cap_monsoon.xml", {}, true},
      {"kweathercore/multi-area.xml", {}, true},
      {"kweathercore/polygon-trailing-space.xml", {}, true},
      {"kweathercore/rs-2.49.0.0.688.0.20250817210003.457535.xml", {"polygon_after_geocode"}, true},
      {"kweathercore/thunderstorm.xml", {"element_order"}, true},  // value before valueName
      {"kweathercore/tsunami.xml", {}, true},                      // DSA with SHA-1: proves nothing
      {"capcp/1example_CAPCP_No_Attachment.xml", {}, true},
      {"capcp/2016_03_01T07_54_04_04_00IC0B0D06C_882E_1195_7170_24D9BF99FAD9.xml", {}, true},
      {"capcp/2019-01-01T00_04_07_02Iurn3oid32.49.0.1.124.0322195743.2019_001.xml", {}, true},
      {"capcp/2example_CAPCP_with_Embedded_Large_Audio_File.xml", {}, true},
      {"capcp/4example_CAPCP_with_External_Large_Audio_File.xml", {}, true},
      {"capcp/NWS-IDP-PROD-3296165-2882593.xml", {}, true},
      {"wis2box/cap_example.xml", {}, true},
      {"wis2box/sc_example.xml", {}, true},
      {"wmo/sc/invalid_schema.xml", {"no_cap_message"}, false},  // it is the schema itself
      {"wmo/bf/invalid_schema.xml", {"element_missing", "signature"}, false},
      {"wmo/tg/invalid_schema.xml", {"element_missing", "signature"}, false},
  };
  return all;
}

std::string folder() { return real_data().empty() ? std::string() : real_data() + "/cap/"; }

std::set<std::string> refusals(const CapVerdict& v) {
  std::set<std::string> rules;
  for (const CapFinding& f : v.findings) {
    if (f.kind == CapFinding::Kind::fault || f.kind == CapFinding::Kind::profile) rules.insert(f.rule);
  }
  return rules;
}
std::string told(const CapVerdict& v) {
  std::string all;
  for (const CapFinding& f : v.findings) all += f.rule + ": " + f.detail + "\n";
  return all;
}
}  // namespace

BOOST_AUTO_TEST_CASE(every_file_is_judged_as_it_is_with_the_reasons_named) {
  if (folder().empty()) return;
  CapJudgeOptions options;
  const CapJudge strict(options);
  options.lenient = true;
  const CapJudge lenient(options);
  for (const Truth& t : truths()) {
    const CapVerdict s = strict.judge_file(folder() + t.file), l = lenient.judge_file(folder() + t.file);
    BOOST_TEST(refusals(s) == t.strict, t.file << "\n" << told(s));
    BOOST_TEST(s.valid == t.strict.empty(), t.file);
    BOOST_TEST(l.valid == t.lenient, t.file << " leniently\n" << told(l));
  }
  for (const char* who : {"bf", "sc", "tg"}) {
    const std::string in = folder() + "wmo/" + who + "/";
    for (const char* good : {"valid", "no_signature"}) BOOST_TEST(strict.judge_file(in + good + ".xml").valid, in << good);
    for (const auto& [bad, part] :
         {std::pair{"invalid_digest", "DigestValue"}, std::pair{"invalid_signature", "SignatureValue"}, std::pair{"invalid_certificate", "X509Certificate"}}) {
      const CapVerdict v = strict.judge_file(in + bad + ".xml");
      BOOST_TEST(refusals(v) == std::set<std::string>{"signature"}, in << bad);
      BOOST_TEST(told(v).find(part) != std::string::npos, in << bad << "\n" << told(v));  // the reason names the part that is broken
      BOOST_TEST(!lenient.judge_file(in + bad + ".xml").valid, in << bad << ": tampering is no deviation");
    }
  }
}

BOOST_AUTO_TEST_CASE(no_file_of_the_corpus_was_forgotten) {
  if (folder().empty()) return;
  std::set<std::string> known;
  for (const Truth& t : truths()) known.insert(folder() + t.file);
  for (const char* source : {"google/testdata", "kweathercore", "capcp", "wis2box", "wmo"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder() + source)) {
      const std::string path = file.path().string();
      if (!file.is_regular_file() || file.path().extension() == ".pem" || path.find("/wmo/") != std::string::npos) continue;
      BOOST_TEST(known.count(path) == 1U, path);
    }
  }
}

BOOST_AUTO_TEST_CASE(our_table_and_the_schema_agree_on_every_file) {
  if (folder().empty()) return;
  CapJudgeOptions options;
  options.check.schema_path = schema_path();
  const CapJudge judge(options);
  const std::set<std::string> beyond{"references", "ring_points", "empty_element", "signature", "name_form", "schema"};  // what a schema cannot see
  for (const Truth& t : truths()) {
    if (t.strict.count("old_version") || t.strict.count("doctype") || t.strict.count("no_cap_message")) continue;
    std::set<std::string> found = refusals(judge.judge_file(folder() + t.file));
    const bool schema = found.count("schema") > 0;
    for (const std::string& b : beyond) found.erase(b);
    BOOST_TEST(schema == !found.empty(), t.file);
  }
}

BOOST_AUTO_TEST_CASE(a_valid_signature_still_counts_for_nothing_under_another_authority) {
  if (folder().empty()) return;
  CapJudgeOptions options;
  options.ca_pem = read_text_file(folder() + "google/testdata/naads_x509_cert.pem");
  options.at = parse_time("2024-07-20T00:00:00Z");
  const CapJudge judge(options);
  BOOST_TEST(refusals(judge.judge_file(folder() + "wmo/sc/valid.xml")).count("signature") == 1U);
  BOOST_TEST(refusals(judge.judge_file(folder() + "wmo/sc/no_signature.xml")).count("signature") == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_read_leniently_is_what_stands_there) {
  if (folder().empty()) return;
  const CapReading serbia = read_cap(read_text_file(folder() + "kweathercore/rs-2.49.0.0.688.0.20250817210003.457535.xml"));
  BOOST_REQUIRE(serbia.unreadable.empty());
  BOOST_TEST(serbia.message.infos.size() == 3U);
  BOOST_TEST(serbia.message.infos[0].areas[0].polygons.size() == 1U);
  BOOST_TEST(serbia.message.references.size() == 1U);
  const CapReading noaa = read_cap(read_text_file(folder() + "google/testdata/noaa_errors.cap"));
  BOOST_REQUIRE(noaa.message.infos.size() == 1U);
  const CapArea& area = noaa.message.infos[0].areas.at(0);
  BOOST_REQUIRE(area.polygons.size() == 1U);  // the empty one is left out
  BOOST_TEST(area.polygons[0].ring.size() == 9U);
  BOOST_TEST(area.polygons[0].ring[6].y == 40.85);
  BOOST_TEST(area.polygons[0].ring[6].x == -118.09);
  BOOST_TEST(area.geocodes.at(1).value == "NVC013");
  const CapReading quake = read_cap(read_text_file(folder() + "google/testdata/earthquake.cap"));
  BOOST_TEST(quake.message.version == "1.1");
  BOOST_TEST(quake.message.infos.at(0).areas.at(0).circles.at(0).centre.x == -173.274);
  BOOST_TEST(to_iso(*quake.message.sent) == "2010-08-31T05:09:25Z");
}

BOOST_AUTO_TEST_SUITE_END()
