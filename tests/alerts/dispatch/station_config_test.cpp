#include "alerts/dispatch/station_config.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "alerts/channels/registry.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;

namespace {
StationConfig station(const std::string& text, const std::string& name = "station_config") {
  const std::string folder = temporary_folder(name);
  write_file_atomically(folder + "/station.toml", text);
  return load_station(folder + "/station.toml", folder + "/out");
}
void says(const std::string& text, const std::vector<std::string>& parts) {
  BOOST_CHECK_EXCEPTION(station(text), Error, [&](const Error& e) {
    for (const std::string& part : parts) BOOST_TEST(std::string(e.what()).find(part) != std::string::npos, "\"" << part << "\" in: " << e.what());
    return true;
  });
}
}  // namespace
BOOST_AUTO_TEST_SUITE(station_config)

BOOST_AUTO_TEST_CASE(the_shipped_station_shows_each_kind_of_channel) {
  const StationConfig s = load_station("configs/stations/county.toml", "out");
  std::set<std::string> kinds;
  for (const ChannelConfig& c : s.channels) kinds.insert(c.kind);
  for (const ChannelKind& k : channel_kinds()) BOOST_TEST(kinds.count(k.spec.name) == 1U, k.spec.name);
}

BOOST_AUTO_TEST_CASE(what_is_not_said_is_safe) {
  const StationConfig s = station("[[spool]]\nname = \"files\"\n");
  BOOST_REQUIRE(s.channels.size() == 1U);
  const ChannelConfig& c = s.channels[0];
  BOOST_TEST(!s.approval.review);
  BOOST_TEST((c.route.statuses == std::vector<std::string>{"actual"}));  // an exercise does not reach the public
  BOOST_TEST(c.route.hazards.empty());
  BOOST_TEST((c.route.min_level == Level::blue));
  BOOST_TEST(!c.route.quiet.has_value());
  BOOST_TEST(s.heartbeat_missed.count() > 0);
  BOOST_TEST(s.undelivered_alarm.count() > 0);
}

BOOST_AUTO_TEST_CASE(files_of_keys_lie_beside_the_configuration) {
  const StationConfig s = station("[signing]\nkey = \"k.pem\"\ncertificate = \"/etc/c.pem\"\n[[spool]]\nname = \"a\"\n", "station_keys");
  BOOST_TEST(s.key.find("station_keys") != std::string::npos);
  BOOST_TEST(s.certificate == "/etc/c.pem");
  says("[signing]\nkey = \"k.pem\"\n[[spool]]\nname = \"a\"\n", {"belong together"});
}

BOOST_AUTO_TEST_CASE(quiet_hours_levels_and_paces_are_read) {
  const ChannelConfig c = station(
                              "[[spool]]\nname = \"a\"\nquiet_hours = \"22:30-06:00\"\nquiet_below = \"Red\"\nmin_level = \"Yellow\"\nrate_per_minute = "
                              "30\nrepeat_every = \"15 min\"\n")
                              .channels[0];
  BOOST_REQUIRE(c.route.quiet.has_value());
  BOOST_TEST(c.route.quiet->first == 22 * 60 + 30);
  BOOST_TEST(c.route.quiet->second == 6 * 60);
  BOOST_TEST((c.route.quiet_below == Level::red));
  BOOST_TEST((c.route.min_level == Level::yellow));
  BOOST_TEST(c.pace.per_minute == 30);
  BOOST_TEST(c.route.repeat_every.count() == 900);
  for (const char* bad : {"22:30", "25:00-06:00", "22:60-06:00", "night", "6-7"})
    says("[[spool]]\nname = \"a\"\nquiet_hours = \"" + std::string(bad) + "\"\n", {"station.toml:3", bad});
}

BOOST_AUTO_TEST_CASE(alarms_go_by_a_channel_that_is_there_and_is_not_for_the_public) {
  BOOST_TEST(station("[[spool]]\nname = \"a\"\n").alarm_channel == "");
  BOOST_TEST(station("[alarms]\nchannel = \"a\"\n[[spool]]\nname = \"a\"\n").alarm_channel == "a");
  says("[alarms]\nchannel = \"b\"\n[[spool]]\nname = \"a\"\n", {"station.toml:2", "no channel 'b'", "there is a"});
  says("[alarms]\nchannel = \"n\"\n[[national]]\nname = \"n\"\noffice_code = \"33020041600000\"\noffice_name = \"x\"\n", {"for warnings alone"});
}

BOOST_AUTO_TEST_CASE(every_fault_of_the_channels_is_named_at_once) {
  says("[[spool]]\nname = \"a\"\n[[spool]]\nname = \"a\"\n[[feed]]\nname = \"b|c\"\n", {"is there already", "station.toml:4", "is no name for a channel"});
  says("", {"names no channel"});
  says("[[spol]]\nname = \"a\"\n", {"spol", "spool"});
}

BOOST_AUTO_TEST_SUITE_END()
