#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "products/provenance.h"

namespace guyu {

// One variable(time, y, x) of a grid file, or variable(member, time, y, x).
struct GridVariable {
  std::string name;  // NetCDF name, e.g. "rainfall_rate"
  std::string long_name;
  Quantity quantity;  // units and, where CF has it, the standard name
  TimeKind kind = TimeKind::instant;
  std::vector<Interval> times;  // ascending; bounds are written for intervals
  std::string level;
  int members = 0;                       // 0: no axis of members; one file has one number of them
  std::vector<int> member_numbers = {};  // what the members are called, as many as `members`; empty: 0, 1, ...
};

// Streams planes of one grid into a CF-1.8 NetCDF-4 file: row 0 north, coordinates of the grid's own CRS (in
// metres or degrees) with a grid mapping, _FillValue NaN for missing, chunked by rows and deflated. Written
// beside its place and renamed on close(). Variables with the same times share a time axis; steps that are
// never written are missing. The same content gives the same bytes. The NetCDF and HDF5 libraries are not
// safe for concurrent calls: no other writer or reader of theirs may be at work in another thread. Two
// writers of one path may not overlap. Throws Error naming the file.
class GridNetcdfWriter {
 public:
  GridNetcdfWriter(std::string path, Grid grid, const Provenance& provenance, int deflate_level = 1);
  ~GridNetcdfWriter();  // without close() nothing is left behind
  GridNetcdfWriter(const GridNetcdfWriter&) = delete;
  GridNetcdfWriter& operator=(const GridNetcdfWriter&) = delete;

  std::size_t add(GridVariable variable);  // all before the first write()
  void write(std::size_t variable, std::size_t step, FieldView<const float> plane, std::size_t member = 0);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace guyu
