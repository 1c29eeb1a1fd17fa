#include "engine/nowcast/ensemble.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/cascade_member.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

struct Worker {
  std::unique_ptr<CascadeMember> member;
  Plane rate, moved;
};

}  // namespace

void run_ensemble(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times,
                  const Motion& motion, const EnsembleOptions& options, const EnsembleSink& sink) {
  if (options.members < 1 || options.steps < 1) throw Error("nowcast", "an ensemble needs members and steps");
  if (frames.empty()) throw Error("nowcast", "no frame to start from");
  const FieldView<const float> newest = frames.back();
  if (newest.ny < 1 || newest.nx < 1) throw Error("nowcast", "the newest frame has no cells");
  if (newest.ny != motion.field_ny || newest.nx != motion.field_nx)
    throw Error("nowcast", "the motion belongs to a grid of another shape");
  if (!(options.motion.cell_km > 0)) throw Error("nowcast", "the size of a cell must be positive");
  const CascadeModel model = build_cascade_model(frames, times, motion, options.cascade);
  const RateMapping mapping(newest, options.matching);
  std::vector<Displacement> displacements;
  for (int s = 1; s <= options.steps; ++s) {
    displacements.push_back(displacements.empty() ? Displacement(motion) : displacements.back());
    displacements.back().advance_to(static_cast<double>(s * options.cascade.step.count()));
  }

  std::vector<SeenArea>
      shown;  // of the newest frame: how far beyond its edge rain may come from, as the place is uncertain
  for (const Displacement& d : displacements)
    shown.push_back(mapping.seen().grown(std::llround(options.motion.reach(d.seconds()))));

  std::vector<Worker> workers(static_cast<std::size_t>(std::min(num_threads(), options.members)));
  for (Worker& w : workers) w.rate = w.moved = Plane(newest.ny, newest.nx);
  for (int first = 0; first < options.members; first += static_cast<int>(workers.size())) {
    const auto count =
        std::min<std::int64_t>(static_cast<std::int64_t>(workers.size()), options.members - first);
    const auto member_of = [&](std::int64_t k) {
      return static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(k);
    };
    for (std::int64_t k = 0; k < count; ++k)
      workers[static_cast<std::size_t>(k)].member =
          std::make_unique<CascadeMember>(model, options.seed, member_of(k));
    for (int s = 1; s <= options.steps; ++s) {
      const Displacement& common = displacements[static_cast<std::size_t>(s - 1)];
      parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t k = begin; k < end; ++k) {
          Worker& w = workers[static_cast<std::size_t>(k)];
          w.member->step(w.rate.view());
          mapping.apply(w.rate.view(), shown[static_cast<std::size_t>(s - 1)]);
          const MemberDisplacement own =
              perturb(common, common.seconds(), options.motion, options.seed, member_of(k));
          advect(std::as_const(w.rate).view(), own.view(common.view()), w.moved.view());
        }
      });
      for (std::int64_t k = 0; k < count; ++k)
        sink(first + static_cast<int>(k), s,
             std::as_const(workers[static_cast<std::size_t>(k)].moved).view());
    }
  }
}

}  // namespace guyu
