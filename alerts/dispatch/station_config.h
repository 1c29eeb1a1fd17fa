#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/cap/outgoing_message.h"
#include "alerts/channels/channel.h"
#include "engine/config/param_spec.h"

namespace guyu {

struct Approval {
  bool review = false;                 // else everything goes out by itself
  Level review_from = Level::blue;     // lower levels go out by themselves
  std::vector<std::string> hazards;    // empty: all
  std::vector<std::string> approvers;  // user names; empty: anyone but the author
};

// What goes to a channel and when.
struct Route {
  std::vector<std::string> hazards;  // empty: all
  Level min_level = Level::blue;
  std::vector<std::string> regions;    // beginnings of codes; empty: all
  std::vector<std::string> languages;  // of the texts that the channel gets; empty: all
  std::vector<std::string> statuses;   // "actual", "exercise", "test"
  bool heartbeats = false;
  std::optional<std::pair<int, int>> quiet;  // minutes of the local day, from and to (may pass midnight)
  Level quiet_below = Level::orange;         // what is lower waits for the end of the quiet hours
  Seconds repeat_every{0};                   // an accepted warning is sent anew, under a key of its own, while it stands; 0: once
};

struct Pace {
  double per_minute = 0;  // 0: no limit
  std::size_t batch = 250;
  Seconds retry_first{2}, retry_longest{300};  // doubled from attempt to attempt, with jitter
  Seconds resend_after{60};                    // accepted and no receipt yet
  std::size_t unreceipted = 1000;              // so many accepted a moment ago and without a receipt: only what is severer goes out; 0: no limit
};

struct ChannelConfig {
  std::string name, kind;
  Route route;
  Pace pace;
  std::vector<std::string> targets;  // at least one
  std::function<std::unique_ptr<Channel>(std::function<TimePoint()> now)> make;
};

// One place that sends warnings: who signs, who approves, and where they go.
struct StationConfig {
  std::string path;
  std::string key, certificate;  // PEM files; empty: messages are not signed
  int utc_offset_minutes = 480;
  Approval approval;
  Seconds heartbeat_missed{900};               // without a cycle for so long an alarm is raised; 0: never
  Seconds undelivered_alarm{300};              // age of the oldest waiting delivery
  std::string metrics;                         // "address:port" of the metrics and health page; empty: none
  std::string receipt_listen, receipt_secret;  // "address:port" for receipts by HTTP and the file of its HMAC key
  Seconds keep{std::chrono::hours(24 * 400)};  // ended alerts stay in the store for so long
  std::string alarm_channel;                   // name of the channel that carries notices of alarms; empty: none
  std::vector<ChannelConfig> channels;
};

const TableSpec& station_spec();
// `out`: the folder that relative paths of what channels write lie in. Throws one Error with every fault.
StationConfig load_station(const std::string& path, const std::string& out);

}  // namespace guyu
