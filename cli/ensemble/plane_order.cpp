#include "cli/ensemble/plane_order.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/plane.h"

namespace guyu::cli {

PlaneOrder::PlaneOrder(int steps, std::int64_t ny, std::int64_t nx, std::string near, Emit emit)
    : steps_(steps), ny_(ny), nx_(nx), near_(std::move(near)), emit_(std::move(emit)) {}

PlaneOrder::~PlaneOrder() {
  if (file_ >= 0) ::close(file_);
}

void PlaneOrder::take(int member, int step, FieldView<const float> plane) {
  const std::int64_t place = std::int64_t{member} * steps_ + (step - 1);
  if (place == next_) {
    emit_(member, step, plane);
    ++next_;
    release();
    return;
  }
  if (file_ < 0) {
    std::string name = near_ + ".orderXXXXXX";
    file_ = ::mkstemp(name.data());
    if (file_ < 0) throw Error(near_, std::string("no file can be made beside it: ") + std::strerror(errno));
    ::unlink(name.c_str());
  }
  const std::int64_t slot = free_.empty() ? slots_++ : free_.extract(free_.begin()).value();
  const auto row = static_cast<std::size_t>(nx_) * sizeof(float);
  for (std::int64_t j = 0; j < ny_; ++j) {
    const auto* bytes = reinterpret_cast<const char*>(plane.row(j));
    for (std::size_t done = 0; done < row;) {
      const auto n =
          ::pwrite(file_, bytes + done, row - done, static_cast<off_t>((slot * ny_ + j) * static_cast<std::int64_t>(row)) + static_cast<off_t>(done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw Error(near_, std::string("members cannot wait beside it: ") + std::strerror(errno), "is the disk full?");
      done += static_cast<std::size_t>(n);
    }
  }
  waiting_[place] = slot;
}

void PlaneOrder::release() {
  Plane plane;
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    const std::int64_t slot = waiting_.begin()->second;
    if (plane.values.empty()) plane = Plane(ny_, nx_);
    const std::size_t all = plane.values.size() * sizeof(float);
    auto* bytes = reinterpret_cast<char*>(plane.values.data());
    for (std::size_t done = 0; done < all;) {
      const auto n = ::pread(file_, bytes + done, all - done, static_cast<off_t>(static_cast<std::size_t>(slot) * all + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw Error(near_, std::string("members that waited beside it cannot be read: ") + std::strerror(errno));
      done += static_cast<std::size_t>(n);
    }
    emit_(static_cast<int>(next_ / steps_), static_cast<int>(next_ % steps_) + 1, std::as_const(plane).view());
    waiting_.erase(waiting_.begin());
    free_.insert(slot);
    ++next_;
  }
}

}  // namespace guyu::cli
