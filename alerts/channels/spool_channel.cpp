// Files: a folder that other programs watch, one CAP message each.
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/registry.h"
#include "alerts/channels/spool_delivery.h"

namespace guyu {
namespace {

class SpoolChannel : public Channel {
 public:
  SpoolChannel(const ConfigTable& table, const ChannelContext& context) : status_(table), spool_(context.path(table.text("folder"))) {}

  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    std::vector<Outcome> outcomes;
    for (const Delivery& d : batch) outcomes.push_back(put_in_spool(spool_, status_, *d.message));
    return outcomes;
  }

  bool needs_texts() const override { return false; }

 private:
  AcceptedStatus status_;
  Spool spool_;
};

}  // namespace

ChannelKind spool_kind() {
  using P = ParamType;
  TableSpec spec{"spool",
                 "A folder with one file per message, <identifier>.xml, written atomically and never edited.",
                 true,
                 false,
                 {{"folder", P::path, "Where the files go; relative to the output folder", "spool"}, AcceptedStatus::param()}};
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<SpoolChannel>(t, c); }, no_targets};
}

}  // namespace guyu
