#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/projection.h"
#include "ingest/reader.h"

// ODIM_H5 (OPERA data information model 2.x) Cartesian products: composites and single-site images.
// `nodata` (never seen by a radar) becomes missing; `undetect` (seen, nothing found) becomes 0 for rates and amounts
// and -32 dBZ, the customary floor, for reflectivity.
namespace guyu {
namespace {

constexpr float kNoEchoDbz = -32.0F;

struct OdimQuantity {
  const Quantity* quantity;
  float undetect;
  bool accumulated;
};

const OdimQuantity* odim_quantity(const std::string& name) {
  static const std::map<std::string, OdimQuantity> table{
      {"RATE", {&quantities::rainfall_rate(), 0, false}},         {"ACRR", {&quantities::precipitation_amount(), 0, true}},
      {"DBZH", {&quantities::reflectivity(), kNoEchoDbz, false}}, {"TH", {&quantities::reflectivity(), kNoEchoDbz, false}},
      {"DBZ", {&quantities::reflectivity(), kNoEchoDbz, false}},
  };
  const auto it = table.find(name);
  return it == table.end() ? nullptr : &it->second;
}

// ODIM inherits downwards: an attribute of data M stands in its own `what` or `where`, else in the dataset's, else in the file's.
struct Scope {
  const Hdf5File& file;
  std::string dataset, data;
  std::optional<std::string> text(const std::string& group, const std::string& name) const {
    for (const std::string& at : {data, dataset, std::string()}) {
      if (auto v = file.text(at + "/" + group, name)) return v;
    }
    return std::nullopt;
  }
  std::optional<double> number(const std::string& group, const std::string& name) const {
    for (const std::string& at : {data, dataset, std::string()}) {
      if (auto v = file.number(at + "/" + group, name)) return v;
    }
    return std::nullopt;
  }
  double where(const std::string& name) const {
    if (const auto v = number("where", name)) return *v;
    throw Error(file.path(), "the number attribute where:" + name + " of " + data + " is absent");
  }
  TimePoint time(const char* date, const char* clock) const {
    const auto d = text("what", date), t = text("what", clock);
    if (!d || !t) throw Error(file.path(), fmt::format("the attributes what:{} and {} of {} are absent", date, clock, data));
    try {
      return parse_time(*d + *t);
    } catch (const Error& e) {
      throw Error(file.path(), e.reason());
    }
  }
};

// The upper left corner of the upper left cell. The corner attributes are outer corners (ODIM_H5 2.4, 4.2).
Coordinates corner_of(const Scope& s, const std::string& crs, double height) {
  if (s.number("where", "UL_lon")) return project(crs, s.where("UL_lon"), s.where("UL_lat"));
  if (s.number("where", "UL_x")) return {s.where("UL_x"), s.where("UL_y")};  // some writers give CRS coordinates
  const Coordinates c = project(crs, s.where("LL_lon"), s.where("LL_lat"));
  return {c.x, c.y + height};
}

std::int64_t count(const Scope& s, const char* name) {
  const double v = s.where(name);
  if (!(v >= 1 && v <= 1e6)) throw Error(s.file.path(), fmt::format("where:{} is {}, which is not possible", name, v));
  return static_cast<std::int64_t>(v);
}

Grid read_grid(const Scope& s) {
  const auto crs = s.text("where", "projdef");
  if (!crs) throw Error(s.file.path(), "the text attribute where:projdef of " + s.data + " is absent");
  const std::int64_t nx = count(s, "xsize"), ny = count(s, "ysize");
  const double dx = s.where("xscale"), dy = s.where("yscale");
  const Coordinates corner = corner_of(s, *crs, static_cast<double>(ny) * dy);
  return Grid(*crs, corner.x + dx / 2, corner.y - dy / 2, dx, dy, nx, ny);
}

class OdimReader final : public Reader {
 public:
  std::string_view format() const override { return "ODIM_H5"; }

  bool recognises(std::span<const std::byte> head, const std::string& path) const override {
    if (!is_hdf5(head)) return false;
    const std::lock_guard lock(hdf5_mutex());
    try {
      const Hdf5File file(path);
      const auto conventions = file.text("/", "Conventions");
      return (conventions && conventions->rfind("ODIM_H5", 0) == 0) || (file.text("/what", "object") && file.exists("/dataset1"));
    } catch (const Error&) {
      return false;  // the NetCDF reader, asked last of the HDF5 family, names what is wrong
    }
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const override {
    const std::lock_guard lock(hdf5_mutex());
    const Hdf5File file(path);
    const std::string object = file.require_text("/what", "object");
    if (object != "COMP" && object != "IMAGE" && object != "CVOL") {
      const bool polar = object == "PVOL" || object == "SCAN" || object == "RAY" || object == "AZIM" || object == "ELEV";
      throw Error(path, fmt::format("is {} (ODIM_H5 object {}), not a composite", polar ? "polar radar data" : "no raster", object),
                  "make a composite (COMP) or image (IMAGE) of it first");
    }
    for (int d = 1; file.exists(fmt::format("/dataset{}", d)); ++d) {
      const std::string dataset = fmt::format("/dataset{}", d);
      for (int m = 1; file.exists(fmt::format("{}/data{}", dataset, m)); ++m) {
        const std::string data = fmt::format("{}/data{}", dataset, m);
        try {
          read_one({file, dataset, data}, request, sink);
        } catch (const Error& e) {
          problem(in_file(path + ": " + data, e));
        }
      }
    }
    if (!file.exists("/dataset1/data1")) throw Error(path, "holds no /dataset1/data1");
  }

 private:
  static void read_one(const Scope& scope, const ReadRequest& request, const std::function<void(Field&&)>& sink) {
    const Hdf5File& file = scope.file;
    const std::string& data = scope.data;
    const auto name = scope.text("what", "quantity");
    if (!name) throw Error(file.path(), "the attribute " + data + "/what:quantity is absent");
    const OdimQuantity* known = odim_quantity(*name);
    const Quantity quantity = known ? *known->quantity : Quantity{*name, "1"};
    if (!request.wants(quantity)) return;

    FieldMeta meta;
    meta.quantity = quantity;
    meta.source = file.path();
    meta.format = "ODIM_H5";
    meta.reference = scope.time("date", "time");
    meta.valid = {meta.reference, meta.reference};
    if (known && known->accumulated) {
      meta.valid = {scope.time("startdate", "starttime"), scope.time("enddate", "endtime")};
      meta.kind = TimeKind::accumulation;
      if (meta.valid.begin >= meta.valid.end) throw Error(file.path(), data + ": an amount over an empty interval");
    }
    const Grid grid = read_grid(scope);
    const Hdf5File::Plane plane = file.plane(data + "/data");
    if (plane.nx != grid.nx() || plane.ny != grid.ny()) {
      throw Error(file.path(), fmt::format("{} holds {} x {} values, but where says {} x {}", data, plane.nx, plane.ny, grid.nx(), grid.ny()));
    }
    Field field(grid, meta);
    const auto gain = scope.number("what", "gain").value_or(1), offset = scope.number("what", "offset").value_or(0);
    const auto nodata = static_cast<float>(scope.number("what", "nodata").value_or(std::numeric_limits<double>::quiet_NaN()));
    const auto undetect = static_cast<float>(scope.number("what", "undetect").value_or(std::numeric_limits<double>::quiet_NaN()));
    const float quiet = known ? known->undetect : std::numeric_limits<float>::quiet_NaN();
    const auto out = field.values();
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float raw = plane.values[i];
      if (std::isnan(raw) || raw == nodata) continue;  // stays missing
      out[i] = raw == undetect ? quiet : static_cast<float>(offset + gain * static_cast<double>(raw));
    }
    sink(std::move(field));
  }
};

}  // namespace

const Reader& odim_reader() {
  static const OdimReader reader;
  return reader;
}

}  // namespace guyu
