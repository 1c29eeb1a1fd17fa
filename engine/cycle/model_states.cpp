#include "engine/cycle/model_states.h"

#include <netcdf.h>

#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/cycle/state_file.h"

namespace guyu {
namespace {

constexpr char kStateTime[] = "seconds since 1970-01-01T00:00:00Z";

std::string name_of_group(const StateFile& nc, int group) {
  std::size_t length = 0;
  nc.check(nc_inq_grpname_len(group, &length));  // with the final zero
  std::string name(length, '\0');
  nc.check(nc_inq_grpname(group, name.data()));
  name.resize(name.find('\0'));
  return name;
}

ModelState read_group(const StateFile& nc, const std::string& path, int group, int region_dim, std::size_t regions) {
  ModelState state;
  int at = 0, variables = 0;
  long long seconds = 0;
  nc.check(nc_inq_varid(group, "time", &at));
  nc.check(nc_get_var_longlong(group, at, &seconds));
  state.at = TimePoint(Seconds(seconds));
  nc.check(nc_inq_nvars(group, &variables));
  for (int v = 0; v < variables; ++v) {
    if (v == at) continue;
    char name[NC_MAX_NAME + 1] = {};
    int dims = 0, dim[NC_MAX_VAR_DIMS] = {};
    nc_type type = NC_NAT;
    nc.check(nc_inq_var(group, v, name, &type, &dims, dim, nullptr));
    if (type != NC_FLOAT || dims != 1 || dim[0] != region_dim) throw Error(path, std::string("the variable ") + name + " is none by region");
    std::vector<float>& values = state.values[name];
    values.resize(regions);
    nc.check(nc_get_var_float(group, v, values.data()));
  }
  return state;
}

}  // namespace

void save_model_states(const std::string& path, const std::string& region_hash, std::size_t regions, const ModelStates& states) {
  AtomicFile target(path);
  StateFile nc(path);
  nc.check(nc_create(target.temporary_path().c_str(), NC_NETCDF4 | NC_CLOBBER, &nc.id));
  int region_dim = 0;
  nc.check(nc_def_dim(nc.id, "region", regions, &region_dim));
  nc.check(nc_put_att_text(nc.id, NC_GLOBAL, "region_hash", region_hash.size(), region_hash.c_str()));
  for (const auto& [model, state] : states) {
    int group = 0, time = 0;
    nc.check(nc_def_grp(nc.id, model.c_str(), &group));
    nc.check(nc_def_var(group, "time", NC_INT64, 0, nullptr, &time));
    nc.check(nc_put_att_text(group, time, "units", sizeof kStateTime - 1, kStateTime));
    const long long seconds = state.at.time_since_epoch().count();
    nc.check(nc_put_var_longlong(group, time, &seconds));
    for (const auto& [name, values] : state.values) {
      if (values.size() != regions) throw Error(path, "the state " + name + " of the model " + model + " has values of other regions");
      int variable = 0;
      nc.check(nc_def_var(group, name.c_str(), NC_FLOAT, 1, &region_dim, &variable));
      nc.check(nc_put_var_float(group, variable, values.data()));
    }
  }
  nc.close();
  target.commit();
}

ModelStates load_model_states(const std::string& path, const std::string& region_hash, std::size_t regions, std::string& problem) {
  if (!std::filesystem::exists(path)) return {};
  try {
    StateFile nc(path);
    nc.check(nc_open(path.c_str(), NC_NOWRITE, &nc.id));
    std::size_t length = 0;
    nc.check(nc_inq_attlen(nc.id, NC_GLOBAL, "region_hash", &length));
    std::string hash(length, '\0');
    nc.check(nc_get_att_text(nc.id, NC_GLOBAL, "region_hash", hash.data()));
    if (hash != region_hash) throw Error(path, "belongs to other regions");
    int region_dim = 0, groups = 0;
    std::size_t there = 0;
    nc.check(nc_inq_dimid(nc.id, "region", &region_dim));
    nc.check(nc_inq_dimlen(nc.id, region_dim, &there));
    if (there != regions) throw Error(path, "has another number of regions");
    nc.check(nc_inq_grps(nc.id, &groups, nullptr));
    std::vector<int> group(static_cast<std::size_t>(groups));
    nc.check(nc_inq_grps(nc.id, &groups, group.data()));
    ModelStates states;
    for (const int g : group) states.emplace(name_of_group(nc, g), read_group(nc, path, g, region_dim, regions));
    return states;
  } catch (const Error& e) {
    problem = std::string(e.what()) + "; models start anew";
    return {};
  }
}

}  // namespace guyu
