#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

struct FeedSettings {
  std::string title = "Guyu warnings";
  std::string author = "Guyu";
  std::string base_url;  // before the file names in links; empty: relative links
};

// A folder of issued messages, <identifier>.xml each, and feed.xml, an ATOM feed of those that have not run out.
// Everything is written atomically and synced; an issued message is never edited.
class Spool {
 public:
  explicit Spool(std::string folder, FeedSettings settings = {});
  // Writes the message; the same bytes again are fine (and do nothing), other bytes under a known identifier throw Error.
  // Returns the file's path.
  std::string publish(const std::string& identifier, const std::string& xml);
  // What hinders these bytes under this identifier for good: unfit for a file name, or issued with other bytes. Nothing when publish() may be tried.
  std::optional<std::string> objection(const std::string& identifier, const std::string& xml) const;
  // Rewrites feed.xml from the folder's messages. O(files); each file is read once in the object's life. Messages that
  // cannot be read are left out and named in problems().
  void write_feed(TimePoint now);
  // When the first message of the feed as written runs out, so that the feed is stale; nothing when it has none.
  std::optional<TimePoint> feed_stale_from() const { return stale_from_; }
  std::string feed_path() const;
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct Entry {
    std::string title, summary, sent, category;
    TimePoint sent_time{}, expires{};
  };
  bool read_entry(const std::string& name);
  std::string path_of(const std::string& identifier) const;
  std::string folder_;
  FeedSettings settings_;
  std::map<std::string, Entry> entries_;  // by file name
  std::vector<std::string> problems_;
  std::optional<TimePoint> stale_from_;
};

}  // namespace guyu
