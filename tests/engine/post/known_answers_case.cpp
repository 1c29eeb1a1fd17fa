#include <netcdf.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "tests/engine/post/known_answers.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {

class File {
 public:
  explicit File(const std::string& path) { BOOST_REQUIRE_MESSAGE(nc_open(path.c_str(), NC_NOWRITE, &id_) == NC_NOERR, "cannot open " << path); }
  ~File() { nc_close(id_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int count() const {
    int n = 0;
    nc_inq_nvars(id_, &n);
    return n;
  }
  int find(const std::string& name) const {
    int v = -1;
    BOOST_REQUIRE_MESSAGE(nc_inq_varid(id_, name.c_str(), &v) == NC_NOERR, "no variable " << name);
    return v;
  }
  std::string name(int v) const {
    char text[NC_MAX_NAME + 1];
    nc_inq_varname(id_, v, text);
    return text;
  }
  std::string attribute(int v, const char* key) const {
    std::size_t n = 0;
    nc_type type = NC_NAT;
    if (nc_inq_att(id_, v, key, &type, &n) != NC_NOERR) return {};
    if (type == NC_STRING) {
      char* text = nullptr;
      nc_get_att_string(id_, v, key, &text);
      const std::string copy = text ? text : "";
      nc_free_string(1, &text);
      return copy;
    }
    std::string text(n, '\0');
    nc_get_att_text(id_, v, key, text.data());
    return text;
  }
  std::vector<int> dimensions(int v) const {
    int n = 0;
    nc_inq_varndims(id_, v, &n);
    std::vector<int> ids(static_cast<std::size_t>(n));
    nc_inq_vardimid(id_, v, ids.data());
    return ids;
  }
  std::size_t length(int d) const {
    std::size_t n = 0;
    nc_inq_dimlen(id_, d, &n);
    return n;
  }
  std::string dimension_name(int d) const {
    char text[NC_MAX_NAME + 1];
    nc_inq_dimname(id_, d, text);
    return text;
  }
  std::vector<double> values(int v) const {
    std::size_t n = 1;
    for (const int d : dimensions(v)) n *= length(d);
    std::vector<double> all(n);
    BOOST_REQUIRE(nc_get_var_double(id_, v, all.data()) == NC_NOERR);
    double fill = 0;
    if (nc_get_att_double(id_, v, "_FillValue", &fill) != NC_NOERR) {
      nc_type type = NC_NAT;
      nc_inq_vartype(id_, v, &type);
      fill = type == NC_FLOAT ? double{NC_FILL_FLOAT} : type == NC_DOUBLE ? NC_FILL_DOUBLE : type == NC_INT ? double{NC_FILL_INT} : NAN;
    }
    for (double& x : all) {
      if (x == fill) x = NAN;
    }
    return all;
  }

 private:
  int id_ = -1;
};

bool is_data(const File& file, int v) {
  if (!file.attribute(v, "grid_mapping_name").empty()) return false;
  const std::string name = file.name(v);
  if (name.size() > 5 && name.substr(name.size() - 5) == "_bnds") return false;
  const std::vector<int> dims = file.dimensions(v);
  return !dims.empty() && file.dimension_name(dims[0]) != name && (dims.size() > 1 || !file.attribute(v, "coordinates").empty());
}

}  // namespace

std::string known_answers() {
  const std::string data = real_data();
  if (data.empty()) return {};
  const std::string folder = data + "/reference/improver";
  if (std::filesystem::is_directory(folder)) return folder;
  std::cout << "skipped: " << folder << " is absent\n";
  return {};
}

Cube read_cube(const std::string& path, const std::string& variable) {
  const File file(path);
  int v = -1;
  if (variable.empty()) {
    for (int k = 0; k < file.count(); ++k) {
      if (is_data(file, k) && !file.attribute(k, "coordinates").empty() && (v < 0 || file.dimensions(k).size() > file.dimensions(v).size())) v = k;
    }
    for (int k = 0; k < file.count() && v < 0; ++k) {
      if (is_data(file, k)) v = k;
    }
    BOOST_REQUIRE_MESSAGE(v >= 0, "no data in " << path);
  } else {
    v = file.find(variable);
  }
  Cube cube;
  cube.units = file.attribute(v, "units");
  for (const int d : file.dimensions(v)) cube.dimensions.push_back(file.dimension_name(d)), cube.shape.push_back(file.length(d));
  const std::vector<double> values = file.values(v);
  const bool sites = cube.dimensions.back() == "spot_index";
  const auto nx = static_cast<std::int64_t>(cube.shape.back());
  const auto ny = sites || cube.shape.size() < 2 ? 1 : static_cast<std::int64_t>(cube.shape[cube.shape.size() - 2]);
  const auto cells = static_cast<std::size_t>(ny * nx);
  for (std::size_t first = 0; first < values.size(); first += cells) {
    Plane plane(ny, nx);
    for (std::size_t k = 0; k < cells; ++k) plane.values[k] = static_cast<float>(values[first + k]);
    cube.planes.push_back(std::move(plane));
  }
  return cube;
}

std::vector<double> read_values(const std::string& path, const std::string& variable) {
  const File file(path);
  return file.values(file.find(variable));
}

void check_answer(const std::string& name, const std::vector<Plane>& ours, const Cube& answer, Tolerance tolerance) {
  BOOST_REQUIRE_MESSAGE(ours.size() == answer.planes.size(), name << ": " << ours.size() << " planes, the answer has " << answer.planes.size());
  double greatest = 0, relative = 0;
  std::size_t values = 0, wrong = 0, masks = 0, excepted = 0, missing = 0;
  for (std::size_t p = 0; p < ours.size(); ++p) {
    const Plane &a = ours[p], &b = answer.planes[p];
    BOOST_REQUIRE_MESSAGE(a.ny == b.ny && a.nx == b.nx, name << ": " << a.ny << " x " << a.nx << ", the answer " << b.ny << " x " << b.nx);
    for (std::size_t k = 0; k < a.values.size(); ++k) {
      ++values;
      const double x = double{a.values[k]}, y = double{b.values[k]};
      if (std::isnan(x) && !std::isnan(y) && missing < tolerance.missing) ++missing;
      else if (std::isnan(x) != std::isnan(y)) ++masks;
      if (std::isnan(x) || std::isnan(y) || x == y) continue;
      const double difference = std::abs(x - y), allowed = tolerance.rtol * std::abs(y) + tolerance.atol;
      greatest = std::max(greatest, difference);
      if (!(difference <= allowed) && difference <= tolerance.exception_atol && excepted < tolerance.exceptions) {
        ++excepted;
        continue;
      }
      if (difference > tolerance.atol) relative = std::max(relative, difference / std::abs(y));
      if (!(difference <= allowed)) ++wrong;
    }
  }
  std::cout << "known answer " << name << ": " << values << " values, greatest difference " << greatest << " absolute, " << relative << " relative (allowed "
            << tolerance.rtol << " relative + " << tolerance.atol << ")" << (wrong + masks ? "  DIFFERS: " : "");
  if (excepted) std::cout << " but for " << excepted << " values";
  if (missing) std::cout << ", " << missing << " missing here alone";
  if (wrong + masks) std::cout << wrong << " values, " << masks << " masks";
  std::cout << "\n";
  BOOST_TEST(wrong == 0U, name << ": " << wrong << " of " << values << " values differ");
  BOOST_TEST(masks == 0U, name << ": " << masks << " of " << values << " are missing in one alone");
}

}  // namespace guyu::test
