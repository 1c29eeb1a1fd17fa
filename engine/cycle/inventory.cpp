#include "engine/cycle/inventory.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>

#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {

struct Component {
  std::string text;
  std::regex expression;
  std::vector<char> tokens;  // one per capture group
  bool literal = true;
};

Component compile(const std::string& text, const std::string& pattern) {
  Component c;
  c.text = text;
  std::string re;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char ch = text[i];
    if (ch == '%' && i + 1 < text.size()) {
      const char token = text[++i];
      if (std::string("YmdHMSj").find(token) == std::string::npos) {
        throw Error(pattern, std::string("unknown token %") + token, "use %Y %m %d %H %M %S %j");
      }
      re += token == 'Y' ? "([0-9]{4})" : token == 'j' ? "([0-9]{3})" : "([0-9]{2})";
      c.tokens.push_back(token);
      c.literal = false;
    } else if (ch == '*') {
      re += ".*";
      c.literal = false;
    } else if (ch == '?') {
      re += '.';
      c.literal = false;
    } else {
      if (std::string("^$\\.+()[]{}|").find(ch) != std::string::npos) re += '\\';
      re += ch;
    }
  }
  c.expression = std::regex(re);
  return c;
}

std::optional<TimePoint> time_of(const std::map<char, int>& v) {
  using namespace std::chrono;
  const auto get = [&](char token, int fallback) { return v.count(token) ? v.at(token) : fallback; };
  sys_days day;
  if (v.count('j')) {
    day = sys_days{year{get('Y', 0)} / 1 / 1} + days(get('j', 1) - 1);
  } else {
    const year_month_day ymd{year{get('Y', 0)}, month{static_cast<unsigned>(get('m', 1))}, std::chrono::day{static_cast<unsigned>(get('d', 1))}};
    if (!ymd.ok()) return std::nullopt;
    day = ymd;
  }
  return TimePoint(day) + hours(get('H', 0)) + minutes(get('M', 0)) + seconds(get('S', 0));
}

void search(const fs::path& folder, const std::vector<Component>& components, std::size_t depth, const std::map<char, int>& values,
            std::vector<InventoryItem>& found) {
  const Component& c = components[depth];
  const bool last = depth + 1 == components.size();
  const auto visit = [&](const fs::path& path, const std::map<char, int>& v) {
    if (!last) {
      if (fs::is_directory(path)) search(path, components, depth + 1, v, found);
    } else if (const auto t = time_of(v); t && fs::is_regular_file(path)) {
      found.push_back({*t, path.string()});
    }
  };
  if (c.literal) {
    visit(folder / c.text, values);
    return;
  }
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const std::string name = entry.path().filename().string();
    std::smatch m;
    if (!std::regex_match(name, m, c.expression)) continue;
    std::map<char, int> v = values;
    bool agree = true;
    for (std::size_t k = 0; k < c.tokens.size(); ++k) {
      const int value = std::stoi(m[k + 1].str());
      const auto [it, fresh] = v.emplace(c.tokens[k], value);
      agree = agree && (fresh || it->second == value);
    }
    if (agree) visit(entry.path(), v);
  }
}

std::vector<Component> components_of(const std::string& pattern) {
  std::vector<Component> components;
  bool dated = false;
  for (const fs::path& part : fs::path(pattern)) {
    components.push_back(compile(part.string(), pattern));
    for (const char t : components.back().tokens) dated = dated || t == 'Y';
  }
  if (components.empty() || !dated) throw Error(pattern, "the file pattern states no date", "add %Y%m%d%H%M where the name holds its time");
  return components;
}

}  // namespace

void check_input_pattern(const std::string& pattern) { components_of(pattern); }

std::vector<InventoryItem> find_inputs(const std::string& root, const std::string& pattern) {
  const std::vector<Component> components = components_of(pattern);
  fs::path fixed = root;
  for (const Component& c : components) {
    if (!c.literal) break;
    fixed /= c.text;
  }
  if (!fs::is_directory(fixed)) throw Error(fixed.string(), "the input folder is absent", "check --data and the pattern " + pattern);
  std::vector<InventoryItem> found;
  search(root, components, 0, {}, found);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.time != b.time ? a.time < b.time : a.path < b.path; });
  return found;
}

}  // namespace guyu
