#include "cli/ensemble/member_task.h"

#include "cli/forecast/rain_to_blend.h"
#include "engine/core/field_packing.h"
#include "engine/core/hash.h"
#include "engine/nowcast/cascade_model.h"
#include "guyu_version.h"

namespace guyu::cli {
namespace {

void hash_plane(Hasher& h, FieldView<const float> plane) {
  h.integer(plane.ny).integer(plane.nx);
  for (std::int64_t j = 0; j < plane.ny; ++j) h.bytes(plane.row(j), static_cast<std::size_t>(plane.nx) * sizeof(float));
}

void hash_options(Hasher& h, const EnsembleOptions& o) {
  h.integer(o.members).integer(o.lagged).integer(static_cast<std::int64_t>(o.seed)).integer(o.steps);
  h.integer(o.cascade.scales).integer(o.cascade.step.count()).number(o.cascade.memory);
  for (const float v : {o.cascade.noise, o.cascade.trend, o.cascade.locality}) h.number(static_cast<double>(v));
  h.integer(static_cast<int>(o.matching)).number(o.motion.scale).number(o.motion.cell_km);
  for (int k = 0; k < 3; ++k) h.number(o.motion.along[k]).number(o.motion.across[k]);
}

// Without their coverage, which members do not look at: it is rounded where planes are joined, and would tell apart what is the same rain.
void pack_planes(Packer& p, const std::vector<RainPlanePtr>& planes) {
  p.put(planes.size());
  for (const RainPlanePtr& plane : planes) p.put(plane->interval.begin).put(plane->interval.end).list(plane->wet).list(plane->amount).list(plane->unknown);
}

std::vector<RainPlanePtr> take_planes(Unpacker& u) {
  std::vector<RainPlanePtr> planes(u.take<std::size_t>());
  for (RainPlanePtr& plane : planes) {
    RainPlane p;
    p.interval.begin = u.take<TimePoint>(), p.interval.end = u.take<TimePoint>();
    p.wet = u.list<RainPlane::Run>(), p.amount = u.list<std::uint32_t>(), p.unknown = u.list<RainPlane::Run>();
    plane = std::make_shared<const RainPlane>(std::move(p));
  }
  return planes;
}

void pack_windows(Packer& p, const WindowPlan& w) {
  p.put(w.wanted.size());
  for (const WindowWanted& wanted : w.wanted) {
    p.put(wanted.window).put(wanted.statistics.size());
    for (const ZonalStatistic& s : wanted.statistics) p.put(s.kind).put(s.parameter).text(s.name);
  }
  p.list(w.ends);
  pack_planes(p, w.observed);
  pack_planes(p, w.forecast);
  p.put(w.to_come);
}

WindowPlan take_windows(Unpacker& u) {
  WindowPlan w;
  w.wanted.resize(u.take<std::size_t>());
  for (WindowWanted& wanted : w.wanted) {
    wanted.window = u.take<Seconds>();
    wanted.statistics.resize(u.take<std::size_t>());
    for (ZonalStatistic& s : wanted.statistics) s.kind = u.take<ZonalStatistic::Kind>(), s.parameter = u.take<double>(), s.name = u.text();
  }
  w.ends = u.list<TimePoint>();
  w.observed = take_planes(u);
  w.forecast = take_planes(u);
  w.to_come = u.take<bool>();
  return w;
}

std::size_t packed_size(const WindowPlan& w) {
  std::size_t size = 0;
  for (const auto* planes : {&w.observed, &w.forecast})
    for (const RainPlanePtr& p : *planes) size += 64 + (p->wet.size() + p->unknown.size()) * sizeof(RainPlane::Run) + p->amount.size() * sizeof(std::uint32_t);
  return size;
}

}  // namespace

std::vector<FieldView<const float>> MemberTask::views() const {
  std::vector<FieldView<const float>> views;
  for (const FieldPtr& f : frames) views.push_back(f->view());
  return views;
}

std::string MemberTask::pack() const {
  std::size_t size = 4096;  // of all that is short
  for (const FieldPtr& f : frames) size += f->values().size_bytes();
  size += (motion.u.size() + motion.v.size() + motion.confidence.size()) * sizeof(float);
  size += weights.row_area.size() * sizeof(double) + weights.regions.size() * sizeof(ZonalWeights::Region);
  size += weights.runs.size() * sizeof(ZonalWeights::Run) + weights.cells.size() * sizeof(ZonalWeights::Cell);
  size += packed_size(windows);
  Packer p(size);
  p.put(frames.size());
  pack_grid(p, frames.back()->grid());
  for (const FieldPtr& f : frames) p.put(f->meta.kind).put(f->meta.valid.begin).put(f->meta.valid.end).list(f->values());
  p.list(times);
  p.put(motion.ny).put(motion.nx).put(motion.field_ny).put(motion.field_nx).put(motion.factor).list(motion.u).list(motion.v).list(motion.confidence);
  p.put(options.members).put(options.lagged).put(options.seed).put(options.steps).put(options.cascade).put(options.matching).put(options.motion);
  p.put(forecast_files.size());
  for (const std::string& f : forecast_files) p.text(f);
  p.put(forecast_arrived).put(planes);
  pack_windows(p, windows);
  p.put(weights.nx).put(weights.ny).list(weights.row_area).list(weights.regions).list(weights.runs).list(weights.cells);
  return p.take();
}

MemberTask MemberTask::unpack(const std::string& bytes) {
  Unpacker u(bytes);
  MemberTask t;
  const auto frames = u.take<std::size_t>();
  const Grid grid = take_grid(u);
  for (std::size_t k = 0; k < frames; ++k) {
    FieldMeta meta;
    meta.quantity = quantities::rainfall_rate();
    meta.kind = u.take<TimeKind>();
    meta.valid.begin = u.take<TimePoint>();
    meta.valid.end = u.take<TimePoint>();
    Field f(grid, meta);
    u.list_into(f.values());
    t.frames.push_back(std::make_shared<const Field>(std::move(f)));
  }
  t.times = u.list<TimePoint>();
  t.motion.ny = u.take<std::int64_t>(), t.motion.nx = u.take<std::int64_t>();
  t.motion.field_ny = u.take<std::int64_t>(), t.motion.field_nx = u.take<std::int64_t>();
  t.motion.factor = u.take<std::int64_t>();
  t.motion.u = u.list<float>(), t.motion.v = u.list<float>(), t.motion.confidence = u.list<float>();
  t.options.members = u.take<int>(), t.options.lagged = u.take<int>();
  t.options.seed = u.take<std::uint64_t>(), t.options.steps = u.take<int>();
  t.options.cascade = u.take<CascadeOptions>(), t.options.matching = u.take<Matching>(), t.options.motion = u.take<MotionSpread>();
  const auto files = u.take<std::size_t>();
  for (std::size_t k = 0; k < files; ++k) t.forecast_files.push_back(u.text());
  t.forecast_arrived = u.take<bool>(), t.planes = u.take<bool>();
  t.windows = take_windows(u);
  t.weights.nx = u.take<std::int64_t>(), t.weights.ny = u.take<std::int64_t>();
  t.weights.row_area = u.list<double>();
  t.weights.regions = u.list<ZonalWeights::Region>();
  t.weights.runs = u.list<ZonalWeights::Run>();
  t.weights.cells = u.list<ZonalWeights::Cell>();
  return t;
}

TaskBlend read_blend(const MemberTask& task) {
  TaskBlend out;
  if (task.forecast_files.empty()) return out;
  const Field& newest = *task.frames.back();
  const EnsembleOptions& o = task.options;
  std::vector<Decorrelation> memory;
  for (const CascadeModel::Level& level : build_cascade_model(task.views(), task.times, task.motion, o.cascade).levels) memory.push_back(level.decorrelation);
  RainToBlend rain = rain_to_blend(task.forecast_files, task.frames, task.forecast_arrived, o.steps * o.cascade.step, static_cast<int>(memory.size()));
  out.notes = std::move(rain.notes);
  out.problems = std::move(rain.problems);
  if (rain.forecast.members.empty()) return out;
  Hasher h;
  for (const auto& member : rain.forecast.members) {
    h.integer(static_cast<std::int64_t>(member.size()));
    for (const ForecastRate& r : member) {
      h.integer(r.valid.begin.time_since_epoch().count()).integer(r.valid.end.time_since_epoch().count());
      hash_plane(h, r.rate.view());
    }
  }
  for (const float c : rain.forecast.skill.correlation) h.number(static_cast<double>(c));
  out.hash = h.hex();
  out.blend.emplace(std::move(rain.forecast), std::move(memory), task.times.back(), o.cascade.step, newest.grid().ny(), newest.grid().nx());
  return out;
}

std::string member_key(const MemberTask& task, const TaskBlend& blend) {
  Hasher h;
  h.text(kVersion).text(task.frames.back()->grid().hash());
  for (const FieldPtr& f : task.frames) hash_plane(h, f->view());
  for (const TimePoint t : task.times) h.integer(t.time_since_epoch().count());
  hash_plane(h, task.motion.u_view());
  hash_plane(h, task.motion.v_view());
  h.bytes(task.motion.confidence.data(), task.motion.confidence.size() * sizeof(float)).integer(task.motion.factor);
  hash_options(h, task.options);
  h.text(blend.hash);
  const ZonalWeights& w = task.weights;
  h.integer(static_cast<std::int64_t>(w.regions.size()));
  for (const ZonalWeights::Region& r : w.regions) h.number(r.total_area).number(r.covered_area).integer(static_cast<std::int64_t>(r.cell_end - r.cell_begin));
  h.bytes(w.runs.data(), w.runs.size() * sizeof(ZonalWeights::Run)).bytes(w.cells.data(), w.cells.size() * sizeof(ZonalWeights::Cell));
  if (!task.windows.empty()) {
    Packer p(packed_size(task.windows));
    pack_windows(p, task.windows);
    h.text(p.take());
  }
  return h.hex();
}

}  // namespace guyu::cli
