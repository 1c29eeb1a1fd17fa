#include "engine/nowcast/cascade_member.h"

#include <algorithm>
#include <utility>

#include "engine/nowcast/cascade_noise.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {

CascadeMember::CascadeMember(const CascadeModel& model, std::uint64_t seed, std::uint32_t member, bool noisy)
    : model_(model), seed_(seed), member_(member), noisy_(noisy) {
  for (std::size_t l = 0; l < model.levels.size(); ++l) {
    const CascadeModel::Level& from = model.levels[l];
    states_.push_back({from.now, from.before, l == 0 ? Plane() : Plane(from.now.ny, from.now.nx)});
  }
}

void CascadeMember::step(FieldView<float> out) {
  ++step_;
  for (std::size_t l = states_.size(); l-- > 0;) step_level(l, l == 0 ? out : states_[l].sum.view());
}

void CascadeMember::step_level(std::size_t l, FieldView<float> out) {
  const CascadeModel::Level& level = model_.levels[l];
  State& state = states_[l];
  const std::int64_t nx = state.now.nx;
  const auto phi1 = static_cast<float>(level.memory.phi1), phi2 = static_cast<float>(level.memory.phi2);
  const float kept = (1 - phi1 - phi2) * level.centre;
  const Plane* coarser = l + 1 < states_.size() ? &states_[l + 1].sum : nullptr;
  const RandomStream stream{seed_, static_cast<std::uint32_t>(l), member_, step_};
  parallel_for(state.now.ny, std::max<std::int64_t>(32, 65'536 / nx), [&](std::int64_t begin, std::int64_t end) {
    NoiseRows noise(stream, level.kernel, nx);
    std::vector<float> mixed;
    for (std::int64_t j = begin; j < end; ++j) {
      const float* now = state.now.row(j);
      float* next = state.before.row(j);
      for (std::int64_t i = 0; i < nx; ++i) next[i] = kept + phi1 * now[i] + phi2 * next[i];
      if (noisy_) {
        const float* strength = level.strength.row(j);
        for (const SeenArea::Run& run : level.active.row(j)) {
          const float* z = noise.row(j, run.begin, run.end);
          for (std::int32_t i = run.begin; i < run.end; ++i) next[i] += strength[i] * z[i];
        }
      }
      float* sum = out.row(j);
      std::copy_n(next, nx, sum);
      if (coarser) add_expanded_row(*coarser, j, nx, sum, mixed);
    }
  });
  std::swap(state.now, state.before);
}

}  // namespace guyu
