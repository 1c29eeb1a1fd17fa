#include "alerts/channels/spool.h"

#include <algorithm>
#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
constexpr const char* kFeed = "feed.xml";

bool fit(const std::string& identifier) {
  return !identifier.empty() && identifier.front() != '.' && identifier.size() < 200 && identifier + ".xml" != kFeed &&
         std::all_of(identifier.begin(), identifier.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_'; });
}

void add(pugi::xml_node parent, const char* name, const std::string& value) { parent.append_child(name).text().set(value.c_str()); }
}  // namespace

Spool::Spool(std::string folder, FeedSettings settings) : folder_(std::move(folder)), settings_(std::move(settings)) { make_folder(folder_); }

std::string Spool::feed_path() const { return (fs::path(folder_) / kFeed).string(); }

std::string Spool::path_of(const std::string& identifier) const { return (fs::path(folder_) / (identifier + ".xml")).string(); }

std::optional<std::string> Spool::objection(const std::string& identifier, const std::string& xml) const {
  if (!fit(identifier)) return "the identifier '" + identifier + "' is not fit for a file name";
  const std::string path = path_of(identifier);
  if (fs::exists(path) && read_text_file(path) != xml) return "was issued with other content";
  return std::nullopt;
}

std::string Spool::publish(const std::string& identifier, const std::string& xml) {
  const std::string path = path_of(identifier);
  if (const auto why = objection(identifier, xml)) {
    if (!fit(identifier)) throw Error("", *why);
    throw Error(path, *why, "an issued message is never edited; send an update");
  }
  if (!fs::exists(path)) write_file_atomically(path, xml);
  return path;
}

bool Spool::read_entry(const std::string& name) {
  pugi::xml_document document;
  const std::string path = (fs::path(folder_) / name).string();
  if (!document.load_file(path.c_str())) return false;
  const pugi::xml_node alert = document.child("alert"), info = alert.child("info");
  Entry e;
  try {
    e.sent = alert.child("sent").text().get();
    e.sent_time = parse_time(e.sent);
    e.expires = parse_time(info.child("expires").text().get());
  } catch (const Error&) {
    return false;
  }
  e.title = info.child("headline").text().get();
  e.summary = info.child("description").text().get();
  e.category = alert.child("msgType").text().get();
  entries_[name] = std::move(e);
  return true;
}

void Spool::write_feed(TimePoint now) {
  problems_.clear();
  for (const auto& file : fs::directory_iterator(folder_)) {
    const std::string name = file.path().filename().string();
    if (file.path().extension() != ".xml" || name == kFeed || entries_.count(name)) continue;
    if (!read_entry(name)) problems_.push_back(name + ": not a CAP message; left out of the feed");
  }
  std::vector<std::pair<std::string, const Entry*>> open;
  stale_from_.reset();
  for (const auto& [name, entry] : entries_) {
    if (entry.expires <= now) continue;
    open.emplace_back(name, &entry);
    stale_from_ = std::min(stale_from_.value_or(entry.expires), entry.expires);
  }
  std::sort(open.begin(), open.end(),
            [](const auto& a, const auto& b) { return std::tie(b.second->sent_time, a.first) < std::tie(a.second->sent_time, b.first); });
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node feed = document.append_child("feed");
  feed.append_attribute("xmlns") = "http://www.w3.org/2005/Atom";
  add(feed, "id", settings_.base_url.empty() ? "urn:guyu:feed" : settings_.base_url + kFeed);
  add(feed, "title", settings_.title);
  add(feed, "updated", to_iso(now));
  add(feed.append_child("author"), "name", settings_.author);
  pugi::xml_node self = feed.append_child("link");
  self.append_attribute("rel") = "self";
  self.append_attribute("href") = (settings_.base_url + kFeed).c_str();
  for (const auto& [name, e] : open) {
    pugi::xml_node entry = feed.append_child("entry");
    add(entry, "id", "urn:oid:" + name.substr(0, name.size() - 4));
    add(entry, "title", e->title);
    add(entry, "updated", e->sent);
    add(entry, "summary", e->summary);
    pugi::xml_node category = entry.append_child("category");
    category.append_attribute("term") = e->category.c_str();
    pugi::xml_node link = entry.append_child("link");
    link.append_attribute("rel") = "alternate";
    link.append_attribute("type") = "application/cap+xml";
    link.append_attribute("href") = (settings_.base_url + name).c_str();
  }
  std::ostringstream out;
  document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
  write_file_atomically(feed_path(), out.str());
}

}  // namespace guyu
