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
      {"RATE", {&quantities::rainfall_rate(), 0, false}},
      {"ACRR", {&quantities::precipitation_amount(), 0, true}},
      {"DBZH", {&quantities::reflectivity(), kNoEchoDbz, false}},
      {"TH", {&quantities::reflectivity(), kNoEchoDbz, false}},
      {"DBZ", {&quantities::reflectivity(), kNoEchoDbz, false}},
  };
  const auto it = table.find(name);
  return it == table.end() ? nullptr : &it->second;
}

// An attribute of data M stands in its own `what`, else in the dataset's, else in the file's.
struct Where {
  const Hdf5File& file;
  std::string dataset, data;
  std::optional<std::string> text(const std::string& name) const {
    for (const std::string& at : {data + "/what", dataset + "/what", std::string("/what")}) {
      if (auto v = file.text(at, name)) return v;
    }
    return std::nullopt;
  }
  std::optional<double> number(const std::string& name) const {
    for (const std::string& at : {data + "/what", dataset + "/what"}) {
      if (auto v = file.number(at, name)) return v;
    }
    return std::nullopt;
  }
};

Grid read_grid(const Hdf5File& file, const std::string& dataset) {
  const std::string where = file.text("/where", "projdef") ? "/where" : dataset + "/where";
  const std::string crs = file.require_text(where, "projdef");
  const auto nx = static_cast<std::int64_t>(file.require_number(where, "xsize"));
  const auto ny = static_cast<std::int64_t>(file.require_number(where, "ysize"));
  const double dx = file.require_number(where, "xscale"), dy = file.require_number(where, "yscale");
  // The corner attributes are the outer corners of the corner cells (ODIM_H5 2.4, 4.2).
  const Coordinates corner =
      file.number(where, "UL_lon")
          ? project(crs, file.require_number(where, "UL_lon"), file.require_number(where, "UL_lat"))
          : [&] {
              const Coordinates c = project(crs, file.require_number(where, "LL_lon"), file.require_number(where, "LL_lat"));
              return Coordinates{c.x, c.y + static_cast<double>(ny) * dy};
            }();
  return Grid(crs, corner.x + dx / 2, corner.y - dy / 2, dx, dy, nx, ny);
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
      return (conventions && conventions->rfind("ODIM_H5", 0) == 0) ||
             (file.text("/what", "object") && file.exists("/dataset1"));
    } catch (const Error&) {
      return false;  // the NetCDF reader, asked last of the HDF5 family, names what is wrong
    }
  }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink,
            const std::function<void(const std::string&)>& problem) const override {
    const std::lock_guard lock(hdf5_mutex());
    const Hdf5File file(path);
    const std::string object = file.require_text("/what", "object");
    if (object != "COMP" && object != "IMAGE" && object != "CVOL") {
      throw Error(path, "ODIM_H5 object " + object + " is polar or no raster", "give a composite (COMP) or image (IMAGE)");
    }
    int delivered = 0;
    for (int d = 1; file.exists(fmt::format("/dataset{}", d)); ++d) {
      const std::string dataset = fmt::format("/dataset{}", d);
      for (int m = 1; file.exists(fmt::format("{}/data{}", dataset, m)); ++m) {
        try {
          delivered += read_one(file, dataset, fmt::format("{}/data{}", dataset, m), request, sink) ? 1 : 0;
        } catch (const Error& e) {
          problem(e.place().empty() ? path + ": " + e.what() : e.what());
        }
      }
    }
    if (delivered == 0 && !file.exists("/dataset1/data1")) throw Error(path, "holds no /dataset1/data1");
  }

 private:
  static bool read_one(const Hdf5File& file, const std::string& dataset, const std::string& data,
                       const ReadRequest& request, const std::function<void(Field&&)>& sink) {
    const Where where{file, dataset, data};
    const auto name = where.text("quantity");
    if (!name) throw Error(file.path(), "the attribute " + data + "/what:quantity is absent");
    const OdimQuantity* known = odim_quantity(*name);
    const Quantity quantity = known ? *known->quantity : Quantity{*name, "1"};
    if (!request.wants(quantity.name)) return false;

    FieldMeta meta;
    meta.quantity = quantity;
    meta.source = file.path();
    meta.format = "ODIM_H5";
    meta.reference = parse_time(file.require_text("/what", "date") + file.require_text("/what", "time"));
    meta.valid = {meta.reference, meta.reference};
    const auto sd = where.text("startdate"), st = where.text("starttime");
    const auto ed = where.text("enddate"), et = where.text("endtime");
    if (known && known->accumulated) {
      if (!sd || !st || !ed || !et) throw Error(file.path(), data + ": an amount without start and end times");
      meta.valid = {parse_time(*sd + *st), parse_time(*ed + *et)};
      meta.kind = TimeKind::accumulation;
    }
    Field field(read_grid(file, dataset), meta);
    const Hdf5File::Plane plane = file.plane(data + "/data");
    if (plane.nx != field.grid().nx() || plane.ny != field.grid().ny()) {
      throw Error(file.path(), fmt::format("{} holds {} x {} values, but /where says {} x {}", data, plane.nx, plane.ny,
                                           field.grid().nx(), field.grid().ny()));
    }
    const auto gain = where.number("gain").value_or(1), offset = where.number("offset").value_or(0);
    const auto nodata = static_cast<float>(where.number("nodata").value_or(std::numeric_limits<double>::quiet_NaN()));
    const auto undetect = static_cast<float>(where.number("undetect").value_or(std::numeric_limits<double>::quiet_NaN()));
    const float quiet = known ? known->undetect : std::numeric_limits<float>::quiet_NaN();
    const auto out = field.values();
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float raw = plane.values[i];
      if (std::isnan(raw) || raw == nodata) continue;  // stays missing
      out[i] = raw == undetect ? quiet : static_cast<float>(offset + gain * static_cast<double>(raw));
    }
    sink(std::move(field));
    return true;
  }
};

}  // namespace

const Reader& odim_reader() {
  static const OdimReader reader;
  return reader;
}

}  // namespace guyu
