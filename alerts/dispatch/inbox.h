#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/file_lock.h"
#include "engine/core/time.h"

namespace guyu {

std::string current_user();  // of this process

// The folder that runs, operators and the writer share:
//   store.db   the store            store.lock  held by the writer
//   inbox/     what the writer has to do, one file each, done in the order of names
//   answers/   what came of it      refused/    items that could not be used, kept for people
//   regions/   region sets          receipts/   receipts that come as files
//   served     names the station of the guyu dispatch that serves this folder (served.h)
struct AlertFolder {
  std::string root;
  std::string store() const { return root + "/store.db"; }
  std::string lock() const { return root + "/store.lock"; }
  std::string inbox() const { return root + "/inbox"; }
  std::string answers() const { return root + "/answers"; }
  std::string refused() const { return root + "/refused"; }
  std::string regions() const { return root + "/regions"; }
  std::string receipts() const { return root + "/receipts"; }
  std::string served() const { return root + "/served"; }
  void make() const;  // all of them; throws Error
};

// One file of the inbox.
struct InboxItem {
  std::string name;   // without folder, sorts by the time it was put there
  std::string text;   // a Handover (handover.h) or a Command (command.h)
  std::string owner;  // user that the file belongs to, as the system knows it
};

// A broken item is for people to look at; a store that cannot be written is for another try.
Error unusable(const InboxItem& item, const std::string& why, const std::string& remedy = {});

// A name that no item has: `kind` ("cycle", "command") stands in it.
std::string new_item_name(const std::string& kind);
// Puts `text` into the inbox under that name, durably. An item that is done already only gets its answer again.
void put_item_as(const AlertFolder& folder, const std::string& name, const std::string& text);
// Both. Returns the name.
std::string put_item(const AlertFolder& folder, const std::string& kind, const std::string& text);

// Names of all items, in the order to do them.
std::vector<std::string> waiting_items(const AlertFolder& folder);
bool is_waiting(const AlertFolder& folder, const std::string& name);
InboxItem read_item(const AlertFolder& folder, const std::string& name);  // throws Error
// Puts a file in place of an older one, whole or not at all, without waiting for the disk: for what the store has anyway. Throws Error.
void show_file(const std::string& path, const std::string& text);
// The item is done: its answer is put out, then it leaves the inbox.
void answer_item(const AlertFolder& folder, const std::string& name, const std::string& answer);
// It cannot be used: kept in refused/ with the reason beside it.
void refuse_item(const AlertFolder& folder, const std::string& name, const std::string& reason);

bool any_refused(const AlertFolder& folder);

// The writer's answer, taken away once read; nullopt when there is none (yet).
std::optional<std::string> take_answer(const AlertFolder& folder, const std::string& name);
// Answers that nobody fetched, older than `age` by the wall clock.
void drop_old_answers(const AlertFolder& folder, Seconds age);

}  // namespace guyu
