#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "engine/region/zonal_weights.h"

// Zonal weights on disk: magic, key, arrays with their lengths, SHA-256 of all before it. Written atomically; anything that
// does not check out is computed anew. The format is this machine's own (no byte order conversion).
namespace guyu {
namespace {

constexpr std::string_view kMagic = "GUYUZW03";

template <typename T>
void put(std::string& out, const std::vector<T>& v) {
  const auto n = static_cast<std::uint64_t>(v.size());
  out.append(reinterpret_cast<const char*>(&n), sizeof n);
  if (n) out.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T));
}

template <typename T>
bool take(std::string_view& in, std::vector<T>& v) {
  std::uint64_t n = 0;
  if (in.size() < sizeof n) return false;
  std::memcpy(&n, in.data(), sizeof n);
  in.remove_prefix(sizeof n);
  if (n > in.size() / sizeof(T)) return false;
  v.resize(n);
  if (n) std::memcpy(v.data(), in.data(), n * sizeof(T));
  in.remove_prefix(n * sizeof(T));
  return true;
}

std::string digest(std::string_view body) { return Hasher().bytes(body.data(), body.size()).hex(); }

std::string serialise(const ZonalWeights& w, const std::string& key) {
  std::string out(kMagic);
  put(out, std::vector<char>(key.begin(), key.end()));
  put(out, std::vector<std::int64_t>{w.nx, w.ny});
  put(out, w.row_area);
  put(out, w.regions);
  put(out, w.runs);
  put(out, w.cells);
  return out + digest(out);
}

bool parse(std::string_view in, const std::string& key, ZonalWeights& w) {
  constexpr std::size_t kDigest = 64;
  if (in.size() < kMagic.size() + kDigest || in.substr(0, kMagic.size()) != kMagic) return false;
  const std::string_view body = in.substr(0, in.size() - kDigest);
  if (digest(body) != in.substr(in.size() - kDigest)) return false;
  std::string_view rest = body.substr(kMagic.size());
  std::vector<char> stored;
  std::vector<std::int64_t> shape;
  if (!take(rest, stored) || std::string(stored.begin(), stored.end()) != key) return false;
  if (!take(rest, shape) || shape.size() != 2 || !take(rest, w.row_area) || !take(rest, w.regions) || !take(rest, w.runs) ||
      !take(rest, w.cells)) {
    return false;
  }
  w.nx = shape[0];
  w.ny = shape[1];
  return rest.empty();
}

}  // namespace

ZonalWeights load_or_compute_zonal_weights(const std::string& folder, const Grid& grid, const RegionSet& regions) {
  if (folder.empty()) return compute_zonal_weights(grid, regions);
  const std::string key = grid.hash() + "-" + regions.hash(), path = folder + "/zonal-" + key + ".bin";
  if (std::filesystem::exists(path)) {
    ZonalWeights w;
    if (parse(read_text_file(path), key, w)) return w;
  }
  ZonalWeights w = compute_zonal_weights(grid, regions);
  write_file_atomically(path, serialise(w, key));
  return w;
}

}  // namespace guyu
