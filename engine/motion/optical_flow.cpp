#include "engine/motion/optical_flow.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/motion/common_shift.h"
#include "engine/motion/pyramid.h"
#include "engine/motion/repeated_scans.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr float kFallback = 0.02F;      // weight of the coarser scale where a node says something itself
constexpr double kUsualStep = 300;      // s between frames that the options speak of
constexpr std::int64_t kBlock = 4;      // level cells per control node
constexpr std::int64_t kCoarsest = 40;  // cells on the shorter side below which no further level is made
constexpr int kMaxLevels = 6;
constexpr float kEcho = 0.4F;            // ln(1 + rain / 0.2), i.e. 0.1 mm/h
constexpr std::int64_t kChunk = 16'384;  // level cells worth handing to another thread
constexpr int kTerms = 5;                // xx, xy, yy, x residual, y residual
using Terms = std::array<Plane, kTerms>;

struct Frame {
  std::vector<Plane> levels;
  std::vector<std::vector<std::uint8_t>> telling;  // cells of each level that count
  float age = 0;                                   // time before the anchor, in units of the mean step
};

struct Flow {
  Plane u, v;  // level cells per mean step
  Plane confidence;
};

// Sum over the (2 radius + 1)^2 window divided by its full area: less at the edges, where less is known.
void box_mean(Plane& p, int radius) {
  std::vector<float> line;
  const auto pass = [&](float* data, std::int64_t n, std::int64_t step) {
    line.resize(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) line[static_cast<std::size_t>(i)] = data[i * step];
    const double scale = 1.0 / (2 * radius + 1);
    double sum = 0;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(radius, n); ++i) sum += static_cast<double>(line[static_cast<std::size_t>(i)]);
    for (std::int64_t i = 0; i < n; ++i) {
      if (i + radius < n) sum += static_cast<double>(line[static_cast<std::size_t>(i + radius)]);
      if (i - radius > 0) sum -= static_cast<double>(line[static_cast<std::size_t>(i - radius - 1)]);
      data[i * step] = static_cast<float>(sum * scale);
    }
  };
  for (std::int64_t j = 0; j < p.ny; ++j) pass(p.row(j), p.nx, 1);
  for (std::int64_t i = 0; i < p.nx; ++i) pass(p.values.data() + i, p.ny, p.nx);
}

// Grain of a loop over control-grid planes: small ones are not worth a thread each.
std::int64_t planes_at_once(const Plane& p, int planes) { return p.ny * p.nx < 4000 ? planes : 1; }

// Normal equations of one level: products of the gradient and the mismatch, averaged over each node's block
// of cells.
Terms normal_equations(const Plane& now, std::span<const Frame> earlier, std::size_t level, const Flow& flow, float residual_scale) {
  const std::int64_t ny = now.ny, nx = now.nx;
  Terms terms;
  for (Plane& t : terms) t = Plane(flow.u.ny, flow.u.nx);
  const float inverse = 1 / (residual_scale * residual_scale);
  parallel_for(flow.u.ny, std::max<std::int64_t>(4, kChunk / (kBlock * nx)), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = std::max<std::int64_t>(begin * kBlock - 1, 0);
    const std::int64_t last = std::min(end * kBlock + 1, ny);
    const auto n = static_cast<std::size_t>(nx);
    std::vector<float> warped(static_cast<std::size_t>(last - first) * n), mean(warped.size()), dx(n), dy(n), scratch;
    std::array<std::vector<float>, kTerms> sums;
    SampleScratch samples;
    for (const Frame& frame : earlier) {
      const Plane& before = frame.levels[level];
      for (std::int64_t j = first; j < last; ++j) {
        expand_control_row(flow.u.view(), kBlock, j, nx, 0, nx, dx.data(), scratch);
        expand_control_row(flow.v.view(), kBlock, j, nx, 0, nx, dy.data(), scratch);
        float* w = warped.data() + (j - first) * nx;
        float* m = mean.data() + (j - first) * nx;
        sample_row(before.view(), j, 0, nx, dx.data(), dy.data(), frame.age, w, samples);
        const float* a = now.row(j);
        for (std::int64_t i = 0; i < nx; ++i) m[i] = 0.5F * (a[i] + w[i]);
      }
      for (std::int64_t c = begin; c < end; ++c) {
        for (auto& s : sums) s.assign(static_cast<std::size_t>(flow.u.nx * kBlock), 0.0F);
        for (std::int64_t j = std::max<std::int64_t>(c * kBlock, 1); j < std::min((c + 1) * kBlock, ny - 1); ++j) {
          const float* w = warped.data() + (j - first) * nx;
          const float* m = mean.data() + (j - first) * nx;
          const float* above = m - nx;
          const float* below = m + nx;
          const float* a = now.row(j);
          float* xx = sums[0].data();
          float* xy = sums[1].data();
          float* yy = sums[2].data();
          float* bx = sums[3].data();
          float* by = sums[4].data();
          const float age = frame.age;
          const std::uint8_t* telling = frame.telling[level].data() + j * nx;
          for (std::int64_t i = 1; i < nx - 1; ++i) {
            const float gx = 0.5F * (m[i + 1] - m[i - 1]) * age, gy = 0.5F * (below[i] - above[i]) * age;
            const float e = w[i] - a[i];
            const float known = gx + gy + e;
            const float weight = 1 / (1 + e * e * inverse);
            const bool ok = known == known && telling[i] != 0;
            xx[i] += ok ? weight * gx * gx : 0.0F;
            xy[i] += ok ? weight * gx * gy : 0.0F;
            yy[i] += ok ? weight * gy * gy : 0.0F;
            bx[i] += ok ? weight * gx * e : 0.0F;
            by[i] += ok ? weight * gy * e : 0.0F;
          }
        }
        for (int t = 0; t < kTerms; ++t) {
          const float* s = sums[static_cast<std::size_t>(t)].data();
          float* out = terms[static_cast<std::size_t>(t)].row(c);
          for (std::int64_t i = 0; i < flow.u.nx; ++i) {
            out[i] += (s[4 * i] + s[4 * i + 1] + s[4 * i + 2] + s[4 * i + 3]) * (1.0F / (kBlock * kBlock));
          }
        }
      }
    }
  });
  return terms;
}

// One step of every node towards the least mismatch of its window, held back by the coarser level's motion.
void update(Flow& flow, const Flow& prior, const Terms& t, float stiffness) {
  for (std::size_t i = 0; i < flow.u.values.size(); ++i) {
    const float a = t[0].values[i] + stiffness, b = t[1].values[i], d = t[2].values[i] + stiffness;
    const float p = t[3].values[i] + stiffness * (prior.u.values[i] - flow.u.values[i]);
    const float q = t[4].values[i] + stiffness * (prior.v.values[i] - flow.v.values[i]);
    const float det = std::max(a * d - b * b, stiffness * stiffness);
    const float du = (d * p - b * q) / det, dv = (a * q - b * p) / det;
    const float length = std::sqrt(du * du + dv * dv);
    const float cut = length > 1.5F ? 1.5F / length : 1.0F;
    flow.u.values[i] += du * cut;
    flow.v.values[i] += dv * cut;
    const float half = 0.5F * (t[0].values[i] + t[2].values[i]);
    const float spread = std::sqrt(std::max(0.25F * (t[0].values[i] - t[2].values[i]) * (t[0].values[i] - t[2].values[i]) + b * b, 0.0F));
    const float least = std::max(half - spread, 0.0F);
    flow.confidence.values[i] = least / (least + 4 * stiffness);
  }
}

// Confidence-weighted averaging that turns away nodes unlike their surroundings and, where nothing is known,
// keeps `fallback`.
void robust_smooth(Flow& flow, const Plane& fallback_u, const Plane& fallback_v, int radius, float floor_weight) {
  const std::size_t n = flow.u.values.size();
  std::vector<float> trust = flow.confidence.values;
  Plane mean_u, mean_v;
  for (int round = 0; round < 3; ++round) {
    std::array<Plane, 3> sums;
    for (Plane& s : sums) s = Plane(flow.u.ny, flow.u.nx);
    for (std::size_t i = 0; i < n; ++i) {
      sums[0].values[i] = trust[i] * flow.u.values[i] + floor_weight * fallback_u.values[i];
      sums[1].values[i] = trust[i] * flow.v.values[i] + floor_weight * fallback_v.values[i];
      sums[2].values[i] = trust[i] + floor_weight;
    }
    parallel_for(3, planes_at_once(flow.u, 3), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k) box_mean(sums[static_cast<std::size_t>(k)], radius);
    });
    for (std::size_t i = 0; i < n; ++i) {
      sums[0].values[i] /= sums[2].values[i];
      sums[1].values[i] /= sums[2].values[i];
      const float du = flow.u.values[i] - sums[0].values[i], dv = flow.v.values[i] - sums[1].values[i];
      trust[i] = flow.confidence.values[i] / (1 + 4 * (du * du + dv * dv));
    }
    mean_u = std::move(sums[0]);
    mean_v = std::move(sums[1]);
  }
  flow.u = std::move(mean_u);
  flow.v = std::move(mean_v);
}

Flow refine(const Flow& coarse, std::int64_t ny, std::int64_t nx) {
  Flow fine{Plane(ny, nx), Plane(ny, nx), Plane(ny, nx)};
  std::vector<float> scratch;
  for (std::int64_t j = 0; j < ny; ++j) {
    expand_control_row(coarse.u.view(), 2, j, nx, 0, nx, fine.u.row(j), scratch);
    expand_control_row(coarse.v.view(), 2, j, nx, 0, nx, fine.v.row(j), scratch);
    expand_control_row(coarse.confidence.view(), 2, j, nx, 0, nx, fine.confidence.row(j), scratch);
  }
  for (float& x : fine.u.values) x *= 2;
  for (float& x : fine.v.values) x *= 2;
  return fine;
}

void solve_level(Flow& flow, const Plane& now, std::span<const Frame> earlier, std::size_t level, const MotionOptions& o, float caution) {
  const Flow prior = flow;
  const int radius = static_cast<int>(std::clamp<std::int64_t>(std::min(flow.u.ny, flow.u.nx) / 6, 1, o.window));
  for (int k = 0; k < o.iterations; ++k) {
    Terms terms = normal_equations(now, earlier, level, flow, o.residual_scale);
    parallel_for(kTerms, planes_at_once(flow.u, kTerms), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t) {
        for (int pass = 0; pass < 2; ++pass) box_mean(terms[static_cast<std::size_t>(t)], radius);
      }
    });
    update(flow, prior, terms, o.stiffness * caution);
  }
  robust_smooth(flow, prior.u, prior.v, radius, kFallback * caution);
}

// Newest frame first.
void mark_telling_cells(std::span<Frame> stack) {
  for (std::size_t level = 0; level < stack.front().levels.size(); ++level) {
    std::vector<const Plane*> earlier;
    for (const Frame& f : stack.subspan(1)) earlier.push_back(&f.levels[level]);
    auto telling = telling_cells(stack.front().levels[level], earlier);
    for (std::size_t k = 0; k < telling.size(); ++k) stack[k + 1].telling.push_back(std::move(telling[k]));
  }
}

std::int64_t echo_cells(const Plane& p) {
  return std::count_if(p.values.begin(), p.values.end(), [](float x) { return x > kEcho; });
}
bool any_valid(const Plane& p) {
  return std::any_of(p.values.begin(), p.values.end(), [](float x) { return !std::isnan(x); });
}

// Coarsest level: nodes without echo take the confidence-weighted mean of all.
void fill_from_mean(Flow& flow) {
  double su = 0, sv = 0, sw = 0;
  for (std::size_t i = 0; i < flow.u.values.size(); ++i) {
    const double w = static_cast<double>(flow.confidence.values[i]) + 1e-6;
    su += w * static_cast<double>(flow.u.values[i]);
    sv += w * static_cast<double>(flow.v.values[i]);
    sw += w;
  }
  const Plane mean_u(flow.u.ny, flow.u.nx, static_cast<float>(su / sw)), mean_v(flow.u.ny, flow.u.nx, static_cast<float>(sv / sw));
  robust_smooth(flow, mean_u, mean_v, 2, kFallback);
}

void cut_speed(Motion& m, float limit) {
  for (std::size_t i = 0; i < m.u.size(); ++i) {
    const float speed = std::hypot(m.u[i], m.v[i]);
    if (speed <= limit) continue;
    const float cut = std::isfinite(speed) ? limit / speed : 0.0F;
    m.u[i] = std::isfinite(m.u[i]) ? m.u[i] * cut : 0.0F;
    m.v[i] = std::isfinite(m.v[i]) ? m.v[i] * cut : 0.0F;
  }
}

}  // namespace

Motion estimate_motion(std::span<const FieldView<const float>> frames, std::span<const TimePoint> times, const MotionOptions& options) {
  if (frames.size() != times.size()) throw Error("motion", "as many times as frames are needed");
  if (frames.empty() || frames.back().ny <= 0 || frames.back().nx <= 0) throw Error("motion", "no frame was given");
  const std::int64_t ny = frames.back().ny, nx = frames.back().nx;
  std::int64_t factor = 1;
  while (((ny + factor - 1) / factor) * ((nx + factor - 1) / factor) > std::max<std::int64_t>(options.max_cells, 64)) factor *= 2;

  Motion motion;
  motion.field_ny = ny;
  motion.field_nx = nx;
  motion.factor = factor * kBlock;
  motion.ny = (ny + motion.factor - 1) / motion.factor;
  motion.nx = (nx + motion.factor - 1) / motion.factor;
  const auto nodes = static_cast<std::size_t>(motion.ny * motion.nx);
  motion.u.assign(nodes, 0.0F);
  motion.v.assign(nodes, 0.0F);
  motion.confidence.assign(nodes, 0.0F);

  std::vector<Plane> images;
  std::vector<TimePoint> image_times;
  const auto leave_out = [&](std::size_t k, const char* why) {
    motion.note += (motion.note.empty() ? "" : "; ") + ("frame of " + to_iso(times[k])) + " left out: " + why;
  };
  for (std::size_t k = frames.size(); k-- > 0;) {  // newest first
    if (frames[k].ny != ny || frames[k].nx != nx) {
      leave_out(k, "another shape");
    } else if (!image_times.empty() && times[k] >= image_times.back()) {
      leave_out(k, "not older than the next");
    } else {
      Plane image = log_rain_blocks(frames[k], factor);
      if (!any_valid(image)) {
        leave_out(k, "no data");
        continue;
      }
      images.push_back(std::move(image));
      image_times.push_back(times[k]);
    }
  }
  const auto no_motion = [&](const char* why) {
    motion.note = std::string("motion is zero: ") + why + (motion.note.empty() ? "" : "; ") + motion.note;
    return motion;
  };
  if (images.size() < 2) return no_motion("fewer than two usable frames");
  constexpr std::int64_t kFewest = 4;  // averaged cells with echo
  std::int64_t echo_before = 0;
  for (std::size_t k = 1; k < images.size(); ++k) echo_before = std::max(echo_before, echo_cells(images[k]));
  if (echo_cells(images[0]) < kFewest || echo_before < kFewest) return no_motion("no echo");

  int levels = 1;
  for (std::int64_t side = std::min(images[0].ny, images[0].nx); levels < kMaxLevels && side / 2 >= kCoarsest; side /= 2) ++levels;
  const double step = static_cast<double>((image_times.front() - image_times.back()).count()) / static_cast<double>(images.size() - 1);
  std::vector<Frame> stack;
  for (std::size_t k = 0; k < images.size(); ++k) {
    stack.push_back(
        {build_pyramid(std::move(images[k]), levels), {}, static_cast<float>(static_cast<double>((image_times.front() - image_times[k]).count()) / step)});
  }
  mark_telling_cells(stack);
  const std::vector<Plane>& now = stack.front().levels;
  const std::span<const Frame> earlier(stack.begin() + 1, stack.end());

  const auto before_at = [&](std::size_t level) {
    std::vector<AgedPlane> planes;
    for (const Frame& f : earlier) planes.push_back({&f.levels[level], f.age});
    return planes;
  };

  // Displacements are as uncertain over a short time as over a long one, so speeds from frames close together are less certain: their variance goes with
  // the square of the spacing. Close frames also share their errors (a mosaic holds some radars' scans twice), which further frames do not average out: with
  // the cube goes the weight of what the coarser scales say.
  const auto caution = static_cast<float>(std::clamp(std::pow(kUsualStep / step, 3), 0.1, 30.0));
  Flow flow;
  for (int l = levels - 1; l >= 0; --l) {
    const auto level = static_cast<std::size_t>(l);
    const std::int64_t rows = (now[level].ny + kBlock - 1) / kBlock, columns = (now[level].nx + kBlock - 1) / kBlock;
    if (l == levels - 1) {
      const double reach = static_cast<double>(options.max_cells_per_second) * step / static_cast<double>(factor << l);
      const auto guess = common_shift(now[level], before_at(level), reach);
      flow = {Plane(rows, columns, guess[0]), Plane(rows, columns, guess[1]), Plane(rows, columns)};
    } else {
      flow = refine(flow, rows, columns);
    }
    solve_level(flow, now[level], earlier, level, options, caution);
    if (l == levels - 1) fill_from_mean(flow);
  }
  const auto scale = static_cast<float>(static_cast<double>(factor) / step);
  for (std::size_t i = 0; i < nodes; ++i) {
    motion.u[i] = flow.u.values[i] * scale;
    motion.v[i] = flow.v.values[i] * scale;
    motion.confidence[i] = flow.confidence.values[i];
  }
  cut_speed(motion, options.max_cells_per_second);
  return motion;
}

}  // namespace guyu
