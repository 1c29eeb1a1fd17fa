#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "engine/core/field.h"

namespace guyu::cli {

// Brings the planes of an ensemble into one order: member by member, step by step, so that a file is the same to the byte however many threads and ranks
// made them. What comes early waits in a file without a name, beside `near`, that the system frees whatever happens.
class PlaneOrder {
 public:
  using Emit = std::function<void(int member, int step, FieldView<const float> plane)>;
  PlaneOrder(int steps, std::int64_t ny, std::int64_t nx, std::string near, Emit emit);
  ~PlaneOrder();
  PlaneOrder(const PlaneOrder&) = delete;
  PlaneOrder& operator=(const PlaneOrder&) = delete;
  void take(int member, int step, FieldView<const float> plane);  // step 1 ...; throws Error when the disk is full

 private:
  void release();  // what waits and is next
  int steps_;
  std::int64_t ny_, nx_;
  std::string near_;
  Emit emit_;
  std::int64_t next_ = 0;                         // place in the order
  std::map<std::int64_t, std::int64_t> waiting_;  // place in the order -> slot of the file
  std::set<std::int64_t> free_;                   // slots to use again
  std::int64_t slots_ = 0;
  int file_ = -1;
};

}  // namespace guyu::cli
