#include "hpc/bench/workload.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "ingest/reader.h"

namespace guyu::bench {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMosaicRows = 3500, kMosaicColumns = 7000;
constexpr Seconds kSpacing{360};
constexpr std::size_t kFilesPerStep = 3;  // the mosaic comes every two minutes

// Round storms of many sizes on a dry ground, drifting east-north-east by 1.3 columns and -0.5 rows a minute; the west edge is
// outside coverage.
void draw_storms(Field& field, double minutes) {
  const FieldView<float> f = field.view();
  const double ny = static_cast<double>(f.ny), nx = static_cast<double>(f.nx);
  std::fill(field.values().begin(), field.values().end(), 0.0F);
  for (int k = 0; k < 900; ++k) {
    const double x = nx * std::fmod(0.5 + 0.754877666 * k, 1.0) + 1.3 * minutes;
    const double y = ny * std::fmod(0.5 + 0.569840291 * k, 1.0) - 0.5 * minutes;
    const double size = 6 + (k * 7) % 29, peak = 3 + (k * 13) % 60;
    const auto first_row = static_cast<std::int64_t>(std::max(0.0, y - 3 * size)), last_row = static_cast<std::int64_t>(std::min(ny, y + 3 * size));
    const auto first = static_cast<std::int64_t>(std::max(0.0, x - 3 * size)), last = static_cast<std::int64_t>(std::min(nx, x + 3 * size));
    for (std::int64_t j = first_row; j < last_row; ++j) {
      for (std::int64_t i = first; i < last; ++i) {
        const double dx = (static_cast<double>(i) - x) / size, dy = (static_cast<double>(j) - y) / size;
        f(j, i) += static_cast<float>(peak * std::exp(-0.5 * (dx * dx + dy * dy)));
      }
    }
  }
  for (std::int64_t j = 0; j < f.ny; ++j) std::fill_n(f.row(j), f.nx / 12, NAN);
}

Rain synthetic_mosaic(std::size_t frames) {
  Rain rain{Grid("EPSG:4326", -129.995, 54.995, 0.01, 0.01, kMosaicColumns, kMosaicRows), {}, {}, "synthetic storms"};
  FieldMeta meta;
  meta.quantity = quantities::rainfall_rate();
  for (std::size_t k = 0; k < frames; ++k) {
    rain.times.push_back(TimePoint{Seconds{1'500'000'000}} + kSpacing * static_cast<std::int64_t>(k));
    meta.valid = {rain.times.back(), rain.times.back()};
    rain.frames.emplace_back(rain.grid, meta);
    draw_storms(rain.frames.back(), static_cast<double>(k) * 6);
  }
  return rain;
}

}  // namespace

std::string data_folder() {
  const char* named = std::getenv("GUYU_REAL_DATA");
  const fs::path folder = named ? fs::path(named) : fs::path("../shared/data");
  return fs::is_directory(folder) ? folder.string() : std::string();
}

std::vector<std::string> mosaic_files() {
  std::vector<std::string> files;
  const fs::path folder = fs::path(data_folder()) / "radar/mrms_conus_20190610";
  if (data_folder().empty() || !fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".grib2") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Rain mosaic(std::size_t frames) {
  const auto files = mosaic_files();
  if (files.size() < kFilesPerStep * frames) return synthetic_mosaic(frames);
  Rain rain;
  rain.origin = "real MRMS";
  for (std::size_t k = 0; k < frames; ++k) {
    FileFields read = read_file(files[kFilesPerStep * k]);
    rain.times.push_back(read.fields.front().meta.valid.end);
    rain.frames.push_back(std::move(read.fields.front()));
  }
  rain.grid = rain.frames.front().grid();
  return rain;
}

Rain cut(const Rain& from, std::int64_t ny, std::int64_t nx) {
  const FieldView<const float> newest = from.frames.back().view();
  std::int64_t row = 0, column = 0, most = -1;
  for (std::int64_t j = 0; j + ny <= newest.ny; j += ny / 4) {
    for (std::int64_t i = 0; i + nx <= newest.nx; i += nx / 4) {
      std::int64_t wet = 0;
      for (std::int64_t b = j; b < j + ny; b += 8) wet += std::count_if(newest.row(b) + i, newest.row(b) + i + nx, [](float x) { return x > 0.1F; });
      if (wet > most) most = wet, row = j, column = i;
    }
  }
  const Grid& g = from.grid;
  Rain out{Grid(g.crs(), g.x(static_cast<double>(column)), g.y(static_cast<double>(row)), g.dx(), g.dy(), nx, ny), {}, from.times, from.origin};
  for (const Field& f : from.frames) {
    out.frames.emplace_back(out.grid, f.meta);
    for (std::int64_t j = 0; j < ny; ++j) std::copy_n(f.view().row(row + j) + column, nx, out.frames.back().view().row(j));
  }
  return out;
}

RegionSet counties(std::string& origin) {
  const fs::path file = fs::path(data_folder()) / "regions/us_counties.gpkg";
  if (data_folder().empty() || !fs::is_regular_file(file)) {
    origin = "synthetic squares";
    return mesh_regions(-125, 25, -67, 49, 0.66);
  }
  origin = "real US counties";
  RegionSource source;
  source.path = file.string();
  source.code_column = "id";
  return read_regions(source);
}

}  // namespace guyu::bench
