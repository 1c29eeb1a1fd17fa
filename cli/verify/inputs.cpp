#include "cli/verify/inputs.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>

#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"
#include "ingest/reader.h"

namespace guyu::cli::verify {
namespace fs = std::filesystem;
namespace {

bool is_pattern(const std::string& text) { return text.find_first_of("*?") != std::string::npos; }

// `*` stands for any characters of a name, `?` for one. The usual walk that goes back to the last star.
bool fits(const std::string& name, const std::string& pattern) {
  std::size_t n = 0, p = 0, star = std::string::npos, after = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++, after = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p, ++n;
    } else if (star != std::string::npos) {
      p = star + 1, n = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// What is left of a path pattern below `folder`, part by part.
void walk(const fs::path& folder, fs::path::const_iterator part, fs::path::const_iterator end, std::vector<std::string>& found) {
  if (part == end) return;
  const auto next = std::next(part);
  const auto enter = [&](const fs::path& at) {
    std::error_code ec;
    if (next == end) {
      if (fs::is_regular_file(at, ec)) found.push_back(at.string());
    } else if (fs::is_directory(at, ec)) {
      walk(at, next, end, found);
    }
  };
  if (!is_pattern(part->string())) {
    enter(folder / *part);
    return;
  }
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? fs::path(".") : folder, ec))
    if (fits(entry.path().filename().string(), part->string())) enter(folder / entry.path().filename());
}

// A field is told from the others of its file by these.
bool same_field(const FieldMeta& a, const FieldMeta& b) {
  return a.quantity == b.quantity && a.level == b.level && a.member == b.member && a.valid == b.valid && a.reference == b.reference;
}

}  // namespace

std::vector<std::string> named_files(const std::string& word) {
  std::vector<std::string> found;
  std::error_code ec;
  if (fs::is_regular_file(word, ec)) {
    found.push_back(word);
  } else if (fs::is_directory(word, ec)) {
    for (const auto& entry : fs::recursive_directory_iterator(word))
      if (entry.is_regular_file()) found.push_back(entry.path().string());
  } else if (is_pattern(word)) {
    const fs::path root = fs::path(word).root_path(), rest = fs::path(word).relative_path();
    walk(root, rest.begin(), rest.end(), found);
  }
  if (found.empty())
    throw Error(word, is_pattern(word) ? "fits no file" : "there is no such file, nor a folder with files", "give a file, a folder or a quoted pattern with *");
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<FieldEntry> list_fields(const std::vector<std::string>& files, const std::string& quantity, std::vector<std::string>& problems) {
  std::vector<FieldEntry> entries;
  ReadRequest request{{quantity}};
  if (quantity == quantities::rainfall_rate().name) request.quantities.push_back(quantities::precipitation_amount().name);
  for (const std::string& path : files) {
    const std::size_t first = entries.size();
    request.select = [&](const FieldMeta& meta) {
      return meta.quantity.name == quantity || meta.valid.length() > Seconds{0};
    };  // an amount of no time is no rate
    try {
      for (FieldPlace& place : guyu::list_fields(path, request, problems)) {
        const bool known = std::any_of(entries.begin() + static_cast<std::ptrdiff_t>(first), entries.end(),
                                       [&](const FieldEntry& e) { return same_field(e.meta, place.meta); });
        if (!known) entries.push_back({path, std::move(place.meta)});
      }
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(first);
    const auto is_wanted = [&](const FieldEntry& e) { return e.meta.quantity.name == quantity; };
    if (std::any_of(begin, entries.end(), is_wanted)) entries.erase(std::remove_if(begin, entries.end(), std::not_fn(is_wanted)), entries.end());
  }
  if (entries.empty())
    throw Error(files.front(), "none of the files gives " + quantity + (problems.empty() ? "" : "; the first says: " + problems.front()),
                "guyu inspect shows what a file holds; see --quantity");
  return entries;
}

std::vector<Field> load_fields(std::span<const FieldEntry> entries) {
  std::vector<std::optional<Field>> found(entries.size());
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const std::string& path = entries[k].path;
    if (found[k]) continue;
    const auto place_of = [&](const FieldMeta& m) {
      for (std::size_t n = k; n < entries.size(); ++n)
        if (!found[n] && entries[n].path == path && same_field(m, entries[n].meta)) return n;
      return entries.size();
    };
    ReadRequest request;
    for (const FieldEntry& e : entries)
      if (e.path == path) request.quantities.push_back(e.meta.quantity.name);
    request.select = [&](const FieldMeta& m) { return place_of(m) < entries.size(); };
    read_each(path, request, [&](Field&& f) { found[place_of(f.meta)] = std::move(f); });
    if (!found[k]) throw Error(path, "no longer holds " + entries[k].meta.quantity.name + " for " + to_iso(entries[k].valid()));
  }
  std::vector<Field> fields;
  for (auto& f : found) fields.push_back(std::move(*f));
  return fields;
}

std::vector<Field> load_fields_as(std::span<const FieldEntry> entries, const std::string& quantity) {
  std::vector<Field> fields = load_fields(entries);
  for (Field& f : fields)
    if (f.meta.quantity.name != quantity) f = as_rate(f);
  return fields;
}

}  // namespace guyu::cli::verify
