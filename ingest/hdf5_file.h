#pragma once
#include <hdf5.h>

#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guyu {

// HDF5 and NetCDF-C are not safe for concurrent calls: every use of either holds this lock.
std::recursive_mutex& hdf5_mutex();

// HDF5 tidies up at exit, and crashes there when a file could not be closed, as on a full disk: the program would end by a signal and not with its
// exit code. Call it before anything else uses HDF5; files are closed by their owners.
void skip_hdf5_exit();

// True when the head carries the HDF5 signature.
bool is_hdf5(std::span<const std::byte> head);

// Read-only HDF5 file. Attribute getters return nullopt when the group or attribute is absent; `at` is an absolute
// group path such as "/dataset1/what". Errors name the file. Not thread-safe: hold hdf5_mutex().
class Hdf5File {
 public:
  explicit Hdf5File(const std::string& path);  // throws Error when it cannot be opened (truncated, not HDF5)
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  const std::string& path() const { return path_; }
  bool exists(const std::string& at) const;
  std::optional<std::string> text(const std::string& at, const std::string& name) const;
  std::optional<double> number(const std::string& at, const std::string& name) const;
  std::vector<double> numbers(const std::string& at, const std::string& name) const;  // empty when absent
  // Throwing forms: the error names the file, the group and the attribute.
  std::string require_text(const std::string& at, const std::string& name) const;
  double require_number(const std::string& at, const std::string& name) const;

  // Two-dimensional dataset as doubles-to-float without scaling; throws Error on other ranks or absurd sizes.
  struct Plane {
    std::int64_t ny = 0, nx = 0;
    std::vector<float> values;
  };
  Plane plane(const std::string& dataset) const;

 private:
  std::string path_;
  hid_t file_ = -1;
};

}  // namespace guyu
