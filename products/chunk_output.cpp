#include "products/chunk_output.h"

#include <cpl_conv.h>
#include <hdf5.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kChunksAtOnce = 16;  // a few for each thread, and not all of a large plane in memory

// HDF5's shuffle: the first bytes of all values, then the second ones ...
std::vector<unsigned char> shuffled(const std::vector<float>& values) {
  const std::size_t n = values.size();
  std::vector<unsigned char> out(n * sizeof(float));
  const auto* in = reinterpret_cast<const unsigned char*>(values.data());
  for (std::size_t b = 0; b < sizeof(float); ++b)
    for (std::size_t i = 0; i < n; ++i) out[b * n + i] = in[i * sizeof(float) + b];
  return out;
}

std::vector<unsigned char> deflated(const std::vector<unsigned char>& bytes, int level) {
  std::vector<unsigned char> out(bytes.size() + bytes.size() / 1000 + 1024);  // more than zlib ever adds
  std::size_t n = 0;
  if (!CPLZLibDeflate(bytes.data(), bytes.size(), level, out.data(), out.size(), &n)) throw std::bad_alloc();
  out.resize(n);
  return out;
}

std::vector<unsigned char> packed_chunk(FieldView<const float> plane, std::int64_t first, std::int64_t rows, int level) {
  std::vector<float> values(static_cast<std::size_t>(rows * plane.nx), std::numeric_limits<float>::quiet_NaN());  // rows beyond the plane stay missing
  for (std::int64_t j = first; j < std::min(first + rows, plane.ny); ++j) std::copy_n(plane.row(j), plane.nx, values.begin() + (j - first) * plane.nx);
  if (level > 0) return deflated(shuffled(values), level);
  const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
  return {bytes, bytes + values.size() * sizeof(float)};
}

}  // namespace

ChunkOutput::ChunkOutput(const std::string& path, std::string name) : name_(std::move(name)) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  file_ = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  check(file_);
}

ChunkOutput::~ChunkOutput() {
  for (const auto& [variable, handle] : open_) H5Dclose(handle);
  if (file_ >= 0) H5Fclose(file_);
}

void ChunkOutput::check(std::int64_t status) const {
  if (status < 0) throw Error(name_, "cannot be written", "look at the folder's permissions and free space");
}

void ChunkOutput::write(const std::string& variable, const std::vector<std::size_t>& place, FieldView<const float> plane, std::int64_t chunk_rows, int level) {
  auto found = open_.find(variable);
  if (found == open_.end()) {
    const hid_t handle = H5Dopen2(file_, ("/" + variable).c_str(), H5P_DEFAULT);
    check(handle);
    found = open_.emplace(variable, handle).first;
  }
  std::vector<hsize_t> offset(place.begin(), place.end());
  offset.resize(place.size() + 2);
  const std::int64_t chunks = (plane.ny + chunk_rows - 1) / chunk_rows;
  std::vector<std::vector<unsigned char>> packed(static_cast<std::size_t>(std::min(chunks, kChunksAtOnce)));
  for (std::int64_t at = 0; at < chunks; at += kChunksAtOnce) {
    const std::int64_t count = std::min(kChunksAtOnce, chunks - at);
    parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k) packed[static_cast<std::size_t>(k)] = packed_chunk(plane, (at + k) * chunk_rows, chunk_rows, level);
    });
    for (std::int64_t k = 0; k < count; ++k) {
      const std::vector<unsigned char>& bytes = packed[static_cast<std::size_t>(k)];
      offset[place.size()] = static_cast<hsize_t>((at + k) * chunk_rows);
      check(H5Dwrite_chunk(found->second, H5P_DEFAULT, 0, offset.data(), bytes.size(), bytes.data()));
    }
  }
}

void ChunkOutput::close() {
  for (auto& [variable, handle] : std::exchange(open_, {})) check(H5Dclose(handle));
  check(H5Fclose(std::exchange(file_, -1)));
}

}  // namespace guyu
