#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/channels/channel.h"
#include "engine/config/toml_source.h"

namespace guyu {

// What every channel gets beside its own table.
struct ChannelContext {
  std::string out;   // folder that relative paths of what it writes lie in
  std::string name;  // of this channel
  std::function<TimePoint()> now = [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); };
  // `path` below `out`, or itself when it is absolute or empty.
  std::string path(const std::string& path) const;
};

// One kind of channel: the table of its own keys ([[mqtt]], [[webhook]] ...), and how it is made from one. The keys that all channels share
// (name, routing, rates) are declared in alerts/dispatch/channel_config and are in the same table.
struct ChannelKind {
  TableSpec spec;  // repeated
  std::function<std::unique_ptr<Channel>(const ConfigTable&, const ChannelContext&)> make;
  // The targets that a table names; one empty target when the channel has none of its own.
  std::function<std::vector<std::string>(const ConfigTable&)> targets;
};

// Every kind, in the order of the documentation. A new channel is one file and one line here.
const std::vector<ChannelKind>& channel_kinds();

ChannelKind spool_kind();
ChannelKind feed_kind();
ChannelKind webhook_kind();
ChannelKind mqtt_kind();
ChannelKind smtp_kind();
ChannelKind wis2_kind();
ChannelKind emergency_broadcast_kind();
ChannelKind national_kind();

// For channels without targets of their own.
inline std::vector<std::string> no_targets(const ConfigTable&) { return {""}; }

}  // namespace guyu
