#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"

namespace guyu::cli::verify {

// The files that a word of the command line names: a file; a folder, searched to its bottom; or a pattern in
// which * and ? stand for parts of names, folders included ("runs/*/grids.nc"; quote it, or the shell will
// fill it in). Sorted. Throws Error when there is none.
std::vector<std::string> named_files(const std::string& word);

// One field of a file, without its values.
struct FieldEntry {
  std::string path;
  FieldMeta meta;
  TimePoint issue() const { return meta.reference; }
  TimePoint valid() const { return meta.valid.end; }
  Seconds lead() const { return valid() - issue(); }
};

// The fields of the quantity in all files. A file without rain rates gives its amounts over intervals in
// their stead. A file that cannot be read, or holds none, goes to `problems` with its reason: the rest is
// still of use. Throws Error when nothing is left.
std::vector<FieldEntry> list_fields(const std::vector<std::string>& files, const std::string& quantity, std::vector<std::string>& problems);

// The fields with their values, as they are in their files, in the order of the entries. Each file is opened
// once: opening a NetCDF file costs a pass over it. Throws Error.
std::vector<Field> load_fields(std::span<const FieldEntry> entries);
// The same as the quantity asked for: an amount becomes the mean rate of its interval.
std::vector<Field> load_fields_as(std::span<const FieldEntry> entries, const std::string& quantity);

}  // namespace guyu::cli::verify
