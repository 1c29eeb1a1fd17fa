#pragma once
#include <cstdio>
#include <memory>
#include <string>

#include "engine/core/atomic_file.h"
#include "engine/core/field.h"

namespace guyu {

struct Grib2Options {
  enum class Packing { simple, ccsds };  // templates 5.0 and 5.42 (CCSDS 121.0-B, lossless on the rounded values: half the size)
  Packing packing = Packing::ccsds;
  int centre = 255, sub_centre = 0;  // common code table C-11; 255: missing
  int generating_process = 12;       // code table 4.3; 12: post-processed forecast
  int members = 0;                   // number of forecasts in the ensemble; 0: not told
};

// Streams fields into a file of GRIB edition 2 messages (WMO-No. 306, FM 92), in the order given, through ecCodes. What a message says:
// - quantity: discipline, category and number of grib2_parameter(), values rounded to its decimals, in at most 24 bits (a wider range is rounded coarser);
// - missing: a bitmap (section 6), only where a cell is missing;
// - level: grib2_level(); time: product definition templates 4.0 (instant) and 4.8 (accumulation, mean, maximum, minimum over an interval), with a member
//   4.1 and 4.11; in hours where all times are whole hours, else minutes or seconds. A field without a reference time, or that begins before it, has
//   the beginning of its own interval as reference;
// - grid: set_grib2_grid().
// Written beside its place and renamed on close(). The same content gives the same bytes. ecCodes is not safe for concurrent calls: no other GRIB
// reader or writer may be at work in another thread. Throws Error naming the file for a quantity, level or grid that has no place, and for a full disk.
// O(cells) a message, with 8 bytes a cell of memory beside the field.
class GridGrib2Writer {
 public:
  explicit GridGrib2Writer(std::string path, Grib2Options options = {});
  void write(const Field& field);
  void close();

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::string path_;
  Grib2Options options_;
  AtomicFile target_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace guyu
