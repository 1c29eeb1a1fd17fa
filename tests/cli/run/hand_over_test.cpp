#include "cli/run/hand_over.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "alerts/dispatch/served.h"
#include "cli/run/cycle.h"
#include "engine/core/atomic_file.h"
#include "engine/core/file_lock.h"
#include "tests/cli/run/small_case.h"

using namespace guyu;
using namespace guyu::cli;
using guyu::test::SmallCase;
namespace fs = std::filesystem;

namespace {
const TimePoint kHour = parse_time("2024-07-01T01:00:00Z");

std::size_t files_in(const std::string& folder) {
  if (!fs::is_directory(folder)) return 0;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}
WriterOptions options(const SmallCase& c, std::chrono::seconds wait) {
  return {AlertFolder{c.out + "/alerts"}, "", c.out, [] { return kHour; }, wait, Seconds{5}};
}
}  // namespace

BOOST_AUTO_TEST_SUITE(hand_over)

BOOST_AUTO_TEST_CASE(while_the_daemon_is_away_a_run_warns_by_the_channels_of_the_daemon) {
  const SmallCase c("hand_over_served");
  c.frames(parse_time("2024-07-01T00:00:00Z"), kHour, 40);
  write_file_atomically(c.data + "/county.toml", "[[spool]]\nname = \"county\"\nfolder = \"for_the_county\"\naccept = [\"actual\", \"exercise\", \"test\"]\n");
  const AlertFolder folder{c.out + "/alerts"};
  folder.make();
  mark_served(folder, {c.data + "/county.toml", c.out});
  const CycleResult result = run_cycle({c.config(), c.data, c.out, kHour, "", "", {}});
  BOOST_REQUIRE(result.report.alerts.size() == 1U);
  BOOST_TEST(fs::exists(c.out + "/for_the_county/" + result.report.alerts[0].identifier + ".xml"));
  BOOST_TEST(files_in(c.out + "/cap") == 0U);
}

// The writer's answer leaves off what is beyond two thousand messages.
BOOST_AUTO_TEST_CASE(a_run_reports_each_of_very_many_messages) {
  const SmallCase c("hand_over_many");
  c.frames(parse_time("2024-07-01T00:00:00Z"), kHour, 40);
  nlohmann::json towns{{"type", "FeatureCollection"}, {"features", nlohmann::json::array()}};
  for (int k = 0; k < 2100; ++k) {
    const double x = 110.1 + k % 30 * 0.01, y = 30.1 + k / 30 * 0.01;
    const std::vector<std::vector<double>> ring{{x, y}, {x + 0.01, y}, {x + 0.01, y + 0.01}, {x, y + 0.01}, {x, y}};
    towns["features"].push_back({{"type", "Feature"},
                                 {"properties", {{"code", fmt::format("11{:010}", k)}, {"name", fmt::format("town {}", k)}, {"county", "county"}}},
                                 {"geometry", {{"type", "Polygon"}, {"coordinates", {ring}}}}});
  }
  write_file_atomically(c.data + "/towns.geojson", towns.dump());
  std::string text = read_text_file(c.config());
  text.replace(text.find("[alerts]\n"), 9, "[alerts]\ngroup_cap = 1\n");
  write_file_atomically(c.config(), text);
  const CycleResult result = run_cycle({c.config(), c.data, c.out, kHour, "", "", {}});
  BOOST_TEST(result.report.alerts.size() == 2100U);
  BOOST_TEST(result.report.decisions.size() == 2100U);
  std::set<std::string> regions;
  std::size_t files = 0;
  for (const auto& a : result.report.alerts) {
    BOOST_REQUIRE(a.regions.size() == 1U);
    regions.insert(a.regions.front());
    BOOST_TEST(a.message_type == "Alert");
    BOOST_TEST(a.state == "approved");
    files += fs::exists(c.out + "/cap/" + a.identifier + ".xml");
  }
  BOOST_TEST(regions.size() == 2100U);
  const auto& products = result.report.products;
  BOOST_TEST(files > 0U);
  BOOST_TEST(static_cast<std::size_t>(std::count_if(products.begin(), products.end(), [](const std::string& p) { return p.rfind("cap/", 0) == 0; })) == files);
  for (const DeskLine& l : result.alerts.lines) BOOST_TEST(!l.headline.empty());
}

BOOST_AUTO_TEST_CASE(what_only_the_daemon_can_send_waits_for_it_and_the_run_says_so) {
  const SmallCase c("hand_over_waits");
  c.frames(parse_time("2024-07-01T00:00:00Z"), kHour, 40);
  std::string text = read_text_file(c.config());
  text.replace(text.find("[alerts]\n"), 9, "[alerts]\nanswer_wait = \"0 s\"\n");
  write_file_atomically(c.config(), text);
  const AlertFolder folder{c.out + "/alerts"};
  folder.make();
  mark_served(folder, {c.data + "/not_for_you.toml", c.out});
  const CycleResult result = run_cycle({c.config(), c.data, c.out, kHour, "", "", {}});
  BOOST_TEST(result.report.alerts.empty());
  BOOST_TEST(waiting_items(folder).size() == 1U);
  const auto& degraded = result.report.degraded;
  BOOST_TEST(
      std::any_of(degraded.begin(), degraded.end(), [](const std::string& d) { return d.find("guyu dispatch has not decided yet") != std::string::npos; }));
  // The station can be read again: the next to come does both.
  write_file_atomically(c.data + "/not_for_you.toml",
                        "[[spool]]\nname = \"county\"\nfolder = \"for_the_county\"\naccept = [\"actual\", \"exercise\", \"test\"]\n");
  const WriterResult next = have_done("command", "{}", options(c, Seconds{0}));
  BOOST_REQUIRE(next.answer);
  BOOST_TEST(!next.answer->error.empty());  // no command at all
  BOOST_TEST(waiting_items(folder).empty());
  BOOST_TEST(files_in(c.out + "/for_the_county") > 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_from_before_a_kill_does_not_leave_its_messages_unsent) {
  const SmallCase c("hand_over_killed");
  c.frames(parse_time("2024-07-01T00:00:00Z"), kHour, 40);
  write_file_atomically(c.data + "/county.toml", "[[spool]]\nname = \"county\"\nfolder = \"for_the_county\"\naccept = [\"actual\", \"exercise\", \"test\"]\n");
  const AlertFolder folder{c.out + "/alerts"};
  folder.make();
  mark_served(folder, {c.data + "/county.toml", c.out});
  const std::string spool = c.out + "/for_the_county";
  write_file_atomically(spool, "a file where the folder should be: nothing can be sent");
  BOOST_REQUIRE(run_cycle({c.config(), c.data, c.out, kHour, "", "", {}}).report.alerts.size() == 1U);
  fs::remove(spool);
  // As a killed run leaves it: decided and answered, not sent.
  const std::string item = put_item(folder, "command", "{}");
  answer_item(folder, item, to_json(DeskAnswer{}));
  WriterOptions again = options(c, Seconds{0});
  again.clock = [] { return kHour + std::chrono::minutes(10); };
  again.item = item;
  BOOST_TEST(have_done("command", "{}", again).answer.has_value());
  BOOST_TEST(waiting_items(folder).empty());
  BOOST_TEST(files_in(spool) > 0U);
}

BOOST_AUTO_TEST_CASE(an_item_is_left_to_the_writer_there_is) {
  const SmallCase c("hand_over_busy");
  const AlertFolder folder{c.out + "/alerts"};
  folder.make();
  const auto other = FileLock::try_take(folder.lock());
  BOOST_REQUIRE(other);
  const WriterResult result = have_done("command", "{}", options(c, Seconds{0}));
  BOOST_TEST(!result.answer);
  BOOST_TEST(waiting_items(folder).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
