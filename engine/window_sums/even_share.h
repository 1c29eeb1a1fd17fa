#pragma once
#include <cstdint>

#include "engine/core/time.h"

namespace guyu {

// The part of an amount that falls in some of its time when it is even over it: whole units, and the parts of one amount that follow each other add up to it.
class EvenShare {
 public:
  EvenShare(const Interval& whole, const Interval& part)
      : begin_(seconds(part.begin - whole.begin)), end_(seconds(part.end - whole.begin)), all_(seconds(whole.length())) {}
  // Needs amounts below 2^32 and intervals below 2^31 s.
  std::uint32_t operator()(std::uint32_t amount) const { return static_cast<std::uint32_t>(amount * end_ / all_ - amount * begin_ / all_); }

 private:
  static std::uint64_t seconds(Seconds s) { return static_cast<std::uint64_t>(s.count()); }
  std::uint64_t begin_, end_, all_;
};

}  // namespace guyu
