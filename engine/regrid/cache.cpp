#include "engine/core/record_file.h"
#include "engine/regrid/weights.h"

// Regridding weights on disk. Anything that does not check out is computed anew.
namespace guyu {
namespace {

constexpr std::string_view kMagic = "GUYURW01";

bool read(const std::string& path, const std::string& key, RegridWeights& w) {
  auto file = RecordReader::open(path, kMagic, key);
  std::vector<std::int64_t> shape;
  if (!file || !file->take(shape) || shape.size() != 4 || !file->take(w.row_begin) || !file->take(w.entries) || !file->finished()) return false;
  w.source_nx = shape[0], w.source_ny = shape[1];
  w.target_nx = shape[2], w.target_ny = shape[3];
  return true;
}

void write(const std::string& path, const std::string& key, const RegridWeights& w) {
  RecordWriter file(path, kMagic, key);
  file.put(std::vector<std::int64_t>{w.source_nx, w.source_ny, w.target_nx, w.target_ny});
  file.put(w.row_begin);
  file.put(w.entries);
  file.commit();
}

}  // namespace

RegridWeights load_or_compute_regrid_weights(const std::string& folder, const Grid& source, const Grid& target, RegridMethod method) {
  if (folder.empty()) return compute_regrid_weights(source, target, method);
  const std::string key = source.hash() + "-" + target.hash() + "-" + std::string(name_of(method)), path = folder + "/regrid-" + key + ".bin";
  {
    RegridWeights stored;
    if (read(path, key, stored)) return stored;
  }
  RegridWeights w = compute_regrid_weights(source, target, method);
  write(path, key, w);
  return w;
}

}  // namespace guyu
