#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// Writes planes into the chunked float variables of a NetCDF-4 file that is whole and closed. A file of one, chunks of (1, ...) x rows x columns: the chunks of
// a plane are shuffled and deflated by all threads and written one after the other, so the bytes do not depend on the number of threads. HDF5 is not safe for
// concurrent calls: no other reader or writer of it may be at work in another thread. Throws Error naming `name`.
class ChunkOutput {
 public:
  ChunkOutput(const std::string& path, std::string name);
  ~ChunkOutput();
  ChunkOutput(const ChunkOutput&) = delete;
  ChunkOutput& operator=(const ChunkOutput&) = delete;

  // The plane at `place` along the variable's leading dimensions; NaN = missing. `level`: 0 for a variable without filters. O(cells).
  void write(const std::string& variable, const std::vector<std::size_t>& place, FieldView<const float> plane, std::int64_t chunk_rows, int level);
  void close();

 private:
  void check(std::int64_t status) const;
  std::string name_;
  std::int64_t file_ = -1;
  std::map<std::string, std::int64_t> open_;  // variable -> HDF5's handle
};

}  // namespace guyu
