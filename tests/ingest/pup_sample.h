#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

namespace guyu::test {

// Writes PUP products from their parts, big-endian.
class PupBytes {
 public:
  PupBytes& half(int v) {
    bytes_ += static_cast<char>(v >> 8 & 0xff);
    bytes_ += static_cast<char>(v & 0xff);
    return *this;
  }
  PupBytes& word(std::int64_t v) { return half(static_cast<int>(v >> 16 & 0xffff)).half(static_cast<int>(v & 0xffff)); }
  PupBytes& text(const std::string& t) {
    bytes_ += t;
    return *this;
  }
  std::string bytes_;
};

// Head and description of a product of the volume 2011-09-16 01:00:01 UTC at 23.004 N 113.355 E; blocks begin at the offsets given in half words, 0: none.
inline PupBytes pup_head(int code, const std::vector<int>& thresholds, int symbology, int tabular, std::int64_t length) {
  PupBytes b;
  b.half(code).half(15234).word(32734).word(length).half(200).half(200).half(3);
  b.half(-1).word(23004).word(113355).half(592).half(code).half(2).half(21).half(1).half(42).half(15234).word(3601).half(15234).word(32734);
  b.word(0).half(0).half(0);
  for (std::size_t k = 0; k < 16; ++k) b.half(k < thresholds.size() ? thresholds[k] : 0);
  for (int k = 0; k < 8; ++k) b.half(0);
  return b.word(symbology).word(0).word(tabular);
}

// A raster of rows of run-length bytes, cells of `km`.
inline std::string pup_raster_file(int code, const std::vector<int>& thresholds, const std::vector<std::vector<int>>& rows, int km = 1) {
  PupBytes packet;
  packet.half(0xba07).half(0x8000).half(0xc0).half(0).half(0).half(km).half(0).half(km).half(0).half(static_cast<int>(rows.size())).half(2);
  for (const auto& row : rows) {
    packet.half(static_cast<int>(row.size()));
    for (const int v : row) packet.bytes_ += static_cast<char>(v);
  }
  const auto length = static_cast<std::int64_t>(packet.bytes_.size());
  PupBytes b = pup_head(code, thresholds, 60, 0, 136 + length);
  b.half(-1).half(1).word(16 + length).half(1).half(-1).word(length).text(packet.bytes_);
  const std::string path = temporary_folder("pup") + "/product";
  write_file_atomically(path, b.bytes_);
  return path;
}

struct PupStorm {
  std::string id;
  int east_quarters, north_quarters;  // of a kilometre
  std::string line;                   // of the table, from the place on
};

// Storm tracking information of some storms.
inline std::string pup_storm_file(const std::vector<PupStorm>& storms, int claimed) {
  PupBytes packets;
  for (const PupStorm& s : storms) {
    packets.half(2).half(6).half(s.east_quarters).half(s.north_quarters).text("\" ");
    packets.half(15).half(6).half(s.east_quarters).half(s.north_quarters).text(s.id);
  }
  const auto length = static_cast<std::int64_t>(packets.bytes_.size());
  PupBytes table;
  const auto line = [&](std::string t) {
    t.resize(80, ' ');
    table.half(80).text(t);
  };
  PupBytes inner = pup_head(101, {}, 0, 0, 1000);
  inner.half(-1).half(1);
  line("     RADAR ID 200  DATE/TIME 09:16:11/01:00:01   NUMBER OF STORM CELLS  " + std::to_string(claimed));
  for (const PupStorm& s : storms) line("  " + s.id + "     " + s.line);
  table.half(-1);
  PupBytes b = pup_head(58, {}, 60, static_cast<int>(60 + (16 + length) / 2), 1000);
  b.half(-1).half(1).word(16 + length).half(1).half(-1).word(length).text(packets.bytes_);
  b.half(-1).half(3).word(0).text(inner.bytes_).text(table.bytes_);
  const auto whole = static_cast<std::int64_t>(b.bytes_.size());
  for (int k = 0; k < 4; ++k) b.bytes_[static_cast<std::size_t>(8 + k)] = static_cast<char>(whole >> (24 - 8 * k) & 0xff);
  const std::string path = temporary_folder("pup_storms") + "/storms";
  write_file_atomically(path, b.bytes_);
  return path;
}

}  // namespace guyu::test
