#include "alerts/channels/registry.h"

#include <filesystem>

namespace guyu {

std::string ChannelContext::path(const std::string& path) const { return path.empty() || out.empty() ? path : (std::filesystem::path(out) / path).string(); }

const std::vector<ChannelKind>& channel_kinds() {
  static const std::vector<ChannelKind> kinds{
      spool_kind(), feed_kind(), webhook_kind(), mqtt_kind(), smtp_kind(), wis2_kind(), emergency_broadcast_kind(), national_kind(),
  };
  return kinds;
}

}  // namespace guyu
