#include "alerts/cap/cap_values.h"

#include <charconv>
#include <chrono>
#include <cmath>

namespace guyu {
namespace {
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The digits at `at`, or nothing when one of them is none.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return {};
    value = value * 10 + (text[i] - '0');
  }
  return value;
}
}  // namespace

std::optional<TimePoint> cap_time(std::string_view t) {
  if (t.size() != 25 || t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':' || t[22] != ':') return {};
  if (t[19] != '+' && t[19] != '-') return {};
  const auto year = digits(t, 0, 4), month = digits(t, 5, 2), day = digits(t, 8, 2), hour = digits(t, 11, 2), minute = digits(t, 14, 2),
             second = digits(t, 17, 2), off_hour = digits(t, 20, 2), off_minute = digits(t, 23, 2);
  if (!year || !month || !day || !hour || !minute || !second || !off_hour || !off_minute || *year == 0) return {};
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *minute > 59 || *second > 59 || *off_minute > 59) return {};
  if (*hour > 24 || (*hour == 24 && (*minute || *second))) return {};
  const int offset = *off_hour * 60 + *off_minute;
  if (offset > 14 * 60) return {};
  const TimePoint local = std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + Seconds(*second);
  return local - std::chrono::minutes(t[19] == '-' ? -offset : offset);
}

std::optional<double> decimal(std::string_view w) {
  if (!w.empty() && w.front() == '+') w.remove_prefix(1);
  if (w.empty() || w.front() == '+') return {};
  double value = 0;
  const auto [end, error] = std::from_chars(w.data(), w.data() + w.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != w.data() + w.size() || !std::isfinite(value)) return {};
  return value;
}

std::optional<Point> lat_lon(std::string_view w) {
  const std::size_t comma = w.find(',');
  if (comma == std::string_view::npos) return {};
  const auto lat = decimal(w.substr(0, comma)), lon = decimal(w.substr(comma + 1));
  if (!lat || !lon) return {};
  return Point{*lon, *lat};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    while (i < text.size() && is_space(text[i])) ++i;
    const std::size_t begin = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    if (i > begin) words.push_back(text.substr(begin, i - begin));
  }
  return words;
}

std::vector<std::string> quoted_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, any = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (is_space(c) && !quoted) {
      if (any) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

std::optional<CapReference> cap_reference(std::string_view w) {
  const std::size_t a = w.find(',');
  if (a == std::string_view::npos) return {};
  const std::size_t b = w.find(',', a + 1);
  if (b == std::string_view::npos) return {};
  const std::string_view sender = w.substr(0, a), identifier = w.substr(a + 1, b - a - 1);
  const auto sent = cap_time(w.substr(b + 1));
  if (!is_cap_name(sender) || !is_cap_name(identifier) || !sent) return {};
  return CapReference{std::string(sender), std::string(identifier), *sent};
}

bool is_cap_name(std::string_view text) { return !text.empty() && text.find_first_of(" ,<&\t\r\n") == std::string_view::npos; }

}  // namespace guyu
