#pragma once
#include <netcdf.h>

#include <string>
#include <vector>

namespace guyu::test {

// Writes small NetCDF files for reader tests, in define mode until the first put().
class NetcdfWriter {
 public:
  explicit NetcdfWriter(const std::string& path, int mode = NC_CLOBBER) { nc_create(path.c_str(), mode, &id_); }
  ~NetcdfWriter() { nc_close(id_); }
  NetcdfWriter(const NetcdfWriter&) = delete;
  NetcdfWriter& operator=(const NetcdfWriter&) = delete;

  int dim(const std::string& name, std::size_t n) {
    int d = -1;
    nc_def_dim(id_, name.c_str(), n, &d);
    return d;
  }
  int variable(const std::string& name, nc_type type, const std::vector<int>& dims) {
    int v = -1;
    nc_def_var(id_, name.c_str(), type, static_cast<int>(dims.size()), dims.data(), &v);
    return v;
  }
  void text(int v, const std::string& name, const std::string& value) { nc_put_att_text(id_, v, name.c_str(), value.size(), value.c_str()); }
  void number(int v, const std::string& name, nc_type type, const std::vector<double>& values) {
    nc_put_att_double(id_, v, name.c_str(), type, values.size(), values.data());
  }
  // A coordinate variable on a new dimension of its name.
  int axis(const std::string& name, const std::string& standard_name, const std::string& units, std::size_t n) {
    const int d = dim(name, n), v = variable(name, NC_DOUBLE, {d});
    if (!standard_name.empty()) text(v, "standard_name", standard_name);
    text(v, "units", units);
    return d;
  }
  void put(int v, const std::vector<double>& values) {
    nc_enddef(id_);
    nc_put_var_double(id_, v, values.data());
  }
  void texts(int v, const std::vector<std::string>& values) {  // of NC_STRING
    nc_enddef(id_);
    std::vector<const char*> all;
    for (const std::string& t : values) all.push_back(t.c_str());
    nc_put_var_string(id_, v, all.data());
  }
  void put(const std::string& name, const std::vector<double>& values) {
    int v = -1;
    nc_inq_varid(id_, name.c_str(), &v);
    put(v, values);
  }

 private:
  int id_ = -1;
};

}  // namespace guyu::test
