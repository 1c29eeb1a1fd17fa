#include "engine/verify/fractions_skill.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/verify/chunked_sum.h"

namespace guyu {
namespace {

constexpr std::int64_t kBandRows = 128;  // the rows that a band starts from are summed anew: few bands

// Word: the forecast's count in the lower half, the observation's in the upper. Sums and differences of words
// are those of both counts as long as the counts fit their half.
template <typename Word>
FractionsSkill band(const EventPairs& events, std::int64_t scale, std::int64_t first, std::int64_t last) {
  constexpr int kHalf = std::numeric_limits<Word>::digits / 2;
  const std::int64_t nx = events.nx(), half = scale / 2;
  const auto width = static_cast<std::size_t>(nx);
  std::vector<Word> column(width, 0);  // counts of the square's rows, by column
  std::vector<Word> prefix(width + static_cast<std::size_t>(scale) + 1,
                           0);  // [k]: columns before k - half, clipped to the grid
  const auto widen = [](std::uint8_t e) { return static_cast<Word>((Word{e} & 1U) | (Word{e} & 2U) << (kHalf - 1)); };
  const std::vector<std::uint8_t> none(width, 0);  // a row outside the grid
  const auto row = [&](std::int64_t j) { return j < 0 || j >= events.ny() ? none.data() : events.row(j); };
  // The square's rows move on: one comes in, one falls out.
  const auto move_on = [&](std::int64_t in, std::int64_t out) {
    const std::uint8_t *e = row(in), *gone = row(out);
    for (std::size_t i = 0; i < width; ++i) column[i] = static_cast<Word>(column[i] + widen(e[i]) - widen(gone[i]));
  };
  for (std::int64_t j = first - half; j < first + half; ++j) move_on(j, -1);
  double all_squares = 0, all_products = 0;  // a row's sums are whole numbers that fit, those of a band of very large squares would not
  for (std::int64_t j = first; j < last; ++j) {
    std::uint64_t squares = 0, products = 0;
    move_on(j + half, j == first ? -1 : j - half - 1);
    const auto lead = static_cast<std::size_t>(half) + 1;
    Word run = 0;
    for (std::size_t i = 0; i < width; ++i) prefix[lead + i] = run = static_cast<Word>(run + column[i]);
    std::fill(prefix.begin() + static_cast<std::ptrdiff_t>(lead + width), prefix.end(), run);
    const Word *from = prefix.data(), *to = prefix.data() + scale;
    for (std::size_t i = 0; i < width; ++i) {
      const Word both = static_cast<Word>(to[i] - from[i]);
      const std::uint64_t f = both & ((Word{1} << kHalf) - 1), o = both >> kHalf;
      squares += f * f + o * o;
      products += f * o;
    }
    all_squares += static_cast<double>(squares), all_products += static_cast<double>(products);
  }
  return {all_squares, all_products};
}

}  // namespace

double FractionsSkill::score() const { return squares > 0 ? 2 * products / squares : std::numeric_limits<double>::quiet_NaN(); }

EventPairs::EventPairs(FieldView<const float> forecast, FieldView<const float> observation, double threshold)
    : ny_(forecast.ny), nx_(forecast.nx), bits_(static_cast<std::size_t>(forecast.ny * forecast.nx)) {
  assert(observation.ny == ny_ && observation.nx == nx_);
  const auto limit = static_cast<float>(threshold);
  parallel_for(ny_, 32, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      const float *f = forecast.row(j), *o = observation.row(j);
      std::uint8_t* __restrict out = bits_.data() + j * nx_;
      for (std::int64_t i = 0; i < nx_; ++i) {
        const unsigned known = std::isunordered(f[i], o[i]) ? 0U : 1U;
        const unsigned said = static_cast<unsigned>(f[i] >= limit) & known;
        const unsigned was = static_cast<unsigned>(o[i] >= limit) & known;
        out[i] = static_cast<std::uint8_t>(said | was << 1);
      }
    }
  });
}

FractionsSkill fractions_skill(const EventPairs& events, int scale) {
  if (scale < 1 || scale % 2 == 0)
    throw Error("scale " + std::to_string(scale), "is no odd number of cells", "give 1, 3, 5, ...: the square needs a cell in its middle");
  return sum_in_chunks<FractionsSkill>(events.ny(), kBandRows, [&](std::int64_t first, std::int64_t last) {
    // 255 x 255 events still fit 16 bits.
    return scale <= 255 ? band<std::uint32_t>(events, scale, first, last) : band<std::uint64_t>(events, scale, first, last);
  });
}

}  // namespace guyu
