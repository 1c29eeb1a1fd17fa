#include "cli/rain_frames.h"

#include <fmt/format.h>

#include <algorithm>
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
}  // namespace

RainFrames RainFrames::read(const std::vector<std::string>& files, std::size_t least) {
  RainFrames frames;
  for (const std::string& path : files) {
    FileFields file = read_file(path, {{quantities::rainfall_rate().name, quantities::precipitation_amount().name}});
    frames.problems_.insert(frames.problems_.end(), file.problems.begin(), file.problems.end());
    const auto is_rate = [](const Field& f) { return f.meta.quantity == quantities::rainfall_rate(); };
    if (std::any_of(file.fields.begin(), file.fields.end(), is_rate)) std::erase_if(file.fields, [&](const Field& f) { return !is_rate(f); });
    for (const Field& f : file.fields) frames.add(as_rate(f));
  }
  for (const std::string& p : frames.problems_) fmt::print(stderr, "guyu: {}\n", p);
  if (frames.size() < least)
    throw Error(files.front(), least == 2 ? "one frame does not show a motion" : "no frame of rain", "give two to four consecutive frames");
  return frames;
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
