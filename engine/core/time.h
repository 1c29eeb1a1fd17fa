#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace guyu {

using TimePoint = std::chrono::sys_seconds;  // UTC
using Seconds = std::chrono::seconds;

// Half-open accumulation or validity period (begin, end]; begin == end is an instant.
struct Interval {
  TimePoint begin{}, end{};
  Seconds length() const { return end - begin; }
  bool operator==(const Interval&) const = default;
};

// How a value holds in time. An instant has begin == end; an accumulation, mean or extreme holds over (begin, end].
enum class TimeKind { instant, accumulation, mean, maximum, minimum };

// "2019-06-10T00:10:00Z"
std::string to_iso(TimePoint t);
// "20190610T001000Z", for file names
std::string to_compact(TimePoint t);
// "2019-06-10T08:10:00+08:00", the form that CAP demands
std::string to_iso_offset(TimePoint t, int offset_minutes);
// Accepts YYYY-MM-DD[T| ]HH[:MM[:SS]][Z|+hh:mm] and YYYYMMDDHHMM[SS]; throws Error naming the text.
TimePoint parse_time(std::string_view text);

}  // namespace guyu
