#include "cli/run/extrapolate_rain.h"

#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

// Adds the step; NaN stays, so that what is unknown once is unknown in the total.
void add_to(Field& total, const Field& step) {
  const auto sum = total.values();
  const auto mm = step.values();
  parallel_for(static_cast<std::int64_t>(sum.size()), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) sum[i] += mm[i];
  });
}

}  // namespace

std::vector<Interval> extrapolation_steps(TimePoint newest, TimePoint issue, Seconds until, Seconds step) {
  std::vector<Interval> steps;
  if (newest < issue) steps.push_back({newest, issue});
  for (TimePoint t = issue; t < issue + until; t += step) steps.push_back({t, std::min(t + step, issue + until)});
  return steps;
}

ExtrapolatedRain extrapolate_rain(const MotionFrames& frames, const RunConfig& config, TimePoint issue, RegionMeans& means, RunReport& report,
                                  const std::function<void(const Field& amount)>& each) {
  ExtrapolatedRain out;
  if (frames.rates.empty()) return out;
  const Field& newest = *frames.rates.back();
  const TimePoint observed = frames.times.back();
  {
    StageTimer timer(report, "motion");
    std::vector<FieldView<const float>> views;
    for (const FieldPtr& f : frames.rates) views.push_back(f->view());
    out.motion = estimate_motion(views, frames.times);
    timer.add_bytes(static_cast<std::int64_t>(views.size()) * newest.grid().size() * 4);
    if (frames.rates.size() < 2) report.degraded.push_back("motion: only one usable radar frame; echoes are held where they are");
    else if (!out.motion.note.empty()) report.notes.push_back("motion: " + out.motion.note);
  }
  StageTimer timer(report, "extrapolate");
  double in_regions = 0;
  Extrapolator extrapolator(newest.view(), out.motion);
  FieldMeta meta = newest.meta;
  meta.quantity = quantities::precipitation_amount();
  meta.kind = TimeKind::accumulation;
  meta.reference = issue;
  Field step(newest.grid(), meta);
  for (const Interval& interval : extrapolation_steps(observed, issue, config.extrapolate_until, config.extrapolate_step)) {
    step.meta.valid = interval;
    extrapolator.accumulate(interval.begin - observed, interval.end - observed, step.view());
    timer.add_bytes(step.grid().size() * 4);
    const auto started = std::chrono::steady_clock::now();
    out.slots.push_back(means(step));
    in_regions += std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (interval.begin < issue) continue;
    if (!out.total) {
      out.total = step.clone();
    } else {
      add_to(*out.total, step);
      out.total->meta.valid.end = interval.end;
    }
    each(step);
  }
  report.stages.push_back({"extrapolate.regions", in_regions, 0});
  return out;
}

}  // namespace guyu::cli
