#pragma once
#include <cstddef>
#include <cstdint>

#include "models/rules/rule_plan.h"

namespace guyu::passes {

// Passes over a block of regions where every value is known, so that yes is all there is to an answer: comparison, nearness and combination at once, in loops
// that compilers turn into vector instructions.

using Mask = std::int32_t;
constexpr Mask kYes = -1;
inline Mask mask(bool b) { return b ? kYes : 0; }

// A value, turned so that more is farther.
template <bool Upward>
float turned(float v) {
  return Upward ? v : -v;
}
inline float nearness(float v, const Limit& l) {
  const float near = 1 + (v - l.level) * l.scale;
  return near > kFar ? near : kFar;
}

// How a condition joins those before it.
enum class Join { first, both, either };
template <Join J>
void join(Mask yes, float near, Mask& all_yes, float& all_near) {
  if constexpr (J == Join::first) all_yes = yes, all_near = near;
  else if constexpr (J == Join::both) all_yes &= yes, all_near = near < all_near ? near : all_near;
  else all_yes |= yes, all_near = near > all_near ? near : all_near;
}

// A condition whose farthest value is known: v of the samples that count, past of those before them.
struct Farthest {
  const float *v, *past;  // past: may be v
  bool past_holds;        // what is past holds on
};
template <bool Upward, Join J>
void judge_exactly(const Farthest& f, const Limit* limits, std::size_t step, std::size_t n, Mask* __restrict yes, float* __restrict near) {
  const float *v = f.v, *past = f.past;
  const auto one = [&](std::size_t k, bool past_holds, const Limit& l) {
    const float now = turned<Upward>(v[k]), then = turned<Upward>(past[k]), farther = then > now ? then : now;
    join<J>(mask((past_holds ? farther : now) >= l.least), nearness(farther, l), yes[k], near[k]);
  };
  const Limit l = limits[0];
  if (step > 0)
    for (std::size_t k = 0; k < n; ++k) one(k, f.past_holds, limits[k]);
  else if (f.past_holds)
    for (std::size_t k = 0; k < n; ++k) one(k, true, l);
  else
    for (std::size_t k = 0; k < n; ++k) one(k, false, l);
}
template <bool Upward>
void judge_exactly(const Farthest& f, const Limit* limits, std::size_t step, std::size_t n, Join j, Mask* yes, float* near) {
  if (j == Join::first) judge_exactly<Upward, Join::first>(f, limits, step, n, yes, near);
  else if (j == Join::both) judge_exactly<Upward, Join::both>(f, limits, step, n, yes, near);
  else judge_exactly<Upward, Join::either>(f, limits, step, n, yes, near);
}

// Two conditions at each of two moments, all values known: rows a[i] and b[i].
template <bool UpwardA, bool UpwardB>
void pair_at_times(const float* const* a, const float* const* b, const Limit& of_a, const Limit& of_b, std::size_t n, Mask* __restrict yes,
                   float* __restrict near) {
  const float *a0 = a[0], *a1 = a[1], *b0 = b[0], *b1 = b[1];
  const Limit la = of_a, lb = of_b;
  for (std::size_t k = 0; k < n; ++k) {
    const float xa = turned<UpwardA>(a0[k]), xb = turned<UpwardB>(b0[k]), ya = turned<UpwardA>(a1[k]), yb = turned<UpwardB>(b1[k]);
    const float near_xa = nearness(xa, la), near_xb = nearness(xb, lb), near_ya = nearness(ya, la), near_yb = nearness(yb, lb);
    const float near_x = near_xa < near_xb ? near_xa : near_xb, near_y = near_ya < near_yb ? near_ya : near_yb;
    yes[k] |= (mask(xa >= la.least) & mask(xb >= lb.least)) | (mask(ya >= la.least) & mask(yb >= lb.least));
    const float nearer = near_x > near_y ? near_x : near_y;
    near[k] = nearer > near[k] ? nearer : near[k];
  }
}

}  // namespace guyu::passes
