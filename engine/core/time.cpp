#include "engine/core/time.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdio>

#include "engine/core/error.h"

namespace guyu {
namespace {
using namespace std::chrono;

struct Civil {
  int y;
  unsigned mo, d;
  long h, mi, s;
};

Civil civil(TimePoint t) {
  const auto day = floor<days>(t);
  const year_month_day ymd{day};
  const hh_mm_ss hms{t - day};
  return {static_cast<int>(ymd.year()),           static_cast<unsigned>(ymd.month()),       static_cast<unsigned>(ymd.day()),
          static_cast<long>(hms.hours().count()), static_cast<long>(hms.minutes().count()), static_cast<long>(hms.seconds().count())};
}
}  // namespace

std::string to_iso(TimePoint t) {
  const Civil c = civil(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.y, c.mo, c.d, c.h, c.mi, c.s);
}

std::string to_compact(TimePoint t) {
  const Civil c = civil(t);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.y, c.mo, c.d, c.h, c.mi, c.s);
}

std::string to_iso_offset(TimePoint t, int offset_minutes) {
  const Civil c = civil(t + minutes(offset_minutes));
  const int a = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", c.y, c.mo, c.d, c.h, c.mi, c.s, offset_minutes < 0 ? '-' : '+', a / 60, a % 60);
}

TimePoint parse_time(std::string_view text) {
  const std::string s(text);
  int y = 0, mo = 1, d = 1, h = 0, mi = 0, sec = 0, used = 0, oh = 0, om = 0;
  char sign = 0;
  const auto fail = [&] { return Error("", "cannot read the time '" + s + "'", "write it as 2019-06-10T00:10:00Z"); };
  const bool compact = s.size() >= 8 && s.find('-') == std::string::npos;
  if (compact) {
    std::string digits;
    for (const char c : s) {
      if (std::isdigit(static_cast<unsigned char>(c))) digits += c;
      else if (c != 'T' && c != 'Z' && c != '_') throw fail();
    }
    if (digits.size() != 8 && digits.size() != 10 && digits.size() != 12 && digits.size() != 14) throw fail();
    digits.resize(14, '0');
    std::sscanf(digits.c_str(), "%4d%2d%2d%2d%2d%2d", &y, &mo, &d, &h, &mi, &sec);
  } else {
    if (std::sscanf(s.c_str(), "%4d-%2d-%2d%n", &y, &mo, &d, &used) != 3) throw fail();
    const char* rest = s.c_str() + used;
    if (*rest == 'T' || *rest == ' ') {
      ++rest;
      if (std::sscanf(rest, "%2d%n", &h, &used) != 1) throw fail();
      rest += used;
      if (*rest == ':') {
        if (std::sscanf(rest, ":%2d%n", &mi, &used) != 1) throw fail();
        rest += used;
      }
      if (*rest == ':') {
        if (std::sscanf(rest, ":%2d%n", &sec, &used) != 1) throw fail();
        rest += used;
      }
      if (*rest == '.') {
        ++rest;
        while (std::isdigit(static_cast<unsigned char>(*rest))) ++rest;
      }
      if (*rest == '+' || *rest == '-') {
        sign = *rest;
        if (std::sscanf(rest + 1, "%2d:%2d%n", &oh, &om, &used) != 2) throw fail();
        rest += 1 + used;
      } else if (*rest == 'Z') {
        ++rest;
      }
    }
    if (*rest != '\0') throw fail();
  }
  const year_month_day ymd{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!ymd.ok() || h > 24 || mi > 59 || sec > 60 || h < 0 || mi < 0 || sec < 0) throw fail();
  TimePoint t = sys_days{ymd} + hours(h) + minutes(mi) + seconds(sec);
  if (sign == '+') t -= hours(oh) + minutes(om);
  if (sign == '-') t += hours(oh) + minutes(om);
  return t;
}

}  // namespace guyu
