#include "cli/demo/odim_writer.h"

#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "cli/demo/geography.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu::cli::demo {
namespace {

constexpr double kGain = 0.01;  // mm/h
constexpr std::uint16_t kUndetect = 0, kNodata = 65535;

// An HDF5 identifier that closes itself.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const std::string& path) : id_(id), close_(close) {
    if (id_ < 0) throw Error(path, "cannot be written as HDF5", "is the disk full?");
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

class OdimFile {
 public:
  explicit OdimFile(const std::string& path) : path_(path), file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, path) {}

  Handle group(const std::string& at) {
    const Handle timeless(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, path_);
    H5Pset_obj_track_times(timeless, false);
    return {H5Gcreate2(file_, at.c_str(), H5P_DEFAULT, timeless, H5P_DEFAULT), H5Gclose, path_};
  }
  void text(hid_t at, const char* name, const std::string& value) {
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, path_);
    H5Tset_size(type, value.size() + 1);
    attribute(at, name, type, value.c_str());
  }
  void number(hid_t at, const char* name, double value) { attribute(at, name, H5T_NATIVE_DOUBLE, &value); }
  void whole(hid_t at, const char* name, std::int64_t value) { attribute(at, name, H5T_NATIVE_INT64, &value); }

  void image(const std::string& at, const Grid& grid, const std::vector<std::uint16_t>& values) {
    const hsize_t shape[2] = {static_cast<hsize_t>(grid.ny()), static_cast<hsize_t>(grid.nx())};
    const Handle space(H5Screate_simple(2, shape, nullptr), H5Sclose, path_), how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, path_);
    H5Pset_obj_track_times(how, false);
    H5Pset_chunk(how, 2, shape);
    H5Pset_deflate(how, 6);
    const Handle set(H5Dcreate2(file_, at.c_str(), H5T_STD_U16LE, space, H5P_DEFAULT, how, H5P_DEFAULT), H5Dclose, path_);
    check(H5Dwrite(set, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    text(set, "CLASS", "IMAGE");
    text(set, "IMAGE_VERSION", "1.2");
  }
  hid_t root() const { return file_; }

 private:
  void check(herr_t rc) const {
    if (rc < 0) throw Error(path_, "cannot be written as HDF5", "is the disk full?");
  }
  void attribute(hid_t at, const char* name, hid_t type, const void* value) {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, path_);
    const Handle a(H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, path_);
    check(H5Awrite(a, type, value));
  }

  std::string path_;
  Handle file_;
};

void write_where(OdimFile& out, const Grid& g) {
  const Handle where = out.group("/where");
  out.text(where, "projdef", g.crs());
  out.whole(where, "xsize", g.nx());
  out.whole(where, "ysize", g.ny());
  out.number(where, "xscale", g.dx());
  out.number(where, "yscale", g.dy());
  const Transform to_lonlat(g.crs(), kLonLat);
  const double west = g.x(-0.5), east = g.x(static_cast<double>(g.nx()) - 0.5), north = g.y(-0.5), south = g.y(static_cast<double>(g.ny()) - 0.5);
  const auto corner = [&](const std::string& name, double x, double y) {
    const Point c = to_lonlat(x, y);
    out.number(where, (name + "_lon").c_str(), c.x);
    out.number(where, (name + "_lat").c_str(), c.y);
  };
  corner("LL", west, south);
  corner("UL", west, north);
  corner("UR", east, north);
  corner("LR", east, south);
}

std::vector<std::uint16_t> packed(const Field& rate) {
  std::vector<std::uint16_t> out;
  out.reserve(rate.values().size());
  for (const float v : rate.values()) {
    const double steps = std::clamp(std::round(double{v} / kGain), 0.0, double{kNodata - 1});
    out.push_back(std::isnan(v) ? kNodata : static_cast<std::uint16_t>(steps));
  }
  return out;
}

}  // namespace

void write_odim_composite(const std::string& path, const Field& rate) {
  AtomicFile file(path);
  const std::string stamp = to_compact(rate.meta.valid.end), date = stamp.substr(0, 8), time = stamp.substr(9, 6);
  {
    OdimFile out(file.temporary_path());
    out.text(out.root(), "Conventions", "ODIM_H5/V2_3");
    const Handle what = out.group("/what");
    out.text(what, "object", "COMP");
    out.text(what, "version", "H5rad 2.3");
    out.text(what, "date", date);
    out.text(what, "time", time);
    out.text(what, "source", "ORG:0,CMT:made-up demo case");
    write_where(out, rate.grid());
    const Handle dataset = out.group("/dataset1"), dataset_what = out.group("/dataset1/what");
    out.text(dataset_what, "product", "SURF");
    for (const char* edge : {"start", "end"}) {
      out.text(dataset_what, (std::string(edge) + "date").c_str(), date);
      out.text(dataset_what, (std::string(edge) + "time").c_str(), time);
    }
    const Handle data = out.group("/dataset1/data1"), data_what = out.group("/dataset1/data1/what");
    out.text(data_what, "quantity", "RATE");
    out.number(data_what, "gain", kGain);
    out.number(data_what, "offset", 0);
    out.number(data_what, "nodata", kNodata);
    out.number(data_what, "undetect", kUndetect);
    out.image("/dataset1/data1/data", rate.grid(), packed(rate));
  }
  file.commit();
}

}  // namespace guyu::cli::demo
