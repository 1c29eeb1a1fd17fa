#include "cli/rain_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "engine/cycle/observed_rain.h"
#include "engine/motion/optical_flow.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {
constexpr Seconds kMotionSpan{20 * 60};  // older frames say little of the motion now
constexpr Seconds kLongestGap{60 * 60};  // echoes are not the same after it

bool has_data(const Field& f) {
  return std::any_of(f.values().begin(), f.values().end(), [](float x) { return std::isfinite(x); });
}
}  // namespace

RainFrames RainFrames::read(const std::vector<std::string>& files, std::size_t least) {
  RainFrames frames;
  std::vector<Field> empty;
  for (const std::string& path : files) {
    FileFields file = read_file(path, {{quantities::rainfall_rate().name, quantities::precipitation_amount().name}});
    frames.problems_.insert(frames.problems_.end(), file.problems.begin(), file.problems.end());
    const auto is_rate = [](const Field& f) { return f.meta.quantity == quantities::rainfall_rate(); };
    if (std::any_of(file.fields.begin(), file.fields.end(), is_rate)) std::erase_if(file.fields, [&](const Field& f) { return !is_rate(f); });
    for (Field& f : file.fields) {
      if (has_data(f)) {
        frames.add(as_rate(f));
      } else {
        frames.problems_.push_back(fmt::format("{}: the frame of {} is missing throughout", f.meta.source, to_iso(f.meta.valid.end)));
        empty.push_back(std::move(f));
      }
    }
  }
  if (frames.size() == 0)
    for (const Field& f : empty) frames.add(as_rate(f));  // nothing is known, and that is the answer
  if (least == 1) frames.leave_out_far();
  for (const std::string& p : frames.problems_) fmt::print(stderr, "guyu: {}\n", p);
  if (frames.size() < least)
    throw Error(files.front(), frames.size() == 1 ? "one frame does not show a motion" : "no frame of rain", "give two to four consecutive frames");
  return frames;
}

void RainFrames::leave_out_far() {
  for (std::size_t k = frames_.size(); k-- > 1;) {
    const Seconds gap = frames_[k]->meta.valid.end - frames_[k - 1]->meta.valid.end;
    if (gap <= kLongestGap) continue;
    problems_.push_back(
        fmt::format("{}: the frame before is {} min older; it and what is older still are left out", frames_[k]->meta.source, gap.count() / 60));
    frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(k));
    return;
  }
}

void RainFrames::add(Field rate) {
  if (!frames_.empty() && !(rate.grid() == newest().grid()))
    throw Error(rate.meta.source, "lies on another grid than " + newest().meta.source, "give frames of one radar product");
  const auto earlier = [](const FieldPtr& f, TimePoint t) { return f->meta.valid.end < t; };
  const auto place = std::lower_bound(frames_.begin(), frames_.end(), rate.meta.valid.end, earlier);
  if (place != frames_.end() && (*place)->meta.valid.end == rate.meta.valid.end)
    throw Error(rate.meta.source, fmt::format("holds rain for {}, which {} holds already", to_iso(rate.meta.valid.end), (*place)->meta.source),
                "give one rain field for each time; see guyu inspect");
  frames_.insert(place, std::make_shared<const Field>(std::move(rate)));
  while (frames_.size() > 2 && newest().meta.valid.end - frames_.front()->meta.valid.end > kMotionSpan) frames_.erase(frames_.begin());
}

std::vector<FieldView<const float>> RainFrames::views() const {
  std::vector<FieldView<const float>> views;
  for (const FieldPtr& f : frames_) views.push_back(f->view());
  return views;
}

std::vector<TimePoint> RainFrames::times() const {
  std::vector<TimePoint> times;
  for (const FieldPtr& f : frames_) times.push_back(f->meta.valid.end);
  return times;
}

Motion RainFrames::motion() const {
  if (frames_.size() > 1) {
    if (const Seconds gap = newest().meta.valid.end - frames_[frames_.size() - 2]->meta.valid.end; gap > kLongestGap)
      throw Error(newest().meta.source, fmt::format("is {} min younger than the frame before: too long to see a motion", gap.count() / 60),
                  "give consecutive frames");
  }
  return estimate_motion(views(), times());
}

std::vector<std::string> hashed(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& path : files) out.push_back(path + " " + hash_file(path));
  return out;
}

}  // namespace guyu::cli
