#include "alerts/cap/message_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/config/toml_source.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Values = std::map<std::string, std::string>;
constexpr std::size_t kHeadlineLimit = 139;  // "less than 140 characters"
constexpr std::size_t kAreaNames = 60;

// Replaces {name} by what `values`, pairs of name and text, say of it.
template <typename Pairs>
std::string filled(const std::string& text, const Pairs& values, const std::string& place) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t close = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (close == std::string::npos) {
      out += text[i];
      continue;
    }
    const std::string_view name = std::string_view(text).substr(i + 1, close - i - 1);
    const auto found = std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == name; });
    if (found == values.end()) {
      std::vector<std::string> known;
      for (const auto& [key, value] : values) known.emplace_back(key);
      const std::string near = nearest_word(std::string(name), known);
      throw Error(place, "unknown placeholder {" + std::string(name) + "} in \"" + text + "\"", near.empty() ? "" : "did you mean {" + near + "}?");
    }
    out += found->second;
    i = close;
  }
  return out;
}

std::string without_zeros(const std::string& digits) {
  const std::size_t at = digits.find_first_not_of('0');
  return at == std::string::npos ? "0" : digits.substr(at);
}

std::string local_time(const MessageText& text, const char* form, TimePoint t, int offset_minutes) {
  const std::string iso = to_iso_offset(t, offset_minutes);  // 2019-06-10T08:10:00+08:00
  std::string month = iso.substr(5, 2), name = text.word("month_names");
  for (int k = std::stoi(month); k > 1; --k) name.erase(0, std::min(name.find(','), name.size() - 1) + 1);
  name.resize(std::min(name.find(','), name.size()));
  const std::array<std::pair<std::string_view, std::string>, 8> parts{{{"year", iso.substr(0, 4)},
                                                                       {"month", month},
                                                                       {"day", iso.substr(8, 2)},
                                                                       {"hour", iso.substr(11, 2)},
                                                                       {"minute", iso.substr(14, 2)},
                                                                       {"month_name", name},
                                                                       {"day_number", without_zeros(iso.substr(8, 2))},
                                                                       {"hour_number", without_zeros(iso.substr(11, 2))}}};
  return filled(text.word(form), parts, text.path);
}

std::string level_name(const MessageText& text, Level level) { return std::string(text.language.rfind("zh", 0) == 0 ? chinese_name(level) : to_string(level)); }

// A probability of so many futures is no more exact than this.
std::string per_cent(double probability) {
  if (std::isnan(probability)) return "?";
  return fmt::format("{:.0f}", std::clamp(std::nearbyint(probability * 20) * 5, 5.0, 95.0));
}

std::string amount(double mm) { return fmt::format("{:.0f}", mm); }

// Names up to `most`, the others as a number; with most = 0 their number alone.
std::string list(const MessageText& text, const std::vector<std::string>& names, std::size_t most) {
  const std::size_t shown = std::min(names.size(), most);
  const std::string count = std::to_string(names.size());
  if (shown == 0) return fill_in(text.word("regions_count"), {{"count", count}}, text.path);
  std::string joined;
  for (std::size_t i = 0; i < shown; ++i) joined += (i ? text.word("list_separator") : "") + names[i];
  if (shown == names.size()) return joined;
  return fill_in(text.word("regions_more"), {{"regions", joined}, {"count", count}, {"more", std::to_string(names.size() - shown)}}, text.path);
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
  static const std::vector<std::string> names{"level",        "previous_level", "regions",  "count", "more",         "begin",      "end",        "threshold",
                                              "window_hours", "observed",       "forecast", "total", "spoken_begin", "spoken_end", "probability"};
  return names;
}
constexpr const char* kBriefKeys[] = {"sms", "sms_cancel", "cell_broadcast", "cell_broadcast_cancel", "speech", "speech_cancel"};
constexpr std::size_t kSms = 140, kCellBroadcast = 615, kSpeech = 200;

std::vector<std::string> pieces(const std::string& form) {
  std::vector<std::string> all{""};
  for (const char c : form) {
    if (c == '|') all.emplace_back();
    else all.back() += c;
  }
  return all;
}

// Puts one decision into words.
class Speaker {
 public:
  Speaker(const MessageText& text, const Decision& d, const std::vector<std::string>& names, int offset, const std::string& prefix)
      : text_(text), d_(d), names_(names), prefix_(prefix), cancel_(d.action == Action::cancel) {
    const Extremes x = extremes(d.alert);
    all_reached_ = x.all_reached;
    probability_ = largest_probability(d.alert);
    const TimePoint begin = std::max(x.begin, d.sent), end = std::max(x.end, d.sent);
    values_ = {{"level", level_name(text, d.alert.level)},
               {"previous_level", level_name(text, d.previous_level)},
               {"regions", list(text, names, 3)},
               {"count", std::to_string(names.size())},
               {"more", "0"},
               {"begin", local_time(text, "time_form", begin, offset)},
               {"end", local_time(text, "time_form", end, offset)},
               {"spoken_begin", local_time(text, "spoken_time", begin, offset)},
               {"spoken_end", local_time(text, "spoken_time", end, offset)},
               {"threshold", amount(x.threshold)},
               {"window_hours", fmt::format("{:g}", x.window_hours)},
               {"observed", amount(x.observed)},
               {"total", amount(x.total)},
               {"forecast", amount(std::nearbyint(x.total) - std::nearbyint(x.observed))},  // the parts add up to the total that stands beside them
               {"probability", per_cent(probability_)}};
  }

  Wording wording() {
    Wording w;
    w.event = text_.word("event");
    w.sender_name = text_.word("sender_name");
    w.area = list(text_, names_, kAreaNames);
    w.description = description();
    w.instruction = instruction();
    for (std::size_t most = 4; most-- > 0;) {
      w.headline = headline(most);
      if (character_count(w.headline) <= kHeadlineLimit) break;
    }
    return w;
  }

  ShortTexts short_texts() {
    values_["description"] = description();
    values_["instruction"] = this->instruction();
    values_["sender_name"] = text_.word("sender_name");
    ShortTexts s;
    s.sms = fit("sms", kSms, character_count);
    s.cell_broadcast = fit("cell_broadcast", kCellBroadcast, ucs2_units);
    std::string& instruction = values_["instruction"];
    for (std::size_t at = 0; (at = instruction.find(". ", at)) != std::string::npos;) instruction[at] = ';';  // one sentence
    s.speech = fit("speech", kSpeech, character_count);
    return s;
  }

 private:
  std::string say(const std::string& form) const { return fill_in(form, values_, text_.path); }
  std::string headline(std::size_t most) {
    values_["regions"] = list(text_, names_, most);
    return prefix_ + say(text_.word(headline_key(d_)));
  }
  std::string description() const {
    if (cancel_) return say(text_.word("description_cancel"));
    std::string said = say(text_.word(all_reached_ ? "description_observed" : "description_expected"));
    if (!all_reached_ && probability_ < 1) said += say(text_.word("description_probability"));  // NaN is not below one
    return said;
  }
  std::string instruction() const { return say(text_.word(cancel_ ? "instruction_cancel" : "instruction_" + lower(std::string(to_string(d_.alert.level))))); }

  template <typename Length>
  std::string fit(const std::string& key, std::size_t limit, const Length& length) {
    const std::vector<std::string> parts = pieces(text_.word(cancel_ ? key + "_cancel" : key));
    std::string said;
    const auto fits = [&](std::size_t kept, std::size_t most) {
      values_["headline"] = headline(most);
      said.clear();
      for (std::size_t k = 0; k < kept; ++k) said += say(parts[k]);
      return length(said) <= limit;
    };
    for (std::size_t kept = parts.size(); kept > 0; --kept) {
      if (fits(kept, 3)) return said;
    }
    for (std::size_t most = 3; most-- > 0;) {
      if (fits(1, most)) return said;
    }
    return said;  // fits: check_lengths saw to it
  }

  const MessageText& text_;
  const Decision& d_;
  const std::vector<std::string>& names_;
  const std::string& prefix_;
  bool cancel_, all_reached_ = false;
  double probability_ = 0;
  Values values_;
};

// With regions by number and the longest level names everything that is never left out has room.
void check_lengths(const MessageText& text, const std::map<std::string, std::string>& places) {
  Decision d;
  std::vector<std::string> names(99999);
  std::fill_n(names.begin(), 4, std::string(200, 'x'));  // those that are ever named
  for (const Action action : {Action::issue, Action::update, Action::cancel}) {
    for (const std::string_view reason : {reasons::onset, reasons::escalation, reasons::downgrade}) {
      d.action = action;
      d.reason = reason;
      d.alert.level = d.previous_level = Level::orange;
      const std::string prefix = std::max(text.word("exercise_prefix"), text.word("test_prefix"),
                                          [](const auto& a, const auto& b) { return character_count(a) < character_count(b); });
      Speaker speaker(text, d, names, 0, prefix);
      const ShortTexts s = speaker.short_texts();
      const auto check = [&](const std::string& key, std::size_t length, std::size_t limit) {
        if (length > limit)
          throw Error(places.count(key) ? places.at(key) : text.path, fmt::format("what is never left out takes {} characters, over {}", length, limit),
                      "make the first piece shorter");
      };
      const std::string suffix = action == Action::cancel ? "_cancel" : "";
      check(headline_key(d), character_count(speaker.wording().headline), kHeadlineLimit);
      check("sms" + suffix, character_count(s.sms), kSms);
      check("cell_broadcast" + suffix, ucs2_units(s.cell_broadcast), kCellBroadcast);
      check("speech" + suffix, character_count(s.speech), kSpeech);
    }
  }
}
}  // namespace

std::size_t character_count(const std::string& utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t ucs2_units(const std::string& utf8) {
  return character_count(utf8) +
         static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xF8U) == 0xF0U; }));
}

double largest_probability(const Alert& alert) {
  double largest = std::numeric_limits<double>::quiet_NaN();
  for (const AlertMember& m : alert.members) largest = std::fmax(largest, m.evidence.probability);
  return largest;
}

std::string fill_in(const std::string& text, const Values& values, const std::string& place) { return filled(text, values, place); }

const TableSpec& message_text_spec() {
  static const TableSpec spec = [] {
    TableSpec s{"", "Words of a hazard's messages in one language. With a base, what is not given here is what the base says."};
    const auto add = [&](const char* key, const char* doc, const char* fallback = nullptr) {
      s.params.push_back({key, ParamType::text, doc, fallback ? std::optional<std::string>(fallback) : std::nullopt});
    };
    add("base", "another text beside this one, e.g. general.en-US", "");
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
    add("regions_count", "regions by their number alone, where names are too long: {count}", "{count}");
    add("description_probability", "added to what is expected where its probability is known and below one: {probability} in per cent", "");
    add("month_names", "twelve names, parted by commas", "1,2,3,4,5,6,7,8,9,10,11,12");
    add("spoken_time", "how a local time is spoken", "{month_name} {day_number} {hour_number}:{minute}");
    add("sms", "140 characters. Bars part the pieces that are left out from the last on where there is no room", "{headline}|. {instruction}");
    add("sms_cancel", "the same for the all-clear", "{headline}|. {instruction}");
    add("cell_broadcast", "615 characters; pieces as above", "{headline}|. {description}|{instruction}");
    add("cell_broadcast_cancel", "the same for the all-clear", "{headline}|. {description}|{instruction}");
    add("speech", "one sentence for loudspeakers; pieces as above", "{headline}|. {instruction}");
    add("speech_cancel", "the same for the all-clear", "{headline}|. {instruction}");
    add("event_code_name", "scheme of the event code; the same in every language");
    add("event_code", "event code; the same in every language; empty: the scheme has none", "");
    return s;
  }();
  return spec;
}

namespace {

// The words of a file and of its bases, where the file itself has none; and where each stands.
void take_words(const std::string& path, MessageText& text, std::map<std::string, std::string>& places, int depth) {
  if (depth > 4) throw Error(path, "is its own base in the end", "end the chain of bases");
  static const TableSpec loose = [] {
    TableSpec s = message_text_spec();
    for (ParamSpec& p : s.params)
      if (!p.fallback) p.fallback = "";
    return s;
  }();
  const Config config = load_config(path, loose);
  text.files.push_back(path);
  for (const ParamSpec& p : loose.params) {
    if (p.key == "base" || text.words.count(p.key) || !config.root.given(p.key)) continue;
    text.words[p.key] = config.root.text(p.key);
    places[p.key] = config.root.place(p.key);
  }
  const std::string& base = config.root.text("base");
  if (base.empty()) return;
  const std::string folder = path.find('/') == std::string::npos ? "" : path.substr(0, path.rfind('/') + 1);
  take_words(folder + base + ".toml", text, places, depth + 1);
}

}  // namespace

MessageText load_message_text(const std::string& path, const std::string& hazard) {
  MessageText text;
  text.path = path;
  text.hazard = hazard;
  std::map<std::string, std::string> places;
  take_words(path, text, places, 0);
  for (const ParamSpec& p : message_text_spec().params) {
    if (text.words.count(p.key)) continue;
    if (!p.fallback) throw Error(path, "has no \"" + p.key + "\" (" + p.doc + ")", "add it, or name a base that has it");
    text.words[p.key] = *p.fallback;
  }
  text.language = text.words["language"];
  Values any, time{{"year", ""}, {"month", ""}, {"day", ""}, {"hour", ""}, {"minute", ""}, {"month_name", ""}, {"day_number", ""}, {"hour_number", ""}};
  for (const std::string& name : placeholders()) any[name] = "";
  Values brief = any;
  for (const char* name : {"headline", "description", "instruction", "sender_name"}) brief[name] = "";
  for (const auto& [key, word] : text.words) {
    const bool is_brief = std::find(std::begin(kBriefKeys), std::end(kBriefKeys), key) != std::end(kBriefKeys);
    fill_in(word, key == "time_form" || key == "spoken_time" ? time : is_brief ? brief : any, places.count(key) ? places[key] : path);
  }
  check_lengths(text, places);
  return text;
}

Wording wording(const MessageText& text, const Decision& d, const std::vector<std::string>& names, int offset, const std::string& prefix) {
  return Speaker(text, d, names, offset, prefix).wording();
}

ShortTexts short_texts(const MessageText& text, const Decision& d, const std::vector<std::string>& names, int offset, const std::string& prefix) {
  return Speaker(text, d, names, offset, prefix).short_texts();
}

}  // namespace guyu
