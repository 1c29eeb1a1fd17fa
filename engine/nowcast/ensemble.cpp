#include "engine/nowcast/ensemble.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/cascade_member.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

using Frames = std::span<const FieldView<const float>>;
using Times = std::span<const TimePoint>;

// What all members that start from one frame have in common.
class Start {
 public:
  // The members' first step lies `ahead` and one step after the newest of these frames.
  Start(Frames frames, Times times, const Motion& motion, const EnsembleOptions& options, Seconds ahead)
      : options_(options), newest_(frames.back()), model_(build_cascade_model(frames, times, motion, options.cascade)), mapping_(newest_, options.matching),
        skip_(static_cast<int>(std::lround(static_cast<double>(ahead.count()) / static_cast<double>(options.cascade.step.count())))) {
    for (int s = 1; s <= options.steps; ++s) {
      displacements_.push_back(displacements_.empty() ? Displacement(motion) : displacements_.back());
      displacements_.back().advance_to(static_cast<double>((ahead + s * options.cascade.step).count()));
      shown_.push_back(mapping_.seen().grown(std::llround(options.motion.reach(displacements_.back().seconds()))));
    }
  }

  // Those members, as many at a time as there are threads.
  void run(std::span<const int> members, bool noisy, const EnsembleSink& sink) const {
    std::vector<Worker> workers(std::min(static_cast<std::size_t>(num_threads()), members.size()));
    for (Worker& w : workers) w.rate = w.moved = Plane(newest_.ny, newest_.nx);
    for (std::size_t at = 0; at < members.size(); at += workers.size()) {
      const auto count = static_cast<std::int64_t>(std::min(workers.size(), members.size() - at));
      for (std::int64_t k = 0; k < count; ++k) {
        Worker& w = workers[static_cast<std::size_t>(k)];
        w.number = static_cast<std::uint32_t>(members[at + static_cast<std::size_t>(k)]);
        w.member.reset();  // or two of them would be held
        w.member = std::make_unique<CascadeMember>(model_, options_.seed, w.number, noisy);
      }
      for (int s = 1 - skip_; s <= options_.steps; ++s) {
        parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t k = begin; k < end; ++k) step(workers[static_cast<std::size_t>(k)], s, noisy);
        });
        for (std::int64_t k = 0; k < count && s > 0; ++k) {
          const Worker& w = workers[static_cast<std::size_t>(k)];
          sink(static_cast<int>(w.number), s, w.moved.view());
        }
      }
    }
  }

 private:
  struct Worker {
    std::uint32_t number = 0;
    std::unique_ptr<CascadeMember> member;
    Plane rate, moved;
  };
  // Steps before 1 lie between an earlier frame and the newest one and are not shown.
  void step(Worker& w, int s, bool noisy) const {
    w.member->step(w.rate.view());
    if (s < 1) return;
    const auto k = static_cast<std::size_t>(s - 1);
    const Displacement& common = displacements_[k];
    mapping_.apply(w.rate.view(), shown_[k]);
    if (!noisy) {
      advect(std::as_const(w.rate).view(), common.view(), w.moved.view());
      return;
    }
    const MemberDisplacement own = perturb(common, common.seconds(), options_.motion, options_.seed, w.number);
    advect(std::as_const(w.rate).view(), own.view(common.view()), BeyondGrid{mapping_.seen(), options_.motion.reach(common.seconds())}, w.moved.view());
  }

  const EnsembleOptions& options_;
  FieldView<const float> newest_;
  CascadeModel model_;
  RateMapping mapping_;
  int skip_;                                 // steps of memory and noise before the first shown one: as many as fit, for the place goes by the time itself
  std::vector<Displacement> displacements_;  // [step - 1]
  std::vector<SeenArea> shown_;              // of the frame: how far beyond its edge rain may come from, as the place is uncertain
};

void check(Frames frames, Times times, const Motion& motion, const EnsembleOptions& options) {
  if (frames.empty() || frames.size() != times.size()) throw Error("nowcast", "no frame to start from");
  if (options.members < 1 || options.steps < 1) throw Error("nowcast", "an ensemble needs members and steps");
  if (options.lagged < 0 || options.lagged > options.members) throw Error("nowcast", "lagged members must be some of the members");
  if (frames.back().ny < 1 || frames.back().nx < 1) throw Error("nowcast", "the newest frame has no cells");
  if (frames.back().ny != motion.field_ny || frames.back().nx != motion.field_nx) throw Error("nowcast", "the motion belongs to a grid of another shape");
  if (!(options.motion.cell_km > 0)) throw Error("nowcast", "the size of a cell must be positive");
}

}  // namespace

struct MemberMaker::State {
  State(Frames f, Times t, const Motion& m, const EnsembleOptions& o) : frames(f.begin(), f.end()), times(t.begin(), t.end()), motion(m), options(o) {}

  const Start& newest() {
    if (!from_newest) from_newest.emplace(frames, times, motion, options, Seconds(0));
    return *from_newest;
  }
  // Of members that start one frame earlier and have seen the newest one no more than anybody.
  const Start& before() {
    if (from_before) return *from_before;
    const Frames older = Frames(frames).first(frames.size() - 1);
    const Times when = Times(times).first(times.size() - 1);
    if (older.size() > 1) motion_before = estimate_motion(older, when);
    return from_before.emplace(older, when, motion_before ? *motion_before : motion, options, std::max(times.back() - when.back(), Seconds(0)));
  }

  const std::vector<FieldView<const float>> frames;
  const std::vector<TimePoint> times;
  const Motion& motion;
  const EnsembleOptions& options;
  std::optional<Motion> motion_before;
  std::optional<Start> from_newest, from_before;
};

MemberMaker::MemberMaker(Frames frames, Times times, const Motion& motion, const EnsembleOptions& options) {
  check(frames, times, motion, options);
  state_ = std::make_unique<State>(frames, times, motion, options);
}

MemberMaker::~MemberMaker() = default;

void MemberMaker::make(std::span<const int> members, const EnsembleSink& sink) {
  const EnsembleOptions& o = state_->options;
  for (std::size_t k = 0; k < members.size(); ++k) {
    if (members[k] < 0 || members[k] >= o.members || (k > 0 && members[k] <= members[k - 1]))
      throw Error("nowcast", "the members to make must be some of the ensemble's, ascending");
  }
  const int first_lagged = state_->frames.size() > 1 ? o.members - o.lagged : o.members;  // of one frame alone all start
  const auto newest = static_cast<std::size_t>(std::lower_bound(members.begin(), members.end(), first_lagged) - members.begin());
  if (newest > 0) state_->newest().run(members.first(newest), true, sink);
  if (newest < members.size()) state_->before().run(members.subspan(newest), true, sink);
}

void run_ensemble(Frames frames, Times times, const Motion& motion, const EnsembleOptions& options, const EnsembleSink& sink) {
  std::vector<int> all(static_cast<std::size_t>(std::max(options.members, 0)));
  std::iota(all.begin(), all.end(), 0);
  MemberMaker(frames, times, motion, options).make(all, sink);
}

void run_sprog(Frames frames, Times times, const Motion& motion, const EnsembleOptions& options, const EnsembleSink& sink) {
  EnsembleOptions certain = options;
  certain.members = 1, certain.lagged = 0;  // it is one field, whatever the ensemble beside it
  check(frames, times, motion, certain);
  certain.motion.scale = 0;
  certain.cascade.memory = 1;  // as measured: here the scales' own forgetting is what is asked for
  constexpr int kOnly[] = {0};
  Start(frames, times, motion, certain, Seconds(0)).run(kOnly, false, sink);
}

}  // namespace guyu
