#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// A radar product as a PUP of CINRAD (and NEXRAD level III) has it: big-endian, a message header of 18 bytes, a description block of 102, then blocks at the
// offsets that it names. Source: NEXRAD interface control document 2620001 (RPG to class 1 user), figures 3-3 to 3-15.
class PupProduct {
 public:
  // Whether the first bytes are those of such a product: divider, matching codes, a place on the earth.
  static bool recognises(std::span<const std::byte> head);
  // Throws Error naming the file when it is no product or shorter than it says.
  static PupProduct open(const std::string& path);

  const std::string& path() const { return path_; }
  int code() const { return code_; }
  double latitude() const { return latitude_; }
  double longitude() const { return longitude_; }
  double height_m() const { return height_m_; }    // of the radar above sea level
  TimePoint volume_time() const { return time_; }  // start of the volume scan, UTC; times of generation are local in CINRAD and are not used

  // A data level of 4 bits: its lower edge, or nothing where it stands for no data.
  std::array<std::optional<double>, 16> thresholds() const;
  // Offset in bytes of the symbology (0), graphic (1) or tabular (2) block; nullopt when the product has none.
  std::optional<std::size_t> block(int which) const;

  // All throw Error beyond the end of the file.
  std::uint8_t byte(std::size_t at) const;
  int unsigned16(std::size_t at) const;
  int signed16(std::size_t at) const;
  std::int64_t signed32(std::size_t at) const;
  std::string text(std::size_t at, std::size_t length) const;  // printable ASCII; anything else is a blank
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string path_, bytes_;
  int code_ = 0;
  double latitude_ = 0, longitude_ = 0, height_m_ = 0;
  TimePoint time_{};
};

}  // namespace guyu
