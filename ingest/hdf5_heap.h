#pragma once
#include <string>

namespace guyu {

// Checks the global heaps of an HDF5 file (collections signed "GCOL", where texts of variable length stand; HDF5 file format
// specification, III.E): objects must lie within their collection, which libhdf5 1.10 takes for granted. Throws Error naming the
// file. One pass over the file.
void check_global_heaps(const std::string& path);

}  // namespace guyu
