#pragma once
#include <map>
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
  // Rewrites feed.xml from the folder's messages. O(files); each file is read once in the object's life. Messages that
  // cannot be read are left out and named in problems().
  void write_feed(TimePoint now);
  std::string feed_path() const;
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct Entry {
    std::string title, summary, sent, category;
    TimePoint sent_time{}, expires{};
  };
  bool read_entry(const std::string& name);
  std::string folder_;
  FeedSettings settings_;
  std::map<std::string, Entry> entries_;  // by file name
  std::vector<std::string> problems_;
};

}  // namespace guyu
