#include "ingest/hdf5_heap.h"

#include <cstdint>
#include <string_view>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t n) {
  std::uint64_t v = 0;
  for (std::size_t k = n; k-- > 0;) v = v << 8 | static_cast<unsigned char>(bytes[at + k]);
  return v;
}

// Lengths are of 8 octets in all but exotic files; data that only look like a collection have a version other than 1.
bool collection_fits(std::string_view bytes, std::size_t at) {
  constexpr std::size_t kHead = 16, kObject = 16;
  if (at + kHead > bytes.size() || bytes[at + 4] != 1 || little_endian(bytes, at + 5, 3) != 0) return true;
  const std::uint64_t size = little_endian(bytes, at + 8, 8);
  if (size < kHead || size > bytes.size() - at) return false;
  std::uint64_t k = kHead;
  while (k + kObject <= size) {
    const std::uint64_t length = little_endian(bytes, at + k + 8, 8);
    if (little_endian(bytes, at + k, 2) == 0) return length <= size - k;  // the free space ends the collection
    if (length > size - k - kObject) return false;
    k += kObject + (length + 7) / 8 * 8;
  }
  return true;
}

}  // namespace

void check_global_heaps(const std::string& path) {
  const std::string file = read_text_file(path);
  const std::string_view bytes(file);
  for (auto at = bytes.find("GCOL"); at != std::string_view::npos; at = bytes.find("GCOL", at + 4)) {
    if (!collection_fits(bytes, at)) throw Error(path, "its HDF5 heap is damaged", "fetch the file again");
  }
}

}  // namespace guyu
