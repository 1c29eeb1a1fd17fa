#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/error.h"
#include "ingest/pup_product.h"
#include "ingest/reader.h"

// Raster products of a PUP (CINRAD, NEXRAD level III; ICD 2620001, packet BA07): composite reflectivity (35 to 38), echo tops (41) and vertically integrated
// liquid (57). Sixteen levels of data: a cell gets the middle of its level, the open highest one half a step above its edge; `no data` within range means that
// nothing was found: -32 dBZ, 0 m, 0 kg m-2. Beyond the range of 230 km (460 km for the coarse 36 and 38) cells are missing. The valid time is the volume's
// start.
namespace guyu {
namespace {

struct PupRaster {
  const char* quantity;
  double scale;     // to the canonical unit
  float no_echo;    // canonical unit
  double range_km;  // of the product
  const char* level;
};

// Echo tops are in thousands of feet.
std::optional<PupRaster> pup_raster(int code) {
  switch (code) {
    case 35:
    case 37: return PupRaster{"equivalent_reflectivity_factor", 1, -32, 230, "composite"};
    case 36:
    case 38: return PupRaster{"equivalent_reflectivity_factor", 1, -32, 460, "composite"};
    case 41: return PupRaster{"radar_echo_top_height", 304.8, 0, 230, ""};
    case 57: return PupRaster{"vertically_integrated_liquid", 1, 0, 230, ""};
    default: return std::nullopt;
  }
}

// Canonical values of the 16 levels.
std::array<float, 16> pup_values(const PupProduct& product, const PupRaster& kind) {
  std::array<float, 16> out;
  const auto edges = product.thresholds();
  for (std::size_t k = 0; k < 16; ++k) {
    out[k] = kind.no_echo;
    if (!edges[k]) continue;
    const bool closed = k < 15 && edges[k + 1] && *edges[k + 1] > *edges[k];
    const double step = closed ? *edges[k + 1] - *edges[k] : k > 0 && edges[k - 1] ? *edges[k] - *edges[k - 1] : 0;
    out[k] = static_cast<float>(kind.scale * (*edges[k] + step / 2));
  }
  return out;
}

class PupReader final : public Reader {
 public:
  std::string_view format() const override { return "PUP"; }
  bool recognises(std::span<const std::byte> head, const std::string&) const override { return PupProduct::recognises(head); }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink&) const override {
    const PupProduct product = PupProduct::open(path);
    const auto kind = pup_raster(product.code());
    if (!kind) {
      throw Error(path, fmt::format("is product {} of a PUP, which is no raster that is read", product.code()),
                  product.code() == 58 ? "give it to guyu cells --against" : "read are 35 to 38 (composite reflectivity), 41 (echo tops), 57 (liquid)");
    }
    FieldMeta meta;
    meta.quantity = *find_quantity(kind->quantity);
    meta.valid = {product.volume_time(), product.volume_time()};
    meta.reference = product.volume_time();
    meta.level = kind->level;
    meta.source = path;
    meta.format = "PUP";
    if (!request.wants(meta.quantity)) return;

    const auto symbology = product.block(0);
    if (!symbology) throw Error(path, "has no block of symbols, where its raster would be");
    std::size_t at = *symbology + 16;  // block and layer heads
    const int packet = product.unsigned16(at);
    if (packet != 0xba07 && packet != 0xba0f)
      throw Error(path, fmt::format("its first packet is {:#06x}, no raster", packet), "rasters are packets ba07 and ba0f");
    const double dx = product.unsigned16(at + 10) * 1000.0, dy = product.unsigned16(at + 14) * 1000.0;
    const int rows = product.unsigned16(at + 18);
    at += 22;
    if (!(dx > 0 && dy > 0) || rows < 1 || rows > 4096) throw Error(path, fmt::format("a raster of {} rows of {} m is not possible", rows, dy));
    int columns = 0;
    const int first = product.unsigned16(at);
    for (int k = 0; k < first; ++k) columns += product.byte(at + 2 + static_cast<std::size_t>(k)) >> 4;
    if (columns < 1) throw Error(path, "the first row of its raster is empty");

    const std::string crs = fmt::format("+proj=aeqd +lat_0={:.3f} +lon_0={:.3f} +datum=WGS84 +units=m", product.latitude(), product.longitude());
    Field field(Grid(crs, -dx * (columns - 1) / 2, dy * (rows - 1) / 2, dx, dy, columns, rows), meta);
    const auto values = pup_values(product, *kind);
    for (int j = 0; j < rows; ++j) {
      const int length = product.unsigned16(at);
      at += 2;
      int i = 0;
      for (int k = 0; k < length; ++k) {
        const int byte = product.byte(at++), run = byte >> 4;
        if (i + run > columns) throw Error(path, fmt::format("row {} of its raster is longer than the first one", j + 1), "the file is damaged");
        for (const int end = i + run; i < end; ++i) {
          if (std::hypot(field.grid().x(i), field.grid().y(j)) <= 1000 * kind->range_km) field.view()(j, i) = values[static_cast<std::size_t>(byte & 15)];
        }
      }
      if (i != columns) throw Error(path, fmt::format("row {} of its raster has {} cells, the first one {}", j + 1, i, columns), "the file is damaged");
    }
    sink(std::move(field));
  }
};

}  // namespace

const Reader& pup_reader() {
  static const PupReader reader;
  return reader;
}

}  // namespace guyu
