#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <pugixml.hpp>

#include "alerts/dispatch/alert_desk.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
namespace fs = std::filesystem;
BOOST_AUTO_TEST_SUITE(alert_desk)

namespace {
std::vector<std::string> feed_titles(const std::string& path) {
  pugi::xml_document doc;
  BOOST_REQUIRE(doc.load_file(path.c_str()));
  std::vector<std::string> titles;
  for (const auto& entry : doc.child("feed").children("entry")) {
    titles.push_back(entry.child("title").text().get());
    BOOST_TEST(fs::exists(fs::path(path).parent_path() / entry.child("link").attribute("href").value()));
  }
  return titles;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_spooled_message_is_never_edited) {
  Spool spool(temporary_folder("spool"));
  const std::string path = spool.publish("1.2.3", "<a/>");
  BOOST_TEST(read_text_file(path) == "<a/>");
  BOOST_TEST(spool.publish("1.2.3", "<a/>") == path);
  BOOST_CHECK_THROW(spool.publish("1.2.3", "<b/>"), Error);
  for (const char* bad : {"", "../x", "a/b", ".x", "feed"}) BOOST_CHECK_THROW(spool.publish(bad, "<a/>"), Error);
  BOOST_TEST(read_text_file(path) == "<a/>");
  spool.write_feed(parse_time("2019-06-10T00:00:00Z"));
  BOOST_TEST(spool.problems().size() == 1U);
}

BOOST_AUTO_TEST_CASE(cycles_through_restarts_leave_one_file_per_message_and_a_feed_of_the_open_ones) {
  const std::string folder = temporary_folder("desk");
  Timeline t(4);
  std::size_t messages = 0;
  int minute = 0;
  for (const char* letters : {"yy..", "oo..", "oo.b", "oo.b", "????", "oo.b"}) {
    AlertDesk desk({}, cap_settings(), {schema_path()}, folder);  // every cycle is a new process
    const TimePoint now = t.start + std::chrono::minutes(minute);
    const DeskResult r = desk.run(Timeline::table(letters, now), t.regions, now);
    BOOST_TEST(r.warnings.empty());
    messages += r.files.size();
    minute += 10;
  }
  BOOST_TEST(messages == 3U);
  const auto titles = feed_titles(folder + "/cap/feed.xml");
  BOOST_TEST(titles.size() == 3U);
  AlertDesk desk({}, cap_settings(), {}, folder);
  const TimePoint late = t.start + std::chrono::hours(20);
  desk.run(Timeline::table("....", late), t.regions, late);
  BOOST_TEST(feed_titles(folder + "/cap/feed.xml").empty());
  for (const auto& entry : fs::recursive_directory_iterator(folder)) BOOST_TEST(entry.path().string().find(".tmp") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(messages_saved_but_not_spooled_go_out_in_the_next_run) {
  const std::string folder = temporary_folder("crash");
  Timeline t(2);
  AlertBook book;
  const auto d = book.step(Timeline::table("yy", t.start), t.regions, t.start);
  const std::string xml = CapWriter(cap_settings(), t.regions).write(d.at(0));
  BookStore(folder + "/alert_book.json").save(book, {{d[0].identifier, xml}});  // and then the process died
  AlertDesk desk({}, cap_settings(), {}, folder);
  const TimePoint now = t.start + std::chrono::minutes(10);
  const DeskResult r = desk.run(Timeline::table("yy", now), t.regions, now);
  BOOST_REQUIRE(r.files.size() == 1U);
  BOOST_TEST(read_text_file(r.files[0]) == xml);
  BOOST_TEST(BookStore(folder + "/alert_book.json").load({}).pending.empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_book_is_refused_not_replaced) {
  const std::string folder = temporary_folder("damaged");
  write_file_atomically(folder + "/alert_book.json", "{\"book\": ");
  BOOST_CHECK_THROW(AlertDesk({}, cap_settings(), {}, folder), Error);
}

BOOST_AUTO_TEST_SUITE_END()
