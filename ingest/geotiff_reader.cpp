#include <cstring>

#include "ingest/gdal_raster.h"

// GeoTIFF and BigTIFF: one field a band.
namespace guyu {
namespace {

class GeotiffReader final : public Reader {
 public:
  std::string_view format() const override { return "GeoTIFF"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override {
    if (head.size() < 4) return false;
    for (const char* magic : {"II*\0", "MM\0*", "II+\0", "MM\0+"}) {
      if (std::memcmp(head.data(), magic, 4) == 0) return true;
    }
    return false;
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const override {
    read_gdal_raster(path, {"GeoTIFF", "GTiff", ""}, request, sink, problem);
  }
};

}  // namespace

const Reader& geotiff_reader() {
  static const GeotiffReader reader;
  return reader;
}

}  // namespace guyu
