#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace fs = std::filesystem;

namespace {
const std::string kOffice = "office_code = \"33020041600000\"\noffice_name = \"宁波市气象局\"\n";

// Of townships with administrative codes, as the platform needs them.
Delivery to_platform(const std::string& identifier, RunStatus status = RunStatus::actual) {
  OutgoingMessage m = *warning(identifier, status);
  m.regions = {"330205004001", "330205004002"};
  return {identifier + "|0|national|", "", std::make_shared<const OutgoingMessage>(std::move(m)), false};
}

std::string answer(const std::string& status, const std::string& identifier, const std::string& note) {
  return "<?xml version=\"1.0\"?><msg><data><rows><status>" + status + "</status><error_code/><note>" + note + "</note><identifier>" + identifier +
         "</identifier></rows></data></msg>";
}
}  // namespace
BOOST_AUTO_TEST_SUITE(national_channel)

BOOST_AUTO_TEST_CASE(a_message_is_one_file_and_its_acknowledgement_the_receipt) {
  const std::string f = temporary_folder("national");
  const auto c = channel("national", kOffice + "ack_folder = \"acks\"\n", f);
  BOOST_TEST(c->confirms());
  Delivery first = to_platform("2.49.0.1.156.0.20190610000000.1"), second = to_platform("2.49.0.1.156.0.20190610000000.2");
  const std::vector<Delivery> batch{first, second};
  const std::vector<Outcome> outcomes = c->deliver(batch);
  for (const Outcome& o : outcomes) BOOST_REQUIRE_MESSAGE(o.verdict == Verdict::accepted, o.detail);
  const std::string stem = "33020041600000_20190610080000_";
  BOOST_TEST(fs::path(outcomes[0].detail).filename().string().rfind(stem + "0_11B03_ORANGE_", 0) == 0U);
  BOOST_TEST(fs::path(outcomes[1].detail).filename().string().rfind(stem + "1_11B03_ORANGE_", 0) == 0U);
  BOOST_TEST(c->receipts().empty());
  write_file_atomically(f + "/acks/1.xml", answer("0", stem + "0", ""));
  write_file_atomically(f + "/acks/" + stem + "1.xml", answer("3", "", "no such office"));  // names its message by its file only
  write_file_atomically(f + "/acks/unknown.xml", answer("0", stem + "7", ""));
  const std::vector<Receipt> receipts = c->receipts();
  BOOST_REQUIRE(receipts.size() == 2U);
  BOOST_TEST((receipts[0].key == first.key && receipts[0].taken));
  BOOST_TEST((receipts[1].key == second.key && !receipts[1].taken));
  BOOST_TEST(receipts[1].detail == "status 3, no such office");
  BOOST_TEST(c->receipts().empty());
}

BOOST_AUTO_TEST_CASE(a_restart_finds_the_acknowledgement_that_came_meanwhile_and_writes_no_second_file) {
  const std::string f = temporary_folder("national_restart"), keys = kOffice + "ack_folder = \"acks\"\n";
  Delivery d = to_platform("2.49.0.1.156.0.20190610000000.1");
  const std::string path = channel("national", keys, f)->deliver({&d, 1})[0].detail;
  write_file_atomically(f + "/acks/a.xml", answer("0", "33020041600000_20190610080000_0", ""));
  const auto c = channel("national", keys, f);
  BOOST_TEST(c->receipts().empty());  // it does not know whose it is yet
  d.again = true;
  BOOST_TEST(c->deliver({&d, 1})[0].detail == path);
  const auto receipts = c->receipts();
  BOOST_REQUIRE(receipts.size() == 1U);
  BOOST_TEST(receipts[0].key == d.key);
}

BOOST_AUTO_TEST_CASE(what_is_no_acknowledgement_is_set_aside_with_its_reason) {
  const std::string f = temporary_folder("national_bad");
  TimePoint now = parse_time("2019-06-10T00:00:00Z");
  const auto c = channel("national", kOffice + "ack_folder = \"acks\"\n", f, [&] { return now; });
  write_file_atomically(f + "/acks/odd.xml", "<html>503</html>");
  BOOST_TEST(c->receipts().empty());
  BOOST_TEST(fs::exists(f + "/acks/odd.xml"));  // it may be on its way
  now += Seconds{60};
  BOOST_TEST(c->receipts().empty());
  BOOST_TEST(!fs::exists(f + "/acks/odd.xml"));
  BOOST_TEST(fs::exists(f + "/acks/bad/odd.xml"));
  BOOST_TEST(read_text_file(f + "/acks/bad/odd.xml.reason.txt").find("is no acknowledgement") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_that_is_written_slowly_is_read_when_it_is_whole) {
  const std::string f = temporary_folder("national_slow");
  TimePoint now = parse_time("2019-06-10T00:00:00Z");
  const auto c = channel("national", kOffice + "ack_folder = \"acks\"\n", f, [&] { return now; });
  const Delivery d = to_platform("2.49.0.1.156.0.20190610000000.1");
  c->deliver({&d, 1});
  const std::string whole = answer("0", "33020041600000_20190610080000_0", ""), path = f + "/acks/1.xml";
  // Piece by piece and not renamed into place, each later than the last by most of what an upload may rest.
  for (std::size_t end = 0; end < whole.size(); end += whole.size() / 7) {
    std::ofstream(path, std::ios::trunc) << whole.substr(0, end);
    for (int look = 0; look < 3; ++look) {
      BOOST_REQUIRE(c->receipts().empty());
      now += Seconds{18};
    }
    BOOST_REQUIRE(fs::exists(path));
  }
  std::ofstream(path, std::ios::trunc) << whole;
  const auto receipts = c->receipts();
  BOOST_REQUIRE(receipts.size() == 1U);
  BOOST_TEST(receipts[0].key == d.key);
  BOOST_TEST(receipts[0].taken);
  BOOST_TEST(!fs::exists(f + "/acks/bad"));
}

BOOST_AUTO_TEST_CASE(what_the_platform_cannot_take_is_refused_and_a_wrong_office_is_no_channel) {
  const std::string f = temporary_folder("national_refused");
  const auto c = channel("national", kOffice, f);
  BOOST_TEST(!c->confirms());
  Delivery d = to_platform("2.49.0.1.156.0.20190610000000.1", RunStatus::exercise);
  BOOST_TEST((c->deliver({&d, 1})[0].verdict == Verdict::refused));
  d = {"k", "", warning("2.49.0.1.156.0.20190610000000.1"), false};  // its regions have no administrative codes
  const Outcome o = c->deliver({&d, 1})[0];
  BOOST_TEST((o.verdict == Verdict::refused));
  BOOST_TEST(o.detail.find("no administrative code") != std::string::npos, o.detail);
  d = to_platform("2.49.0.1.156.0.20190610000000.1");
  BOOST_TEST((c->deliver({&d, 1})[0].verdict == Verdict::delivered));
  BOOST_CHECK_EXCEPTION(channel("national", "office_code = \"3302\"\noffice_name = \"x\"\n", f), Error,
                        [](const Error& e) { return std::string(e.what()).find("issuing office") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
