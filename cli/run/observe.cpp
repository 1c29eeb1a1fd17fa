#include "cli/run/observe.h"

#include "cli/run/load_rain.h"
#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"

namespace guyu::cli {
namespace {

std::int64_t bytes_of(const Field& f) { return f.grid().size() * static_cast<std::int64_t>(sizeof(float)); }

}  // namespace

MotionFrames observe(const CyclePlan& plan, const RunConfig& config, RegionMeans& means, RainState& state, RunReport& report,
                     const std::function<void(std::size_t, std::size_t)>& progress) {
  MotionFrames motion;
  StageTimer all(report, "observe");
  const RainRequest request{"radar", config.rain_quantity, plan.issue};
  FieldPtr before;
  std::size_t done = 0;
  double reading = 0;
  for (const PlannedFrame& planned : plan.frames) {
    const auto started = std::chrono::steady_clock::now();
    const FieldPtr frame = load_radar_frame(planned.item, request, config.plan.radar_interval, report);
    reading += std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    progress(++done, plan.frames.size());
    if (!frame) continue;  // the next frame may still be joined to the one before, when the gap allows it
    all.add_bytes(bytes_of(*frame));
    std::vector<FieldPtr> pair{frame};
    if (before) pair.insert(pair.begin(), before);
    std::vector<std::string> notes;
    for (const Field& amount : observed_amounts(pair, {config.plan.max_gap}, notes)) {
      if (state.add_radar(amount, [&] { return means(amount); }))
        report.notes.push_back(frame->meta.source + ": lies on another grid than the frames before; what fell in each place before it is not known any more");
    }
    // A gap beside a frame that was read only for motion is old news.
    if (planned.for_rain) report.notes.insert(report.notes.end(), notes.begin(), notes.end());
    if (planned.for_motion) {
      const bool instant_rate = frame->meta.quantity == quantities::rainfall_rate() && frame->meta.kind == TimeKind::instant;
      motion.rates.push_back(instant_rate ? frame : std::make_shared<const Field>(as_rate(*frame)));
      motion.times.push_back(frame->meta.valid.end);
    }
    before = frame->meta.kind == TimeKind::instant ? frame : nullptr;
  }
  if (!motion.rates.empty()) {
    const Grid grid = motion.rates.back()->grid();
    for (std::size_t k = motion.rates.size(); k-- > 0;) {
      if (motion.rates[k]->grid() == grid) continue;
      report.notes.push_back(motion.rates[k]->meta.source + ": lies on another grid than the newest frame; not used for motion");
      motion.rates.erase(motion.rates.begin() + static_cast<std::ptrdiff_t>(k));
      motion.times.erase(motion.times.begin() + static_cast<std::ptrdiff_t>(k));
    }
  }
  report.stages.push_back({"observe.read", reading, 0});
  return motion;
}

}  // namespace guyu::cli
