#pragma once
#include <hdf5.h>

#include <string>
#include <vector>

namespace guyu::test {

// Writes small HDF5 files for reader tests. Groups are made on the way.
class Hdf5Writer {
 public:
  enum class Text { fixed, variable, array_of_one };
  explicit Hdf5Writer(const std::string& path) : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {}
  ~Hdf5Writer() { H5Fclose(file_); }
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  Text text_as = Text::fixed;

  void text(const std::string& group, const std::string& name, const std::string& value) {
    const hid_t at = open(group), type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, text_as == Text::variable ? H5T_VARIABLE : value.size() + 1);
    const hsize_t one = 1;
    const hid_t space = text_as == Text::array_of_one ? H5Screate_simple(1, &one, nullptr) : H5Screate(H5S_SCALAR);
    const hid_t a = H5Acreate2(at, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    const char* pointer = value.c_str();
    H5Awrite(a, type, text_as == Text::variable ? static_cast<const void*>(&pointer) : pointer);
    H5Aclose(a), H5Sclose(space), H5Tclose(type), H5Gclose(at);
  }
  void numbers(const std::string& group, const std::string& name, const std::vector<double>& values) {
    const hid_t at = open(group);
    const hsize_t n = values.size();
    const hid_t space = H5Screate_simple(1, &n, nullptr);
    const hid_t a = H5Acreate2(at, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(a, H5T_NATIVE_DOUBLE, values.data());
    H5Aclose(a), H5Sclose(space), H5Gclose(at);
  }
  void number(const std::string& group, const std::string& name, double value) { numbers(group, name, {value}); }
  // stored: e.g. H5T_STD_U8LE
  void plane(const std::string& group, const std::string& name, hsize_t ny, hsize_t nx, const std::vector<double>& values, hid_t stored) {
    const hid_t at = open(group);
    const hsize_t dims[] = {ny, nx};
    const hid_t space = H5Screate_simple(2, dims, nullptr);
    const hid_t d = H5Dcreate2(at, name.c_str(), stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (!values.empty()) H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(d), H5Sclose(space), H5Gclose(at);
  }

 private:
  hid_t open(const std::string& group) {
    for (std::size_t slash = group.find('/', 1);; slash = group.find('/', slash + 1)) {
      const std::string part = group.substr(0, slash);
      if (part != "/" && H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0) {
        H5Gclose(H5Gcreate2(file_, part.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
      }
      if (slash == std::string::npos) break;
    }
    return H5Gopen2(file_, group.c_str(), H5P_DEFAULT);
  }
  hid_t file_;
};

}  // namespace guyu::test
