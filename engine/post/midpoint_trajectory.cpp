#include "engine/post/midpoint_trajectory.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Lower of the two cells between which a position lies, and the share of the way to the next.
struct Between {
  std::int64_t cell;
  double share;
};
Between between(double position, std::int64_t n) {
  const std::int64_t cell = std::min(static_cast<std::int64_t>(position), std::max<std::int64_t>(n - 2, 0));
  return {cell, position - static_cast<double>(cell)};
}

double bilinear(FieldView<const float> f, double row, double column) {
  const Between y = between(row, f.ny), x = between(column, f.nx);
  const std::int64_t y1 = std::min(y.cell + 1, f.ny - 1), x1 = std::min(x.cell + 1, f.nx - 1);
  const auto along = [&](std::int64_t j) { return (1 - x.share) * double{f(j, x.cell)} + (x.share > 0 ? x.share * double{f(j, x1)} : 0.0); };
  return (1 - y.share) * along(y.cell) + (y.share > 0 ? y.share * along(y1) : 0.0);
}

}  // namespace

MidpointTrajectory::MidpointTrajectory(FieldView<const float> u, FieldView<const float> v)
    : u_(u), v_(v), row_(static_cast<std::size_t>(u.ny * u.nx), 0.0), column_(row_), last_(row_.size()) {
  assert(u.ny == v.ny && u.nx == v.nx);
  for (std::int64_t j = 0; j < u.ny; ++j) {
    for (std::int64_t i = 0; i < u.nx; ++i) {
      if (std::isnan(u(j, i)) || std::isnan(v(j, i)))
        throw Error("extrapolation", "the motion is missing at row " + std::to_string(j) + ", column " + std::to_string(i), "fill it in first");
      last_[static_cast<std::size_t>(j * u.nx + i)] = {double{u(j, i)}, double{v(j, i)}};
    }
  }
}

MidpointTrajectory::Step MidpointTrajectory::motion(double row, double column) const {
  const double y = std::clamp(row, 0.0, static_cast<double>(u_.ny - 1)), x = std::clamp(column, 0.0, static_cast<double>(u_.nx - 1));
  return {bilinear(u_, y, x), bilinear(v_, y, x)};
}

void MidpointTrajectory::step() {
  parallel_for(u_.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < u_.nx; ++i) {
        const auto k = static_cast<std::size_t>(j * u_.nx + i);
        const double row = static_cast<double>(j) + row_[k], column = static_cast<double>(i) + column_[k];
        const Step half = motion(row - last_[k].v / 2, column - last_[k].u / 2);
        row_[k] -= half.v, column_[k] -= half.u;
        last_[k] = motion(row - half.v, column - half.u);
      }
    }
  });
}

void MidpointTrajectory::sample(FieldView<const float> field, Sampling sampling, FieldView<float> carried) const {
  assert(field.ny == u_.ny && field.nx == u_.nx && carried.ny == u_.ny && carried.nx == u_.nx);
  const double last_row = static_cast<double>(u_.ny - 1), last_column = static_cast<double>(u_.nx - 1);
  parallel_for(u_.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < u_.nx; ++i) {
        const auto k = static_cast<std::size_t>(j * u_.nx + i);
        const double row = static_cast<double>(j) + row_[k], column = static_cast<double>(i) + column_[k];
        if (row < 0 || row > last_row || column < 0 || column > last_column) carried(j, i) = kMissing;
        else if (sampling == Sampling::nearest)
          carried(j, i) = field(static_cast<std::int64_t>(std::floor(row + 0.5)), static_cast<std::int64_t>(std::floor(column + 0.5)));
        else carried(j, i) = static_cast<float>(bilinear(field, row, column));
      }
    }
  });
}

void accumulate_rates(std::span<const FieldView<const float>> rates, double step_hours, FieldView<float> amount) {
  if (rates.size() < 2) throw Error("accumulation", std::to_string(rates.size()) + " rates span no time", "give two or more");
  parallel_for(amount.ny, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < amount.nx; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < rates.size(); ++k) sum += (k == 0 || k + 1 == rates.size() ? 0.5 : 1.0) * double{rates[k](j, i)};
        amount(j, i) = static_cast<float>(sum * step_hours);
      }
    }
  });
}

}  // namespace guyu
