#include "engine/downscale/rainfarm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "engine/core/error.h"
#include "engine/regrid/line_mapper.h"
#include "engine/regrid/source_index.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/random.h"

namespace guyu {
namespace {

constexpr std::int64_t kRows = 16;
constexpr std::uint32_t kStream = 96;  // and one more for each octave, below 128: rows of normal numbers of their own

// Weights of a mesh point and its neighbours for a smooth curve through random numbers: quadratic B-spline, so that the noise has no creases.
struct Spline {
  std::int64_t first;
  double w[3];
};
Spline spline(double x) {
  const double middle = std::floor(x + 0.5), t = x - middle + 0.5;
  return {static_cast<std::int64_t>(middle) - 1, {0.5 * (1 - t) * (1 - t), 0.5 + t - t * t, 0.5 * t * t}};
}
double sum_of_squares(const Spline& s) { return s.w[0] * s.w[0] + s.w[1] * s.w[1] + s.w[2] * s.w[2]; }

}  // namespace

// Random numbers on a mesh of `cell` fine cells, carried to the fine cells by the spline, with the standard deviation `weight` everywhere.
struct Rainfarm::Octave {
  struct Column {
    std::int64_t first;
    std::array<float, 3> w;
  };
  double cell, weight;
  Plane mesh;
  std::vector<Column> columns;  // of each fine column

  Octave(double cells, double deviation, std::int64_t ny, std::int64_t nx)
      : cell(cells), weight(deviation),
        mesh(static_cast<std::int64_t>(static_cast<double>(ny) / cells) + 4, static_cast<std::int64_t>(static_cast<double>(nx) / cells) + 4) {
    for (std::int64_t i = 0; i < nx; ++i) {
      const Spline s = spline(static_cast<double>(i) / cell + 1);
      const double norm = 1 / std::sqrt(sum_of_squares(s));
      columns.push_back({s.first, {static_cast<float>(s.w[0] * norm), static_cast<float>(s.w[1] * norm), static_cast<float>(s.w[2] * norm)}});
    }
  }

  // Along the mesh's columns first, which are fewer.
  void add_row(std::int64_t j, std::vector<float>& line, std::vector<float>& to) const {
    const Spline s = spline(static_cast<double>(j) / cell + 1);
    const double norm = weight / std::sqrt(sum_of_squares(s));
    const auto a = static_cast<float>(s.w[0] * norm), b = static_cast<float>(s.w[1] * norm), c = static_cast<float>(s.w[2] * norm);
    const float *north = mesh.row(s.first), *middle = mesh.row(s.first + 1), *south = mesh.row(s.first + 2);
    line.resize(static_cast<std::size_t>(mesh.nx));
    for (std::size_t k = 0; k < line.size(); ++k) line[k] = a * north[k] + b * middle[k] + c * south[k];
    for (std::size_t i = 0; i < to.size(); ++i) {
      const Column& at = columns[i];
      const float* from = line.data() + at.first;
      to[i] += at.w[0] * from[0] + at.w[1] * from[1] + at.w[2] * from[2];
    }
  }
};

double spectral_slope(FieldView<const float> coarse) {
  constexpr double kUsual = 1.7;
  std::vector<double> lost;
  Plane p(coarse.ny, coarse.nx);
  double rain = 0;
  for (std::int64_t j = 0; j < coarse.ny; ++j) {
    for (std::int64_t i = 0; i < coarse.nx; ++i) {
      const float v = coarse(j, i);
      p.row(j)[i] = std::isnan(v) ? 0.0F : v;
      rain += static_cast<double>(p.row(j)[i]);
    }
  }
  if (rain <= 0) return kUsual;
  while (std::min(p.ny, p.nx) >= 8) {
    Plane half(p.ny / 2, p.nx / 2);
    double sum = 0;
    for (std::int64_t j = 0; j < half.ny; ++j) {
      for (std::int64_t i = 0; i < half.nx; ++i) {
        const float* a = p.row(2 * j) + 2 * i;
        const float* b = p.row(2 * j + 1) + 2 * i;
        const float mean = 0.25F * (a[0] + a[1] + b[0] + b[1]);
        half.row(j)[i] = mean;
        for (const float v : {a[0], a[1], b[0], b[1]}) sum += static_cast<double>((v - mean) * (v - mean));
      }
    }
    lost.push_back(sum / static_cast<double>(4 * half.ny * half.nx));
    p = std::move(half);
  }
  if (lost.size() < 3 || lost.front() <= 0 || lost.back() <= 0) return kUsual;
  // The variance between L and 2 L goes as L^(slope - 1): least squares of its logarithm on octaves.
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t k = 0; k < lost.size(); ++k) {
    if (lost[k] <= 0) continue;
    const double x = static_cast<double>(k), y = std::log2(lost[k]);
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  return std::clamp(1 + (n * sxy - sx * sy) / (n * sxx - sx * sx), 1.0, 3.0);
}

Rainfarm::Rainfarm(const Grid& coarse, const Grid& fine, const RainfarmOptions& options)
    : coarse_(coarse), fine_(fine), sampler_(coarse, fine), options_(options) {
  cell_.assign(static_cast<std::size_t>(fine.size()), -1);
  const SourceIndex index(coarse);
  const double period = coarse.is_latlon() ? 360 / coarse.dx() : 0;
  const LineMapper mapper(
      coarse, fine,
      [coarse](double x, double y) {
        return PlanePoint{coarse.column_of(x), coarse.row_of(y)};
      },
      {1e-4, 1e-4}, period);
  std::vector<double> ratio(static_cast<std::size_t>(fine.ny()), 0.0);
  parallel_for(fine.ny(), kRows, [&](std::int64_t begin, std::int64_t end) {
    std::vector<PlanePoint> places(static_cast<std::size_t>(fine.nx()));
    for (std::int64_t j = begin; j < end; ++j) {
      mapper.map(static_cast<double>(j), 0, 1, places);
      for (std::int64_t i = 0; i < fine.nx(); ++i) {
        double u = places[static_cast<std::size_t>(i)].u;
        const double v = places[static_cast<std::size_t>(i)].s;
        if (!std::isfinite(u) || !std::isfinite(v)) continue;
        if (index.wraps()) u -= static_cast<double>(coarse.nx()) * std::floor((u + 0.5) / static_cast<double>(coarse.nx()));
        const auto column = static_cast<std::int64_t>(std::floor(u + 0.5)), row = static_cast<std::int64_t>(std::floor(v + 0.5));
        if (column < 0 || row < 0 || column >= coarse.nx() || row >= coarse.ny()) continue;
        cell_[static_cast<std::size_t>(j * fine.nx() + i)] = static_cast<std::int32_t>(row * coarse.nx() + column);
      }
      const PlanePoint a = places.front(), b = places.back();
      if (fine.nx() > 1 && std::isfinite(a.u + b.u)) ratio[static_cast<std::size_t>(j)] = std::abs(b.u - a.u) / static_cast<double>(fine.nx() - 1);
    }
  });
  double per_cell = 0;  // coarse cells a fine cell is wide
  for (const double r : ratio) per_cell = std::max(per_cell, r);
  if (per_cell >= 1) throw Error("rainfarm", "the target grid is no finer than the source", "disaggregate to cells smaller than the forecast's");
  octaves_ = std::max(1, static_cast<int>(std::lround(std::log2(1 / std::max(per_cell, 1e-4)))));  // 13 at most
  for (std::int64_t j = 0; j < fine.ny(); ++j)
    row_area_.push_back(fine.is_in_degrees() ? static_cast<float>(std::cos(fine.y(static_cast<double>(j)) * std::numbers::pi / 180)) : 1.0F);
}

// Each octave is drawn on its own mesh once, between the two times around this one.
std::vector<Rainfarm::Octave> Rainfarm::draw(TimePoint at, std::uint32_t member, std::span<const double> weight) const {
  const double minutes = static_cast<double>(at.time_since_epoch().count()) / 60;
  std::vector<Octave> octaves;
  for (int o = 0; o < octaves_; ++o) {
    Octave& octave = octaves.emplace_back(std::exp2(o), weight[static_cast<std::size_t>(o)], fine_.ny(), fine_.nx());
    const double life = options_.life_minutes * std::pow(octave.cell, 2.0 / 3), time = minutes / life, before = std::floor(time), part = time - before;
    const double scale = 1 / std::sqrt((1 - part) * (1 - part) + part * part);
    const auto first = static_cast<float>((1 - part) * scale), second = static_cast<float>(part * scale);
    const auto stream = [&](int k) {
      return RandomStream{options_.seed, kStream + static_cast<std::uint32_t>(o), member, static_cast<std::uint32_t>(static_cast<std::int64_t>(before) + k)};
    };
    parallel_for(octave.mesh.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
      std::vector<float> next(static_cast<std::size_t>(octave.mesh.nx));
      for (std::int64_t r = begin; r < end; ++r) {
        float* const row = octave.mesh.row(r);
        stream(0).fill_row(static_cast<std::uint32_t>(r), octave.mesh.nx, row);
        stream(1).fill_row(static_cast<std::uint32_t>(r), octave.mesh.nx, next.data());
        for (std::size_t c = 0; c < next.size(); ++c) row[c] = first * row[c] + second * next[c];
      }
    });
  }
  return octaves;
}

void Rainfarm::operator()(FieldView<const float> amount, TimePoint at, std::uint32_t member, FieldView<float> out) const {
  const double slope = options_.measure_slope ? spectral_slope(amount) : options_.slope;
  std::vector<double> weight;  // of each octave, variances in the ratio that the spectrum has
  double all = 0;
  for (int o = 0; o < octaves_; ++o) {
    weight.push_back(std::exp2((slope - 1) * o));
    all += weight.back();
  }
  for (double& x : weight) x = std::sqrt(x / all) * options_.spread;

  // Smooth base: the coarse field between its cells. A dry cell counts as much below zero as its wet neighbours are above, so that their rain fades out at the
  // common border instead of ending there as on a cliff.
  const auto rain = [&](std::int64_t j, std::int64_t i) { return std::isnan(amount(j, i)) ? 0.0F : std::max(amount(j, i), 0.0F); };
  Plane filled(amount.ny, amount.nx);
  for (std::int64_t j = 0; j < amount.ny; ++j) {
    for (std::int64_t i = 0; i < amount.nx; ++i) {
      float& v = filled.row(j)[i];
      v = rain(j, i);
      if (v > 0) continue;
      float sum = 0;
      int wet = 0;
      for (std::int64_t b = std::max<std::int64_t>(j - 1, 0); b <= std::min(j + 1, amount.ny - 1); ++b) {
        for (std::int64_t a = std::max<std::int64_t>(i - 1, 0); a <= std::min(i + 1, amount.nx - 1); ++a) {
          const float other = rain(b, a);
          if (other > 0) sum += other, ++wet;
        }
      }
      if (wet > 0) v = -sum / static_cast<float>(wet);
    }
  }
  const Plane& base = filled;
  const std::vector<Octave> octaves = draw(at, member, weight);
  parallel_for(out.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    BilinearSampler::Scratch scratch;
    std::vector<float> smooth(static_cast<std::size_t>(out.nx)), logarithm(smooth.size()), line;
    for (std::int64_t j = begin; j < end; ++j) {
      const std::int32_t* const cell = cell_.data() + j * out.nx;
      const auto is_wet = [&](std::int32_t c) { return c >= 0 && amount(c / coarse_.nx(), c % coarse_.nx()) > 0; };
      if (std::none_of(cell, cell + out.nx, is_wet)) {
        std::fill_n(out.row(j), out.nx, 0.0F);
        continue;
      }
      sampler_.row(j, base.view(), smooth.data(), scratch);
      std::fill(logarithm.begin(), logarithm.end(), 0.0F);
      for (const Octave& o : octaves) o.add_row(j, line, logarithm);
      for (std::int64_t i = 0; i < out.nx; ++i) {
        if (!is_wet(cell[i])) {
          out(j, i) = 0;
          continue;
        }
        // A floor, so that a cell whose neighbours are all dry has somewhere to put its amount.
        const float smoothed = smooth[static_cast<std::size_t>(i)], least = 0.01F * base.values[static_cast<std::size_t>(cell[i])];
        out(j, i) = (std::isnan(smoothed) ? least : std::max(smoothed, least)) * std::exp(logarithm[static_cast<std::size_t>(i)]);
      }
    }
  });
  std::vector<double> sum(static_cast<std::size_t>(coarse_.size())), area(sum.size());
  for (std::int64_t j = 0; j < out.ny; ++j) {
    const auto a = static_cast<double>(row_area_[static_cast<std::size_t>(j)]);
    for (std::int64_t i = 0; i < out.nx; ++i) {
      const std::int32_t c = cell_[static_cast<std::size_t>(j * out.nx + i)];
      if (c < 0) continue;
      sum[static_cast<std::size_t>(c)] += a * static_cast<double>(out(j, i));
      area[static_cast<std::size_t>(c)] += a;
    }
  }
  parallel_for(out.ny, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t j = begin; j < end; ++j) {
      for (std::int64_t i = 0; i < out.nx; ++i) {
        const std::int32_t c = cell_[static_cast<std::size_t>(j * out.nx + i)];
        if (c < 0) {
          out(j, i) = std::numeric_limits<float>::quiet_NaN();
          continue;
        }
        const float whole = amount(c / coarse_.nx(), c % coarse_.nx());
        const double s = sum[static_cast<std::size_t>(c)];
        out(j, i) = std::isnan(whole) ? whole
                    : whole <= 0 || s <= 0
                        ? 0.0F
                        : static_cast<float>(static_cast<double>(out(j, i)) * static_cast<double>(whole) * area[static_cast<std::size_t>(c)] / s);
      }
    }
  });
}

}  // namespace guyu
