#include "products/netcdf_output.h"

#include <netcdf.h>

#include <limits>

#include "engine/core/error.h"

namespace guyu {

NetcdfOutput::NetcdfOutput(const std::string& path, const Provenance& p) : path_(path), target_(path) {
  check(nc_create(target_.temporary_path().c_str(), NC_NETCDF4 | NC_CLOBBER, &id_));
  text(NC_GLOBAL, "Conventions", "CF-1.8");
  text(NC_GLOBAL, "title", p.title);
  text(NC_GLOBAL, "source", "guyu " + p.version);
  text(NC_GLOBAL, "config_hash", p.config_hash);
  std::string inputs;
  for (const std::string& i : p.inputs) inputs += (inputs.empty() ? "" : "\n") + i;
  text(NC_GLOBAL, "inputs", inputs);
}

NetcdfOutput::~NetcdfOutput() {
  if (id_ >= 0) nc_close(id_);
}

void NetcdfOutput::check(int status) const {
  if (status != NC_NOERR) throw Error(path_, std::string("cannot be written: ") + nc_strerror(status), "look at the folder's permissions and free space");
}

int NetcdfOutput::dimension(const std::string& name, std::size_t size) {
  int d = 0;
  check(nc_def_dim(id_, name.c_str(), size, &d));
  return d;
}

int NetcdfOutput::variable(const std::string& name, int type, const std::vector<int>& dimensions) {
  int v = 0;
  check(nc_def_var(id_, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(), &v));
  return v;
}

void NetcdfOutput::text(int variable, const char* name, const std::string& value) {
  if (!value.empty()) check(nc_put_att_text(id_, variable, name, value.size(), value.c_str()));
}

void NetcdfOutput::number(int variable, const char* name, double value) { numbers(variable, name, {value}); }

void NetcdfOutput::numbers(int variable, const char* name, const std::vector<double>& values) {
  check(nc_put_att_double(id_, variable, name, NC_DOUBLE, values.size(), values.data()));
}

int NetcdfOutput::field(const std::string& name, const std::vector<int>& dimensions, const std::vector<std::size_t>& chunks, int deflate_level) {
  const int v = variable(name, NC_FLOAT, dimensions);
  check(nc_def_var_chunking(id_, v, NC_CHUNKED, chunks.data()));
  if (deflate_level > 0) check(nc_def_var_deflate(id_, v, 1, 1, deflate_level));
  const float missing = std::numeric_limits<float>::quiet_NaN();
  check(nc_put_att_float(id_, v, "_FillValue", NC_FLOAT, 1, &missing));
  return v;
}

int NetcdfOutput::time_variable(const std::string& name, const std::vector<int>& dimensions, const std::string& standard_name) {
  const int v = variable(name, NC_DOUBLE, dimensions);
  text(v, "standard_name", standard_name);
  text(v, "units", "seconds since 1970-01-01 00:00:00");
  text(v, "calendar", "standard");
  return v;
}

void NetcdfOutput::end_definitions() { check(nc_enddef(id_)); }

void NetcdfOutput::close() {
  finish();
  commit();
}

std::string NetcdfOutput::finish() {
  const int status = nc_close(id_);
  id_ = -1;
  check(status);
  return target_.temporary_path();
}

void NetcdfOutput::commit() { target_.commit(); }

double netcdf_time(TimePoint t) { return static_cast<double>(t.time_since_epoch().count()); }

}  // namespace guyu
