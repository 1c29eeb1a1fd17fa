#include "hpc/bench/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/verify/crps.h"
#include "engine/verify/fractions_skill.h"
#include "hpc/bench/workload.h"

namespace guyu::bench {
namespace {

constexpr std::size_t kScoredMembers = 24;
constexpr std::int64_t kAreaRows = 760, kAreaColumns = 1226;

// The frame moved by a few cells, another way for each member, and made stronger or weaker.
Field member_of(const Field& rain, std::size_t m) {
  const auto view = rain.view();
  Field out(rain.grid(), {});
  const double angle = static_cast<double>(m), reach = 2 + static_cast<double>(m % 7);
  const auto dj = static_cast<std::int64_t>(reach * std::sin(angle)), di = static_cast<std::int64_t>(reach * std::cos(angle));
  const auto strength = static_cast<float>(1 + 0.03 * std::sin(2 * angle));
  for (std::int64_t j = 0; j < view.ny; ++j)
    for (std::int64_t i = 0; i < view.nx; ++i)
      out.view()(j, i) = strength * view(std::clamp<std::int64_t>(j + dj, 0, view.ny - 1), std::clamp<std::int64_t>(i + di, 0, view.nx - 1));
  return out;
}

double cells(const Rain& rain) { return static_cast<double>(rain.grid.size()); }

}  // namespace

std::vector<Measurement> verify_crps(const StageOptions& o) {
  const Rain rain = cut(mosaic(1), kAreaRows, kAreaColumns);
  std::vector<Field> fields;
  for (std::size_t m = 0; m < kScoredMembers; ++m) fields.push_back(member_of(rain.frames.front(), m));
  std::vector<std::span<const float>> members;
  for (const Field& f : fields) members.push_back(f.values());
  Measurement m{"verify.crps",
                fmt::format("{}, {} x {}, {} members, one lead", rain.origin, kAreaRows, kAreaColumns, kScoredMembers),
                0,
                o.repeats,
                4 * cells(rain) * (kScoredMembers + 1),
                0,
                0.17,
                {},
                {}};
  double guard = 0;  // keeps the call from being dropped
  m.seconds = median_seconds(m.repeats, [&] { guard += crps(members, rain.frames.front().values()).score(); });
  if (guard < 0) m.data += "?";
  return {m};
}

std::vector<Measurement> verify_fss(const StageOptions& o) {
  const Rain rain = cut(mosaic(1), kAreaRows, kAreaColumns);
  const Field forecast = member_of(rain.frames.front(), 1);
  Measurement m{
      "verify.fss", fmt::format("{}, {} x {}, 1 mm/h, 11 cells", rain.origin, kAreaRows, kAreaColumns), 0, o.repeats, 2 * 4 * cells(rain), 0, 0.0045, {}, {}};
  double guard = 0;
  m.seconds = median_seconds(m.repeats, [&] { guard += fractions_skill(EventPairs(forecast.view(), rain.frames.front().view(), 1.0), 11).score(); });
  if (guard < 0) m.data += "?";
  return {m};
}

}  // namespace guyu::bench
