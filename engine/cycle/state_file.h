#pragma once
#include <netcdf.h>

#include <string>
#include <utility>

#include "engine/core/error.h"

namespace guyu {

// An open NetCDF file of the cycle state; closed on every way out.
class StateFile {
 public:
  explicit StateFile(std::string path) : path_(std::move(path)) {}
  ~StateFile() {
    if (id >= 0) nc_close(id);
  }
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;
  void check(int rc) const {
    if (rc != NC_NOERR) throw Error(path_, nc_strerror(rc));
  }
  void close() {
    const int rc = nc_close(id);
    id = -1;
    check(rc);
  }
  int id = -1;

 private:
  std::string path_;
};

}  // namespace guyu
