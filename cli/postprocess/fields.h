#pragma once
#include <map>
#include <string>
#include <vector>

#include "cli/verb.h"
#include "engine/core/field_set.h"

namespace guyu::cli {

// What every operator of `guyu postprocess` is told.
struct PostprocessFiles {
  std::vector<std::string> inputs;
  std::string quantity, level, out;
  void declare(Verb& verb);            // --input and --out
  void declare_selection(Verb& verb);  // --quantity and --level
};

// The fields of the files that are wanted, in the order of their keys; all on one grid. Empty words select everything. Throws Error when there is none, or
// when the grids differ. Problems with single fields are told on the error stream and counted.
struct PostprocessInput {
  FieldSet fields;
  std::size_t problems = 0;
  const Grid& grid() const { return fields.begin()->second->grid(); }
};
PostprocessInput read_fields(const std::vector<std::string>& paths, const std::string& quantity, const std::string& level);

// Members of one quantity, level and time, in order.
std::vector<std::vector<FieldPtr>> by_member(const FieldSet& fields);

// The only field of a quantity at a time, any member and level; throws Error naming the files when there is none or more than one.
FieldPtr only_field(const FieldSet& fields, const std::string& quantity, const std::string& where);

// "10 mm" or a bare number in the quantity's own unit.
double value_of(const std::string& text, const std::string& unit);

std::int64_t radius_in_cells(const Grid& grid, double radius_km);

void add_postprocess_grids(Verb& postprocess);  // threshold, vicinity, neighbourhood, percentiles
void add_postprocess_air(Verb& postprocess);    // lapse-rate, wet-bulb, orographic

}  // namespace guyu::cli
