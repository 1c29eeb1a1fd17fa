#include "engine/core/record_file.h"
#include "engine/region/zonal_weights.h"

// Zonal weights on disk. Anything that does not check out is computed anew.
namespace guyu {
namespace {

constexpr std::string_view kMagic = "GUYUZW04";

bool read(const std::string& path, const std::string& key, ZonalWeights& w) {
  auto file = RecordReader::open(path, kMagic, key);
  std::vector<std::int64_t> shape;
  if (!file || !file->take(shape) || shape.size() != 2 || !file->take(w.row_area) || !file->take(w.regions) || !file->take(w.runs) || !file->take(w.cells) ||
      !file->finished()) {
    return false;
  }
  w.nx = shape[0];
  w.ny = shape[1];
  return true;
}

void write(const std::string& path, const std::string& key, const ZonalWeights& w) {
  RecordWriter file(path, kMagic, key);
  file.put(std::vector<std::int64_t>{w.nx, w.ny});
  file.put(w.row_area);
  file.put(w.regions);
  file.put(w.runs);
  file.put(w.cells);
  file.commit();
}

}  // namespace

ZonalWeights load_or_compute_zonal_weights(const std::string& folder, const Grid& grid, const RegionSet& regions) {
  if (folder.empty()) return compute_zonal_weights(grid, regions);
  const std::string key = grid.hash() + "-" + regions.hash(), path = folder + "/zonal-" + key + ".bin";
  ZonalWeights stored;
  if (read(path, key, stored)) return stored;
  ZonalWeights w = compute_zonal_weights(grid, regions);
  write(path, key, w);
  return w;
}

}  // namespace guyu
