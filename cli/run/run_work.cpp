#include "cli/run/run_work.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

std::string commit_path(const std::string& out) { return out + "/state/commit.json"; }
std::string item_path(const std::string& folder) { return folder + "/item.json"; }
std::string kept_item(const std::string& out, const std::string& cycle) { return item_path(out + "/cycles/" + cycle + "/before"); }
std::string text_hash(const std::string& text) { return Hasher().text(text).hex(); }

}  // namespace

RunWork::RunWork(std::string out, TimePoint issue) : out_(std::move(out)), name_(to_compact(issue)), folder_(out_ + "/work/" + name_) {}

void RunWork::begin() const {
  std::error_code ec;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(out_ + "/work", ec))
    if (entry.path().filename().string() < name_) old.push_back(entry.path());
  for (const fs::path& path : old) fs::remove_all(path, ec);
  for (const char* sub : {"", "/members", "/state"}) remove_unfinished(folder_ + sub);
}

bool RunWork::handed_over() const { return fs::exists(item_path(folder_)); }

std::string RunWork::item_for(const std::string& findings, const std::string& fresh) const {
  const std::string hash = text_hash(findings);
  for (const std::string& path : {item_path(folder_), kept_item(out_, name_)}) {
    if (!fs::exists(path)) continue;
    try {
      const auto json = nlohmann::json::parse(read_text_file(path));
      if (json.at("findings") == hash) return json.at("item").get<std::string>();
    } catch (const nlohmann::json::exception&) {  // not ours: handed over anew
    }
  }
  write_file_atomically(item_path(folder_), nlohmann::ordered_json{{"item", fresh}, {"findings", hash}}.dump(1) + "\n");
  return fresh;
}

void RunWork::commit(const std::string& done) const {
  nlohmann::ordered_json json{{"cycle", name_}, {"files", nlohmann::json::array()}, {"done", done}};
  std::error_code ec;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_ + "/state", ec)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (fs::is_directory(out_ + "/state/" + name)) throw Error(out_ + "/state/" + name, "is a folder where the state should be", "take it away");
    json["files"].push_back(name);
  }
  write_file_atomically(commit_path(out_), json.dump(1) + "\n");
  finish_commit(out_);
}

void finish_commit(const std::string& out) {
  const std::string path = commit_path(out);
  if (!fs::exists(path)) return;
  nlohmann::json json;
  try {
    json = nlohmann::json::parse(read_text_file(path));
    const std::string cycle = json.at("cycle"), work = out + "/work/" + cycle;
    for (const std::string name : json.at("files")) {
      std::error_code ec;
      if (!fs::exists(work + "/state/" + name)) continue;  // moved before
      fs::rename(work + "/state/" + name, out + "/state/" + name, ec);
      if (ec) throw Error(out + "/state/" + name, "cannot be replaced: " + ec.message(), "check the folder and its permissions");
    }
    std::error_code none;  // nothing was handed over, or it was moved before
    fs::rename(item_path(work), kept_item(out, cycle), none);
    write_file_atomically(out + "/cycles/" + cycle + "/done.json", json.at("done").get<std::string>());
    std::error_code ec;
    fs::remove(path, ec);
    if (ec) throw Error(path, "cannot be removed: " + ec.message());
    fs::remove_all(work, ec);
    fs::remove(out + "/work", ec);  // when it is empty
  } catch (const nlohmann::json::exception& e) {
    throw Error(path, std::string("is damaged: ") + e.what(), "delete it; the state before that cycle stands then");
  }
}

bool is_done(const std::string& out, TimePoint issue) { return fs::exists(out + "/cycles/" + to_compact(issue) + "/done.json"); }

}  // namespace guyu::cli
