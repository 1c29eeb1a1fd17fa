#pragma once
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/motion/motion.h"

namespace guyu::cli {

// The frames that show the motion of rain, as rates (mm/h), oldest first. Holds no more than these, however
// many files are given in whatever order.
class RainFrames {
 public:
  // From files of any format. A file that states its rain as a rate and as amounts too is taken at its rate.
  // Problems with single fields are printed and kept. A frame that is missing throughout is
  // one, and is left out unless all are: the nowcast then begins at the newest frame that tells something. Where one frame is enough (`least` = 1), frames more
  // than an hour before the next one are left out too. Throws Error for a file that cannot be read, another grid than before, a second rain field of one time,
  // and fewer than `least` frames.
  static RainFrames read(const std::vector<std::string>& files, std::size_t least = 2);

  void add(Field rate);
  std::size_t size() const { return frames_.size(); }
  const Field& newest() const { return *frames_.back(); }
  const std::vector<FieldPtr>& fields() const { return frames_; }
  std::vector<FieldView<const float>> views() const;
  std::vector<TimePoint> times() const;
  // Throws Error when the newest frame is much younger than the one before it. A single frame stands still.
  Motion motion() const;
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void leave_out_far();
  std::vector<FieldPtr> frames_;
  std::vector<std::string> problems_;
};

// "path sha256" of each file, as provenance wants it.
std::vector<std::string> hashed(const std::vector<std::string>& files);

}  // namespace guyu::cli
