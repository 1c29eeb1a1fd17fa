#pragma once
#include <string>
#include <vector>

#include "engine/core/atomic_file.h"
#include "engine/core/time.h"
#include "products/provenance.h"

namespace guyu {

// A NetCDF-4 file being written beside its final place. Without close() nothing is left behind. Errors name the final path. The NetCDF library is
// not safe for concurrent calls: one output or reader at a time.
class NetcdfOutput {
 public:
  NetcdfOutput(const std::string& path, const Provenance& provenance);  // with the global attributes of every product
  ~NetcdfOutput();
  NetcdfOutput(const NetcdfOutput&) = delete;
  NetcdfOutput& operator=(const NetcdfOutput&) = delete;

  int id() const { return id_; }
  void check(int status) const;  // throws Error for a NetCDF status that is not NC_NOERR
  int dimension(const std::string& name, std::size_t size);
  int variable(const std::string& name, int type, const std::vector<int>& dimensions);
  void text(int variable, const char* name, const std::string& value);  // attribute; empty values are left out
  void number(int variable, const char* name, double value);
  void numbers(int variable, const char* name, const std::vector<double>& values);
  // float with NaN for missing, shuffled and deflated; chunks: one entry per dimension.
  int field(const std::string& name, const std::vector<int>& dimensions, const std::vector<std::size_t>& chunks, int deflate_level);
  // A coordinate in seconds since 1970 with its CF attributes.
  int time_variable(const std::string& name, const std::vector<int>& dimensions, const std::string& standard_name);
  void end_definitions();
  void close();  // throws Error; the file is then at its place
  // In two steps, for who adds something to the file by other means: nothing but commit() may be called after finish(), which gives the file's name until then.
  std::string finish();
  void commit();

 private:
  std::string path_;
  AtomicFile target_;
  int id_ = -1;
};

// Seconds since 1970 as NetCDF time values.
double netcdf_time(TimePoint t);

}  // namespace guyu
