// CAP ATOM feed (RFC 4287): files as the spool has them, and feed.xml that links those which have not run out.
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/registry.h"
#include "alerts/channels/spool_delivery.h"

namespace guyu {
namespace {

class FeedChannel : public Channel {
 public:
  FeedChannel(const ConfigTable& table, const ChannelContext& context)
      : status_(table), now_(context.now), spool_(context.path(table.text("folder")), {table.text("title"), table.text("author"), base_url(table)}) {}

  // The feed is written once per batch: it is O(messages), a message is not.
  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    std::vector<Outcome> outcomes;
    for (const Delivery& d : batch) outcomes.push_back(put_in_spool(spool_, status_, *d.message));
    try {
      spool_.write_feed(now_());
    } catch (const std::exception& e) {
      for (Outcome& o : outcomes) {
        if (o.verdict == Verdict::delivered) o = {Verdict::retry, e.what(), {}};
      }
    }
    return outcomes;
  }

  // Nobody confirms a feed; the moment serves to take out what has run out.
  std::vector<Receipt> receipts() override {
    const TimePoint now = now_();
    if (const auto stale = spool_.feed_stale_from(); stale && *stale <= now) {
      try {
        spool_.write_feed(now);
      } catch (const std::exception&) {  // tried again at the next call; readers see the expiry in the entry
      }
    }
    return {};
  }

  bool needs_texts() const override { return false; }

 private:
  static std::string base_url(const ConfigTable& table) {
    std::string url = table.text("base_url");
    if (!url.empty() && url.back() != '/') url += '/';
    return url;
  }

  AcceptedStatus status_;
  std::function<TimePoint()> now_;
  Spool spool_;
};

}  // namespace

ChannelKind feed_kind() {
  using P = ParamType;
  TableSpec spec{"feed",
                 "A folder for a web server: the messages and feed.xml, an ATOM feed that links those which have not run out.",
                 true,
                 false,
                 {{"folder", P::path, "Where the files go; relative to the output folder", "feed"},
                  {"title", P::text, "Title of the feed", "Guyu warnings"},
                  {"author", P::text, "Author of the feed", "Guyu"},
                  {"base_url", P::text, "Before the file names in links; empty: relative links", ""},
                  AcceptedStatus::param()}};
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<FeedChannel>(t, c); }, no_targets};
}

}  // namespace guyu
