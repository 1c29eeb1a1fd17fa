#include <array>
#include <cstring>
#include <filesystem>
#include <regex>

#include "ingest/gdal_raster.h"

// SRTM height tiles (.hgt): 1 degree of 1201 x 1201 or 3601 x 3601 heights of 16 bits. They have no header: the place stands in the name alone, so that
// this one format is known by its name, together with its size or the signature of a zip archive.
namespace guyu {
namespace {

class HgtReader final : public Reader {
 public:
  std::string_view format() const override { return "HGT"; }

  bool recognises(std::span<const std::byte> head, const std::string& path) const override {
    static const std::regex name(R"([NSns]\d{2}[EWew]\d{3}.*\.hgt(\.zip)?)", std::regex::icase);
    const std::string file = std::filesystem::path(path).filename().string();
    if (!std::regex_match(file, name)) return false;
    if (head.size() >= 4 && std::memcmp(head.data(), "PK\3\4", 4) == 0) return true;
    constexpr std::array<std::uintmax_t, 3> kBytes{1201U * 1201 * 2, 3601U * 1801 * 2, 3601U * 3601 * 2};
    const std::uintmax_t bytes = file_bytes(path);
    return bytes == kBytes[0] || bytes == kBytes[1] || bytes == kBytes[2];
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const override {
    read_gdal_raster(path, {"HGT", "SRTMHGT", "surface_altitude"}, request, sink, problem);
  }
};

}  // namespace

const Reader& hgt_reader() {
  static const HgtReader reader;
  return reader;
}

}  // namespace guyu
