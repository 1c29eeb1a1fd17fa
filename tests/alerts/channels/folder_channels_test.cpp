#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <sstream>

#include "alerts/channels/spool.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace fs = std::filesystem;

namespace {
// A message that has not run out yet, whatever the day is.
std::shared_ptr<const OutgoingMessage> open_warning(const std::string& identifier, TimePoint expires) {
  auto m = std::make_shared<OutgoingMessage>(*warning(identifier));
  pugi::xml_document d;
  d.load_string(m->xml.c_str());
  for (pugi::xml_node info : d.child("alert").children("info")) info.child("expires").text().set(to_iso_offset(expires, 480).c_str());
  std::ostringstream out;
  d.save(out);
  m->xml = out.str();
  m->expires = expires;
  return m;
}
TimePoint now() { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); }
std::vector<std::string> linked(const std::string& feed) {
  pugi::xml_document d;
  BOOST_REQUIRE(d.load_file(feed.c_str()));
  std::vector<std::string> links;
  for (const pugi::xml_node entry : d.child("feed").children("entry")) links.emplace_back(entry.child("link").attribute("href").value());
  std::sort(links.begin(), links.end());
  return links;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(folder_channels)

BOOST_AUTO_TEST_CASE(the_spool_holds_the_exact_bytes_once_and_never_edits_them) {
  const std::string f = temporary_folder("spool");
  const auto c = channel("spool", "folder = \"s\"\n", f);
  const auto batch = deliveries({"2.49.1", "2.49.2"});
  for (int again = 0; again < 2; ++again) {
    for (const Outcome& o : c->deliver(batch)) BOOST_TEST((o.verdict == Verdict::delivered), o.detail);
  }
  BOOST_TEST(read_text_file(f + "/s/2.49.2.xml") == batch[1].message->xml);
  BOOST_TEST(std::distance(fs::directory_iterator(f + "/s"), fs::directory_iterator()) == 2);  // nothing unfinished lies about
  auto other = std::make_shared<OutgoingMessage>(*batch[0].message);
  other->xml += "\n";
  const Delivery edited{"k", "", other, false};
  BOOST_TEST((c->deliver({&edited, 1})[0].verdict == Verdict::refused));
  BOOST_TEST(read_text_file(f + "/s/2.49.1.xml") == batch[0].message->xml);
}

BOOST_AUTO_TEST_CASE(identifiers_cannot_leave_the_folder) {
  const std::string f = temporary_folder("spool_names");
  const auto c = channel("spool", "folder = \"s\"\n", f);
  for (const std::string& name :
       {std::string("../out"), std::string("/tmp/x"), std::string(".hidden"), std::string(""), std::string(300, 'a'), std::string("feed")}) {
    auto m = std::make_shared<OutgoingMessage>(*warning("1"));
    m->identifier = name;
    const Delivery d{"k", "", m, false};
    BOOST_TEST_CONTEXT(name)
    BOOST_TEST((c->deliver({&d, 1})[0].verdict == Verdict::refused));
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_tried_again) {
  const std::string f = temporary_folder("spool_away");
  const auto c = channel("spool", "folder = \"s\"\n", f);
  fs::remove_all(f + "/s");
  write_file_atomically(f + "/s", "a file in the folder's place");
  BOOST_TEST((c->deliver(deliveries({"1"}))[0].verdict == Verdict::retry));
  fs::remove(f + "/s");
  BOOST_TEST((c->deliver(deliveries({"1"}))[0].verdict == Verdict::delivered));
}

BOOST_AUTO_TEST_CASE(the_feed_links_what_has_not_run_out) {
  const std::string f = temporary_folder("feed");
  const auto c = channel("feed", "folder = \"w\"\nbase_url = \"https://alerts.example.org/cap\"\n", f);
  const Delivery batch[] = {{"a", "", open_warning("2.49.1", now() + std::chrono::hours(2)), false},
                            {"b", "", open_warning("2.49.2", now() + std::chrono::seconds(2)), false},
                            {"c", "", warning("2.49.3"), false}};  // of 2019
  for (const Outcome& o : c->deliver(batch)) BOOST_TEST((o.verdict == Verdict::delivered), o.detail);
  const std::string base = "https://alerts.example.org/cap/";
  BOOST_TEST(linked(f + "/w/feed.xml") == (std::vector<std::string>{base + "2.49.1.xml", base + "2.49.2.xml"}), boost::test_tools::per_element());
  // What runs out leaves the feed without a new message.
  BOOST_TEST(wait_until([&] {
    c->receipts();
    return linked(f + "/w/feed.xml") == std::vector<std::string>{base + "2.49.1.xml"};
  }));
}

BOOST_AUTO_TEST_CASE(ten_thousand_files_do_not_slow_a_delivery_down) {
  const std::string f = temporary_folder("feed_many");
  fs::create_directories(f + "/w");
  const std::string old = warning("2.49.0")->xml;
  for (int k = 0; k < 10000; ++k) {
    std::ofstream(f + "/w/old." + std::to_string(k) + ".xml") << old;
  }
  const auto c = channel("feed", "folder = \"w\"\n", f);
  c->deliver(deliveries({"first"}));  // reads the folder once
  const auto start = std::chrono::steady_clock::now();
  for (int k = 0; k < 10; ++k) BOOST_TEST((c->deliver(deliveries({"2.49." + std::to_string(k)}))[0].verdict == Verdict::delivered));
  const double each = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 10;
  BOOST_TEST_MESSAGE("feed beside 10,000 files: " << each * 1000 << " ms a batch");
  BOOST_TEST(each < 0.3);
}

BOOST_AUTO_TEST_SUITE_END()
