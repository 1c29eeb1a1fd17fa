#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/core/time.h"
#include "engine/downscale/bilinear_sampler.h"

namespace guyu {

// How rain varies below the scale of a forecast.
struct RainfarmOptions {
  double slope = 1.7;  // of the power spectrum along a line, P ~ k^-slope; that of the coarse field where it can be measured
  bool measure_slope = true;
  double spread = 1.0;       // standard deviation of the logarithm of the factors, all scales together
  double life_minutes = 20;  // of structures of one fine cell; that of larger ones grows with the 2/3 power of their size (inertial range)
  std::uint64_t seed = 1;
};

// Slope of the spectrum from the variance that block means lose when blocks double (Haar), over the scales from one cell to an eighth of the field;
// 1.7 where less than three scales or no rain are there. In [1, 3]. O(cells).
double spectral_slope(FieldView<const float> coarse);

// Disaggregation of rain in space and time, of the RainFARM family (Rebora and others 2006, J. Hydrometeorol. 7; D'Onofrio and others 2014): a noise with the
// coarse field's own spectrum, carried on below its scale, made lognormal, shapes a smooth field; then every coarse cell is scaled to its own amount. Instead
// of Fourier phases the noise is a sum of octaves of counter-based random numbers on ever finer meshes, with the same spectrum: it costs a few
// operations a cell, and row j, column i of member m at time t
// on one target grid is the same for any number of threads. (Another target grid has other structures.)
class Rainfarm {
 public:
  // Target cells belong to the coarse cell that their centre lies in; areas by latitude on longitude-latitude grids. Throws Error when PROJ has no way
  // between the CRSs or the target is coarser than the source.
  Rainfarm(const Grid& coarse, const Grid& fine, const RainfarmOptions& options);
  // `amount` on the coarse grid (mm, or a rate; NaN = missing) to `out` on the fine grid: never negative, dry where the coarse cell is dry, missing where it
  // is, and the area mean over each coarse cell's fine cells is its amount to float rounding (1e-6). `at`: structures of neighbouring times belong together;
  // members have their own.
  void operator()(FieldView<const float> amount, TimePoint at, std::uint32_t member, FieldView<float> out) const;

 private:
  struct Octave;
  std::vector<Octave> draw(TimePoint at, std::uint32_t member, std::span<const double> weight) const;

  Grid coarse_, fine_;
  BilinearSampler sampler_;
  RainfarmOptions options_;
  std::vector<std::int32_t> cell_;  // coarse cell of each fine one; -1: outside
  std::vector<float> row_area_;
  int octaves_ = 1;
};

}  // namespace guyu
