#include "alerts/dispatch/inbox.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
constexpr const char *kEnding = ".item", *kOldEnding = ".json";  // of versions whose items were JSON to the end

std::string user_name(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::string buffer(16'384, '\0');
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
  return std::to_string(uid);
}
void remove_quietly(const std::string& path) {
  std::error_code ec;
  fs::remove(path, ec);
}
}  // namespace

std::string current_user() { return user_name(::geteuid()); }

Error unusable(const InboxItem& item, const std::string& why, const std::string& remedy) { return Error("inbox/" + item.name, why, remedy); }

void AlertFolder::make() const {
  for (const std::string& folder : {root, inbox(), answers(), refused(), regions(), receipts()}) make_folder(folder);
}

std::string new_item_name(const std::string& kind) {
  static std::atomic<unsigned> counter{0};
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return fmt::format("{:017}-{}-{}.{}{}", now, ::getpid(), ++counter, kind, kEnding);
}

void put_item_as(const AlertFolder& folder, const std::string& name, const std::string& text) { write_file_atomically(folder.inbox() + "/" + name, text); }

std::string put_item(const AlertFolder& folder, const std::string& kind, const std::string& text) {
  std::string name = new_item_name(kind);
  put_item_as(folder, name, text);
  return name;
}

std::vector<std::string> waiting_items(const AlertFolder& folder) {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder.inbox(), ec)) {
    const fs::path ending = entry.path().extension();
    if (ending == kEnding || ending == kOldEnding) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_waiting(const AlertFolder& folder, const std::string& name) { return fs::exists(folder.inbox() + "/" + name); }

InboxItem read_item(const AlertFolder& folder, const std::string& name) {
  const std::string path = folder.inbox() + "/" + name;
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) throw Error(path, "is gone");
  return {name, read_text_file(path), user_name(about.st_uid)};
}

void show_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".tmp";
  std::ofstream out(temporary, std::ios::binary);
  out << text;
  out.close();
  if (out && ::rename(temporary.c_str(), path.c_str()) == 0) return;
  remove_quietly(temporary);
  throw Error(path, "cannot be written", "is the disk full?");
}

void answer_item(const AlertFolder& folder, const std::string& name, const std::string& answer) {
  // The answer is in the store already; its file is for those who wait, and a full disk must not stop the writer.
  try {
    show_file(folder.answers() + "/" + name, answer);
  } catch (const Error&) {}
  remove_quietly(folder.inbox() + "/" + name);
}

void refuse_item(const AlertFolder& folder, const std::string& name, const std::string& reason) {
  std::error_code ec;
  fs::rename(folder.inbox() + "/" + name, folder.refused() + "/" + name, ec);
  if (ec) throw Error(folder.inbox() + "/" + name, "cannot be moved to refused/: " + ec.message());
  write_file_atomically(folder.refused() + "/" + name + ".reason", reason + "\n");
}

bool any_refused(const AlertFolder& folder) {
  std::error_code ec;
  const fs::directory_iterator entries(folder.refused(), ec);
  return ec || entries != fs::directory_iterator();
}

std::optional<std::string> take_answer(const AlertFolder& folder, const std::string& name) {
  const std::string path = folder.answers() + "/" + name;
  if (!fs::exists(path)) return {};
  std::string text = read_text_file(path);
  remove_quietly(path);
  return text;
}

void drop_old_answers(const AlertFolder& folder, Seconds age) {
  std::error_code ec;
  const auto limit = fs::file_time_type::clock::now() - age;
  for (const auto& entry : fs::directory_iterator(folder.answers(), ec)) {
    if (entry.last_write_time(ec) < limit && !ec) remove_quietly(entry.path().string());
  }
}

}  // namespace guyu
