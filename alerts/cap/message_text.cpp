#include "alerts/cap/message_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/config/toml_source.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Values = std::map<std::string, std::string>;
constexpr std::size_t kHeadlineLimit = 139;  // "less than 140 characters"
constexpr std::size_t kAreaNames = 60;

std::string local_time(const MessageText& text, TimePoint t, int offset_minutes) {
  const std::string iso = to_iso_offset(t, offset_minutes);  // 2019-06-10T08:10:00+08:00
  return fill_in(text.word("time_form"), {{"year", iso.substr(0, 4)}, {"month", iso.substr(5, 2)}, {"day", iso.substr(8, 2)},
                                          {"hour", iso.substr(11, 2)}, {"minute", iso.substr(14, 2)}}, text.path);
}

std::string level_name(const MessageText& text, Level level) {
  return std::string(text.language.rfind("zh", 0) == 0 ? chinese_name(level) : to_string(level));
}

std::string amount(double mm) { return fmt::format("{:.0f}", mm); }

std::string list(const MessageText& text, const std::vector<std::string>& names, std::size_t most) {
  const std::size_t shown = std::min(names.size(), most);
  std::string joined;
  for (std::size_t i = 0; i < shown; ++i) joined += (i ? text.word("list_separator") : "") + names[i];
  if (shown == names.size()) return joined;
  return fill_in(text.word("regions_more"), {{"regions", joined}, {"count", std::to_string(names.size())}, {"more", std::to_string(names.size() - shown)}}, text.path);
}

std::string cut_to(const std::string& utf8, std::size_t characters) {
  if (character_count(utf8) <= characters) return utf8;
  std::string kept;
  std::size_t n = 0;
  for (const char c : utf8) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U && ++n >= characters) break;
    kept += c;
  }
  return kept + "…";
}

struct Extremes {
  TimePoint begin = TimePoint::max(), end = TimePoint::min();
  double observed = 0, forecast = 0, total = 0, threshold = 0, window_hours = 0;
  bool all_reached = true;
};
// The strongest member speaks for the group: its window and amounts belong together.
Extremes extremes(const Alert& alert) {
  Extremes x;
  for (const AlertMember& m : alert.members) {
    x.begin = std::min(x.begin, m.valid.begin);
    x.end = std::max(x.end, m.valid.end);
    x.all_reached = x.all_reached && m.evidence.already_reached;
    const double total = m.evidence.observed + m.evidence.forecast;
    if (x.window_hours > 0 && !(total > x.total)) continue;
    x.observed = m.evidence.observed;
    x.forecast = m.evidence.forecast;
    x.total = total;
    x.threshold = m.evidence.threshold;
    x.window_hours = static_cast<double>(m.evidence.window.length().count()) / 3600;
  }
  return x;
}

std::string headline_key(const Decision& d) {
  if (d.action == Action::cancel) return "headline_cancel";
  if (d.reason == reasons::escalation) return "headline_upgrade";
  if (d.reason == reasons::downgrade) return "headline_downgrade";
  return "headline";
}

std::string lower(std::string s) {
  for (char& c : s) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return s;
}

const std::vector<std::string>& placeholders() {
  static const std::vector<std::string> names{"level", "previous_level", "regions", "count", "more", "begin", "end", "threshold",
                                              "window_hours", "observed", "forecast", "total"};
  return names;
}
}  // namespace

std::size_t character_count(const std::string& utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string fill_in(const std::string& text, const Values& values, const std::string& place) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t close = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (close == std::string::npos) {
      out += text[i];
      continue;
    }
    const std::string name = text.substr(i + 1, close - i - 1);
    const auto found = values.find(name);
    if (found == values.end()) {
      std::vector<std::string> known;
      for (const auto& [key, value] : values) known.push_back(key);
      const std::string near = nearest_word(name, known);
      throw Error(place, "unknown placeholder {" + name + "} in \"" + text + "\"", near.empty() ? "" : "did you mean {" + near + "}?");
    }
    out += found->second;
    i = close;
  }
  return out;
}

const TableSpec& message_text_spec() {
  static const TableSpec spec = [] {
    TableSpec s{"", "Words of a hazard's messages in one language."};
    const auto add = [&](const char* key, const char* doc) { s.params.push_back({key, ParamType::text, doc}); };
    add("language", "language tag (BCP 47)");
    add("event", "the hazard's name");
    add("sender_name", "who warns, for people");
    add("time_form", "how a local time is written");
    add("list_separator", "between region names");
    add("regions_more", "a list that is cut short: {regions} {count} {more}");
    add("exercise_prefix", "before the headline of an exercise");
    add("test_prefix", "before the headline of a test");
    add("headline", "new or continued warning");
    add("headline_upgrade", "a higher level");
    add("headline_downgrade", "a lower level");
    add("headline_cancel", "all clear");
    add("description_expected", "the threshold is expected to be reached");
    add("description_observed", "the threshold has been reached everywhere");
    add("description_cancel", "all clear");
    add("instruction_blue", "what to do at level blue");
    add("instruction_yellow", "what to do at level yellow");
    add("instruction_orange", "what to do at level orange");
    add("instruction_red", "what to do at level red");
    add("instruction_cancel", "what to do after the all-clear");
    add("event_code_name", "scheme of the event code; the same in every language");
    add("event_code", "event code; the same in every language");
    return s;
  }();
  return spec;
}

MessageText load_message_text(const std::string& path) {
  const Config config = load_config(path, message_text_spec());
  MessageText text;
  text.path = path;
  for (const ParamSpec& p : message_text_spec().params) text.words[p.key] = config.root.text(p.key);
  text.language = text.words["language"];
  Values any, time{{"year", ""}, {"month", ""}, {"day", ""}, {"hour", ""}, {"minute", ""}};
  for (const std::string& name : placeholders()) any[name] = "";
  for (const auto& [key, word] : text.words) fill_in(word, key == "time_form" ? time : any, config.root.place(key));
  return text;
}

Wording wording(const MessageText& text, const Decision& d, const std::vector<std::string>& names, int offset) {
  const Extremes x = extremes(d.alert);
  Values values{{"level", level_name(text, d.alert.level)}, {"previous_level", level_name(text, d.previous_level)},
                {"regions", list(text, names, 3)}, {"count", std::to_string(names.size())}, {"more", "0"},
                {"begin", local_time(text, std::max(x.begin, d.sent), offset)}, {"end", local_time(text, std::max(x.end, d.sent), offset)},
                {"threshold", amount(x.threshold)}, {"window_hours", fmt::format("{:g}", x.window_hours)},
                {"observed", amount(x.observed)}, {"total", amount(x.total)},
                {"forecast", amount(std::nearbyint(x.total) - std::nearbyint(x.observed))}};  // the parts add up to the total that stands beside them
  const auto say = [&](const std::string& key) { return fill_in(text.word(key), values, text.path); };
  const bool cancel = d.action == Action::cancel;
  Wording w;
  w.event = text.word("event");
  w.sender_name = text.word("sender_name");
  w.area = list(text, names, kAreaNames);
  w.description = say(cancel ? "description_cancel" : x.all_reached ? "description_observed" : "description_expected");
  w.instruction = say(cancel ? "instruction_cancel" : "instruction_" + lower(std::string(to_string(d.alert.level))));
  for (std::size_t most = 3; most > 0; --most) {
    values["regions"] = list(text, names, most);
    w.headline = say(headline_key(d));
    if (character_count(w.headline) + 12 <= kHeadlineLimit) break;  // room for an exercise's prefix
  }
  w.headline = cut_to(w.headline, kHeadlineLimit - 12);
  return w;
}

}  // namespace guyu
