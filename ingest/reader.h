#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/field.h"

namespace guyu {

// What to read; an empty list means everything. Names are canonical quantity names.
struct ReadRequest {
  std::vector<std::string> quantities;
  // Which of the fields, by all that is told of them but their values; empty: every one. It may be asked more than once for a field, and before the
  // values are decoded where the format lets a reader do so (NetCDF).
  std::function<bool(const FieldMeta&)> select = {};
  // A field that bears a canonical name but a unit that could not be converted is wanted by nobody.
  bool wants(const Quantity& quantity) const;
};

// Point observations: one quantity at one time. Longitude and latitude in degrees, elevation in m, NaN missing.
struct StationTable {
  FieldMeta meta;
  struct Station {
    std::string code;
    double longitude = 0, latitude = 0;
    float elevation = 0, value = 0;
  };
  std::vector<Station> stations;
  std::vector<std::string> problems;  // e.g. fewer stations than the heading claims; of the file, in the first of its tables
  std::vector<std::string> notes;     // what the file leaves unsaid and was taken for granted; likewise
};

// A field as a pass over its file found it, without its values, and where its reader finds it again.
struct FieldPlace {
  FieldMeta meta;
  std::uint64_t position = 0;  // means something to the reader alone
};

// Takes what is wrong with one field of many; its place begins with the file.
using ProblemSink = std::function<void(const Error&)>;

// One file format. A format is recognised by its content, never by its name. Fields leave canonical: known
// quantity in its canonical unit, row 0 north, column 0 west, NaN missing, valid interval, source = path.
// read() throws Error naming file and reason when nothing can be read; a problem with one field of many goes to
// `problem` and the rest is still delivered.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::string_view format() const = 0;
  // head: the first bytes of the file, at most 4096.
  virtual bool recognises(std::span<const std::byte> head, const std::string& path) const = 0;
  virtual void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const = 0;
  // What read() would deliver, without values. Formats whose headers can be read alone do not decode them; the others read the file.
  virtual void list(const std::string& path, const ReadRequest& request, const std::function<void(FieldPlace&&)>& sink, const ProblemSink& problem) const;
  // One listed field with its values. Throws Error when it is not there any more.
  virtual Field read_at(const std::string& path, const FieldPlace& place) const;
  // For formats that hold stations instead of grids: a table for each wanted quantity and time, ascending by time; empty when the file holds grids, or
  // stations without any wanted value. `select` is not asked. Throws Error like read().
  virtual std::vector<StationTable> station_tables(const std::string& path, const ReadRequest& request) const;
  // The first of all tables; nullopt when there is none.
  std::optional<StationTable> stations(const std::string& path) const;
};

// One instance per format; each is defined in <format>_reader.cpp and listed in reader.cpp.
const Reader& grib_reader();
const Reader& odim_reader();    // ODIM_H5 composites
const Reader& knmi_reader();    // KNMI HDF5 composites
const Reader& netcdf_reader();  // CF, classic and netCDF-4; asked after the HDF5 formats
const Reader& geotiff_reader();
const Reader& hgt_reader();     // SRTM tiles, plain or zipped
const Reader& micaps_reader();  // diamond 3, 4, 11
const Reader& bufr_reader();    // surface observations
const Reader& pup_reader();     // raster products of a radar's PUP
const Reader& csv_reader();     // tables of stations
std::span<const Reader* const> readers();

// The reader for a file. Throws Error: missing, empty, a folder, no plain file, or of no format that is read (names the kind where its
// content tells, else lists the formats).
const Reader& reader_for(const std::string& path);

struct FileSummary {
  std::string format;
  std::size_t fields = 0;
  std::vector<std::string> problems;  // fields that could not be read, with reasons
};
// Hands out one field at a time, so that a file of many need not be held. Throws Error when the file gives no field at all and none was passed over
// by the request's `select`.
FileSummary read_each(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink);

// The fields of a file without their values. Throws Error when nothing can be read; problems with single fields are added to `problems`.
std::vector<FieldPlace> list_fields(const std::string& path, const ReadRequest& request, std::vector<std::string>& problems);

struct FileFields {
  std::string format;
  std::vector<Field> fields;
  std::vector<std::string> problems;  // fields that could not be read, with reasons
};
// Throws Error when the file gives no field at all.
FileFields read_file(const std::string& path, const ReadRequest& request = {});

// Throws Error when a raster cannot come from `bytes` bytes: sizes below 1 or more than 4096 cells a byte (no packing in use does better)
// above 2^26 cells. Keeps damaged headers from claiming the machine's memory.
void require_plausible_size(const std::string& place, std::int64_t nx, std::int64_t ny, std::uintmax_t bytes);
// The error with the file as its place, where it names none.
Error in_file(const std::string& path, const Error& error);

std::uintmax_t file_bytes(const std::string& path);  // 0 when it cannot be told

// Turns a plane whose rows run south to north and/or columns east to west to north-first, west-first, in place.
void flip_rows(std::span<float> values, std::int64_t ny, std::int64_t nx);
void flip_columns(std::span<float> values, std::int64_t ny, std::int64_t nx);
// Converts values in `unit` to the quantity's canonical unit in place; NaN stays NaN.
void convert_in_place(std::span<float> values, std::string_view unit, const Quantity& quantity);

}  // namespace guyu
