#include "ingest/netcdf_file.h"

#include <fmt/format.h>
#include <netcdf.h>

#include <algorithm>
#include <array>
#include <limits>

#include "engine/core/error.h"
#include "ingest/hdf5_heap.h"
#include "ingest/netcdf_classic.h"

namespace guyu {
namespace {
constexpr std::size_t kMaxAttribute = std::size_t{1} << 20;  // elements
}

NetcdfFile::NetcdfFile(const std::string& path) : path_(path) {
  check_classic_header(path);
  check_global_heaps(path);
  const int rc = nc_open(path.c_str(), NC_NOWRITE, &id_);
  if (rc != NC_NOERR) {
    id_ = -1;
    throw Error(path, std::string("NetCDF cannot open it: ") + nc_strerror(rc), "the file is truncated or damaged, or of another kind");
  }
  int n = 0;
  nc_inq_nvars(id_, &n);
  for (int v = 0; v < n; ++v) {
    std::array<char, NC_MAX_NAME + 1> name{};
    std::array<int, NC_MAX_VAR_DIMS> dims{};
    int rank = 0;
    Variable var;
    var.id = v;
    if (nc_inq_var(id_, v, name.data(), &var.type, &rank, dims.data(), nullptr) != NC_NOERR) continue;
    var.name = name.data();
    var.dims.assign(dims.begin(), dims.begin() + rank);
    variables_.push_back(std::move(var));
  }
}

NetcdfFile::~NetcdfFile() {
  if (id_ >= 0) nc_close(id_);
}

void NetcdfFile::check(int rc, const std::string& what) const {
  if (rc != NC_NOERR) throw Error(path_, what + ": " + nc_strerror(rc));
}

const NetcdfFile::Variable* NetcdfFile::find(const std::string& name) const {
  for (const Variable& v : variables_) {
    if (v.name == name) return &v;
  }
  return nullptr;
}

std::size_t NetcdfFile::dim_size(int dim) const {
  std::size_t n = 0;
  nc_inq_dimlen(id_, dim, &n);
  return n;
}

std::string NetcdfFile::dim_name(int dim) const {
  std::array<char, NC_MAX_NAME + 1> name{};
  nc_inq_dimname(id_, dim, name.data());
  return name.data();
}

std::size_t NetcdfFile::size_of(const Variable& v) const {
  std::size_t n = 1;
  for (const int d : v.dims) {
    const std::size_t k = dim_size(d);
    if (k != 0 && n > std::numeric_limits<std::size_t>::max() / k) return std::numeric_limits<std::size_t>::max();
    n *= k;
  }
  return n;
}

std::string NetcdfFile::read_text(int var, const char* name) const {
  nc_type type = 0;
  std::size_t n = 0;
  if (nc_inq_att(id_, var, name, &type, &n) != NC_NOERR || n > kMaxAttribute) return {};
  if (type == NC_STRING && n > 0) {
    std::vector<char*> values(n, nullptr);
    if (nc_get_att_string(id_, var, name, values.data()) != NC_NOERR) return {};
    const std::string out = values[0] ? values[0] : "";
    nc_free_string(n, values.data());
    return out;
  }
  if (type != NC_CHAR) return {};
  std::string out(n, '\0');
  if (nc_get_att_text(id_, var, name, out.data()) != NC_NOERR) return {};
  while (!out.empty() && out.back() == '\0') out.pop_back();
  return out;
}

std::string NetcdfFile::text(const Variable& v, const char* name) const { return read_text(v.id, name); }
std::string NetcdfFile::global_text(const char* name) const { return read_text(NC_GLOBAL, name); }

std::vector<double> NetcdfFile::numbers(const Variable& v, const char* name) const {
  nc_type type = 0;
  std::size_t n = 0;
  if (nc_inq_att(id_, v.id, name, &type, &n) != NC_NOERR || type == NC_CHAR || type == NC_STRING) return {};
  if (n > kMaxAttribute) return {};
  std::vector<double> out(n);
  if (nc_get_att_double(id_, v.id, name, out.data()) != NC_NOERR) return {};
  return out;
}

std::optional<double> NetcdfFile::number(const Variable& v, const char* name) const {
  const auto all_values = numbers(v, name);
  return all_values.empty() ? std::nullopt : std::optional<double>(all_values.front());
}

bool NetcdfFile::same_type(const Variable& v, const char* attribute) const {
  nc_type type = 0;
  return nc_inq_atttype(id_, v.id, attribute, &type) == NC_NOERR && type == v.type;
}

bool NetcdfFile::is_numeric(const Variable& v) const { return v.type != NC_CHAR && v.type != NC_STRING && v.type <= NC_UINT64; }

bool NetcdfFile::is_text(const Variable& v) const { return v.type == NC_CHAR || v.type == NC_STRING; }
bool NetcdfFile::is_string(const Variable& v) const { return v.type == NC_STRING; }

std::vector<std::string> NetcdfFile::texts(const Variable& v) const {
  std::vector<std::string> out;
  const std::size_t n = size_of(v);
  if (n > kMaxAttribute) throw Error(path_, v.name + " is absurdly large for names");
  if (is_numeric(v)) {
    for (const double value : all(v)) out.push_back(fmt::format("{:.0f}", value));
  } else if (v.type == NC_STRING) {
    std::vector<char*> texts(n, nullptr);
    check(nc_get_var_string(id_, v.id, texts.data()), "variable " + v.name);
    for (const char* t : texts) out.emplace_back(t ? t : "");
    nc_free_string(n, texts.data());
  } else if (v.type == NC_CHAR && !v.dims.empty()) {
    std::string all_of_it(n, '\0');
    check(nc_get_var_text(id_, v.id, all_of_it.data()), "variable " + v.name);
    const std::size_t width = dim_size(v.dims.back());
    for (std::size_t at = 0; width > 0 && at + width <= n; at += width) {
      std::string t = all_of_it.substr(at, width);
      t.resize(std::min(t.find('\0'), t.size()));
      while (!t.empty() && t.back() == ' ') t.pop_back();
      out.push_back(std::move(t));
    }
  }
  return out;
}

std::vector<double> NetcdfFile::all(const Variable& v) const {
  const std::size_t n = size_of(v);
  if (n > (std::size_t{1} << 24)) throw Error(path_, v.name + " is absurdly large for a coordinate");
  std::vector<double> out(n);
  check(nc_get_var_double(id_, v.id, out.data()), "variable " + v.name);
  return out;
}

void NetcdfFile::slab(const Variable& v, const std::vector<std::size_t>& start, const std::vector<std::size_t>& count, std::vector<double>& out) const {
  std::size_t n = 1;
  for (const std::size_t k : count) n *= k;
  out.resize(n);
  const int rc = nc_get_vara_double(id_, v.id, start.data(), count.data(), out.data());
  if (rc != NC_ERANGE) check(rc, "variable " + v.name + " cannot be decoded");
}

std::vector<std::string> NetcdfFile::strings(const Variable& v) const {
  if (v.type != NC_STRING) throw Error(path_, "variable " + v.name + " holds no texts");
  std::vector<char*> raw(size_of(v), nullptr);
  check(nc_get_var_string(id_, v.id, raw.data()), "variable " + v.name);
  std::vector<std::string> out;
  for (const char* c : raw) out.emplace_back(c ? c : "");
  nc_free_string(raw.size(), raw.data());
  return out;
}

}  // namespace guyu
