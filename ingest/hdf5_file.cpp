#include "ingest/hdf5_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/core/error.h"
#include "ingest/hdf5_heap.h"
#include "ingest/reader.h"

namespace guyu {
namespace {

constexpr hssize_t kMaxAttribute = 1 << 16;  // elements, and bytes of one text

// Owns one HDF5 identifier and its closing call.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }
  bool ok() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

Handle open_attribute(hid_t file, const std::string& at, const std::string& name) {
  if (H5Aexists_by_name(file, at.c_str(), name.c_str(), H5P_DEFAULT) <= 0) return {-1, H5Aclose};
  return {H5Aopen_by_name(file, at.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
}

std::string trimmed(std::string s) {
  s.resize(std::strlen(s.c_str()));  // fixed-length strings are padded with NUL or blanks
  while (!s.empty() && s.back() == ' ') s.pop_back();
  return s;
}

}  // namespace

std::recursive_mutex& hdf5_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

void skip_hdf5_exit() { H5dont_atexit(); }

bool is_hdf5(std::span<const std::byte> head) {
  constexpr std::array<unsigned char, 8> kMagic{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  return head.size() >= kMagic.size() && std::memcmp(head.data(), kMagic.data(), kMagic.size()) == 0;
}

Hdf5File::Hdf5File(const std::string& path) : path_(path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // errors are reported by exceptions, not on stderr
  check_global_heaps(path);
  file_ = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file_ < 0) throw Error(path, "HDF5 cannot open it: the file is truncated or damaged");
}

Hdf5File::~Hdf5File() {
  if (file_ >= 0) H5Fclose(file_);
}

bool Hdf5File::exists(const std::string& at) const {
  std::size_t slash = 0;  // every parent must be there before the next link may be asked for
  while ((slash = at.find('/', slash + 1)) != std::string::npos) {
    if (H5Lexists(file_, at.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
  }
  return at == "/" || H5Lexists(file_, at.c_str(), H5P_DEFAULT) > 0;
}

std::optional<std::string> Hdf5File::text(const std::string& at, const std::string& name) const {
  if (!exists(at)) return std::nullopt;
  const Handle attribute = open_attribute(file_, at, name);
  if (!attribute.ok()) return std::nullopt;
  const Handle type(H5Aget_type(attribute), H5Tclose);
  if (H5Tget_class(type) != H5T_STRING) return std::nullopt;
  const Handle space(H5Aget_space(attribute), H5Sclose);  // some writers store a text as an array of one
  const hssize_t n = H5Sget_simple_extent_npoints(space);
  if (n < 1 || n > kMaxAttribute) return std::nullopt;
  if (H5Tis_variable_str(type) > 0) {
    const Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(memory, H5T_VARIABLE);
    H5Tset_cset(memory, H5Tget_cset(type));
    std::vector<char*> values(static_cast<std::size_t>(n), nullptr);
    if (H5Aread(attribute, memory, values.data()) < 0 || !values[0]) return std::nullopt;
    std::string out = values[0];
    H5Dvlen_reclaim(memory, space, H5P_DEFAULT, values.data());
    return out;
  }
  const std::size_t size = H5Tget_size(type);
  if (size == 0 || size > kMaxAttribute) return std::nullopt;
  std::string values(size * static_cast<std::size_t>(n), '\0');
  if (H5Aread(attribute, type, values.data()) < 0) return std::nullopt;
  values.resize(size);
  return trimmed(std::move(values));
}

std::vector<double> Hdf5File::numbers(const std::string& at, const std::string& name) const {
  if (!exists(at)) return {};
  const Handle attribute = open_attribute(file_, at, name);
  if (!attribute.ok()) return {};
  const Handle type(H5Aget_type(attribute), H5Tclose);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) return {};
  const Handle space(H5Aget_space(attribute), H5Sclose);
  const hssize_t n = H5Sget_simple_extent_npoints(space);
  if (n <= 0 || n > kMaxAttribute) return {};
  std::vector<double> values(static_cast<std::size_t>(n));
  if (H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()) < 0) return {};
  return values;
}

std::optional<double> Hdf5File::number(const std::string& at, const std::string& name) const {
  const auto values = numbers(at, name);
  return values.empty() ? std::nullopt : std::optional<double>(values.front());
}

std::string Hdf5File::require_text(const std::string& at, const std::string& name) const {
  if (auto v = text(at, name)) return *v;
  throw Error(path_, "the text attribute " + at + ":" + name + " is absent");
}

double Hdf5File::require_number(const std::string& at, const std::string& name) const {
  if (auto v = number(at, name)) return *v;
  throw Error(path_, "the number attribute " + at + ":" + name + " is absent");
}

Hdf5File::Plane Hdf5File::plane(const std::string& dataset) const {
  if (!exists(dataset)) throw Error(path_, "the dataset " + dataset + " is absent");
  const Handle data(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (!data.ok()) throw Error(path_, dataset + " is not a dataset");
  const Handle space(H5Dget_space(data), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space);
  std::array<hsize_t, 2> dims{};
  if (rank != 2) throw Error(path_, fmt::format("{} has {} dimensions, not two", dataset, rank));
  H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  constexpr hsize_t kMax = hsize_t{1} << 31;
  require_plausible_size(path_ + ": " + dataset, static_cast<std::int64_t>(std::min(dims[1], kMax)), static_cast<std::int64_t>(std::min(dims[0], kMax)),
                         file_bytes(path_));
  Plane p;
  p.ny = static_cast<std::int64_t>(dims[0]);
  p.nx = static_cast<std::int64_t>(dims[1]);
  p.values.resize(static_cast<std::size_t>(dims[0] * dims[1]));
  if (H5Dread(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, p.values.data()) < 0) {
    throw Error(path_, dataset + " cannot be decoded: the file is damaged");
  }
  return p;
}

}  // namespace guyu
