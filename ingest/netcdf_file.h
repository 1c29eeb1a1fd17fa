#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guyu {

// Read-only NetCDF file (classic or netCDF-4): named access to variables and attributes. Hold hdf5_mutex() while using it.
class NetcdfFile {
 public:
  struct Variable {
    int id = -1, type = 0;
    std::string name;
    std::vector<int> dims;
  };
  explicit NetcdfFile(const std::string& path);
  ~NetcdfFile();
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  const std::string& path() const { return path_; }
  const std::vector<Variable>& variables() const { return variables_; }
  const Variable* find(const std::string& name) const;  // nullptr when absent
  std::size_t dim_size(int dim) const;
  std::string dim_name(int dim) const;
  std::size_t size_of(const Variable& v) const;  // product of its dimensions, saturating

  std::string text(const Variable& v, const char* name) const;  // empty when absent
  std::string global_text(const char* name) const;
  std::vector<double> numbers(const Variable& v, const char* name) const;  // empty when absent
  std::optional<double> number(const Variable& v, const char* name) const;

  bool same_type(const Variable& v, const char* attribute) const;  // the attribute exists and has the variable's type

  std::vector<double> all(const Variable& v) const;  // raw values of a coordinate; throws Error above 2^24 of them
  // Raw values of a hyperslab, in the order of the dimensions. Throws Error when they cannot be decoded.
  void slab(const Variable& v, const std::vector<std::size_t>& start, const std::vector<std::size_t>& count, std::vector<double>& out) const;
  // The texts of a variable of NC_STRING; throws Error when it is of another type.
  std::vector<std::string> strings(const Variable& v) const;
  bool is_numeric(const Variable& v) const;
  bool is_text(const Variable& v) const;    // of characters or strings
  bool is_string(const Variable& v) const;  // each value a text of its own (netCDF-4)
  // The texts of a one-dimensional variable: strings, rows of characters, or whole numbers written out. Throws Error above 2^20 of them.
  std::vector<std::string> texts(const Variable& v) const;

 private:
  std::string read_text(int var, const char* name) const;
  void check(int rc, const std::string& what) const;
  std::string path_;
  int id_ = -1;
  std::vector<Variable> variables_;
};

}  // namespace guyu
