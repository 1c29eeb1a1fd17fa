#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "alerts/dispatch/desk_answer.h"
#include "alerts/dispatch/inbox.h"
#include "engine/core/time.h"

namespace guyu::cli {

// How an item of the inbox gets done.
struct WriterOptions {
  AlertFolder folder;
  std::string station;  // configuration of the station, when this process becomes the writer
  std::string out;      // folder that relative paths of channels lie in
  std::function<TimePoint()> clock;
  std::chrono::seconds wait{10};         // for another writer's answer
  std::chrono::seconds deliver_for{30};  // as the writer: for deliveries that are due
  std::string item = {};                 // name to hand over under (new_item_name); empty: a new one
};

struct WriterResult {
  std::optional<DeskAnswer> answer;  // absent: the item is safe in the inbox, the writer has not come to it yet
  std::string waiting;               // deliveries that could not be made yet; empty: none
};

// Puts the item into the inbox and sees it done: by the writer there is (guyu dispatch), or else by becoming the writer for a
// moment. Where a guyu dispatch has served the folder, that is done with the daemon's station, whatever the options name: messages must go to its channels. If
// this process may not read that station, the item waits for the daemon. Throws Error when it could not be put there, or when this process is the writer and
// the store cannot be written.
WriterResult have_done(const std::string& kind, const std::string& text, const WriterOptions& options);

}  // namespace guyu::cli
