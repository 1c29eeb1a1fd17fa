#pragma once
#include <vector>

#include "engine/nowcast/cascade_model.h"
#include "hpc/parallel/random.h"

namespace guyu {

// One possible future of the rain, on the decibel scale and in the frame of the newest observation: it is
// carried along only afterwards. Holds two planes a level and one of scratch, 4 planes of the field in all.
// The model must outlive it.
class CascadeMember {
 public:
  // noisy = false: each scale only fades, the S-PROG mean of Seed (2003).
  CascadeMember(const CascadeModel& model, std::uint64_t seed, std::uint32_t member, bool noisy = true);
  // The next step, into `out` (dB; has values also where the newest frame is missing, as the model has).
  void step(FieldView<float> out);

 private:
  void step_level(std::size_t level, FieldView<float> out);
  struct State {
    Plane now, before, sum;  // sum: this level and all coarser ones, not kept for the finest
  };
  const CascadeModel& model_;
  std::vector<State> states_;
  std::uint64_t seed_;
  std::uint32_t member_, step_ = 0;
  bool noisy_;
};

}  // namespace guyu
