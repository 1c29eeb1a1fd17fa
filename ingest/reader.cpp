#include "ingest/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <new>

#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "ingest/foreign_format.h"

namespace guyu {
namespace fs = std::filesystem;

bool ReadRequest::wants(const Quantity& quantity) const {
  if (quantities.empty()) return true;
  if (std::find(quantities.begin(), quantities.end(), quantity.name) == quantities.end()) return false;
  const Quantity* known = find_quantity(quantity.name);
  return !known || *known == quantity;
}

std::span<const Reader* const> readers() {
  // The HDF5 formats with a known layout come before NetCDF-4, which is HDF5 too.
  static const std::array<const Reader*, 10> all{&grib_reader(), &odim_reader(),   &knmi_reader(), &netcdf_reader(), &geotiff_reader(),
                                                 &hgt_reader(),  &micaps_reader(), &bufr_reader(), &pup_reader(),    &csv_reader()};
  return all;
}

void Reader::list(const std::string& path, const ReadRequest& request, const std::function<void(FieldPlace&&)>& sink, const ProblemSink& problem) const {
  read(
      path, request,
      [&](Field&& f) {
        sink({f.meta, 0});
      },
      problem);
}

Field Reader::read_at(const std::string& path, const FieldPlace& place) const {
  std::optional<Field> found;
  const FieldKey key = FieldKey::of(place.meta);
  const auto is_it = [&](const FieldMeta& m) { return !found && FieldKey::of(m) == key && m.reference == place.meta.reference; };
  std::string why = "is not there any more";
  read(
      path, {{place.meta.quantity.name}, is_it},
      [&](Field&& f) {
        if (is_it(f.meta)) found = std::move(f);
      },
      [&](const Error& e) { why = e.reason(); });
  if (!found) throw Error(path, key.describe() + ": " + why);
  return std::move(*found);
}

std::vector<StationTable> Reader::station_tables(const std::string&, const ReadRequest&) const { return {}; }

std::optional<StationTable> Reader::stations(const std::string& path) const {
  std::vector<StationTable> tables = station_tables(path, {});
  return tables.empty() ? std::nullopt : std::optional(std::move(tables.front()));
}

const Reader& reader_for(const std::string& path) {
  std::error_code ec;
  if (!fs::exists(path, ec)) throw Error(path, "there is no such file");
  if (fs::is_directory(path, ec)) throw Error(path, "is a folder", "name the files in it");
  if (!fs::is_regular_file(path, ec)) throw Error(path, "is no plain file");
  std::array<std::byte, 4096> block{};
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path, "cannot be opened", "check its permissions");
  in.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size()));
  const std::span<const std::byte> head(block.data(), static_cast<std::size_t>(in.gcount()));
  if (head.empty()) throw Error(path, "the file is empty");
  std::string names;
  for (const Reader* r : readers()) {
    if (r->recognises(head, path)) return *r;
    names += (names.empty() ? "" : ", ") + std::string(r->format());
  }
  if (const auto foreign = foreign_format(head)) throw Error(path, foreign->what, foreign->remedy);
  throw Error(path, "the content is of no known format", "known are " + names);
}

FileSummary read_each(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink) {
  const Reader& reader = reader_for(path);
  FileSummary out;
  out.format = reader.format();
  bool passed_over = false;
  std::optional<Error> first;
  ReadRequest asked = request;
  if (request.select) {
    asked.select = [&](const FieldMeta& meta) {
      const bool taken = request.select(meta);
      passed_over = passed_over || !taken;
      return taken;
    };
  }
  try {
    reader.read(
        path, asked,
        [&](Field&& f) {
          if (asked.select && !asked.select(f.meta)) return;
          ++out.fields;
          sink(std::move(f));
        },
        [&](const Error& e) {
          if (!first) first = e;
          out.problems.push_back(e.what());
        });
  } catch (const std::bad_alloc&) {  // one file too large is no reason to end a run
    throw Error(path, "does not fit into memory");
  }
  if (out.fields == 0 && !passed_over) {
    std::string wanted;
    for (const std::string& q : request.quantities) wanted += (wanted.empty() ? ": " : ", ") + q;
    if (first) throw *first;
    throw Error(path, "holds none of the wanted fields" + wanted, "guyu inspect shows what it holds");
  }
  return out;
}

std::vector<FieldPlace> list_fields(const std::string& path, const ReadRequest& request, std::vector<std::string>& problems) {
  std::vector<FieldPlace> places;
  reader_for(path).list(
      path, request,
      [&](FieldPlace&& p) {
        if (!request.select || request.select(p.meta)) places.push_back(std::move(p));
      },
      [&](const Error& e) { problems.push_back(e.what()); });
  return places;
}

FileFields read_file(const std::string& path, const ReadRequest& request) {
  std::vector<Field> fields;
  FileSummary summary = read_each(path, request, [&](Field&& f) { fields.push_back(std::move(f)); });
  return {std::move(summary.format), std::move(fields), std::move(summary.problems)};
}

void require_plausible_size(const std::string& place, std::int64_t nx, std::int64_t ny, std::uintmax_t bytes) {
  constexpr std::uintmax_t kAlways = std::uintmax_t{1} << 26, kCellsPerByte = 4096, kMost = std::uintmax_t{1} << 31;
  const auto w = static_cast<std::uintmax_t>(nx), h = static_cast<std::uintmax_t>(ny);
  const std::uintmax_t most = std::min(kMost, std::max(kAlways, bytes < kMost ? bytes * kCellsPerByte : kMost));
  if (nx < 1 || ny < 1 || w > most || h > most / w) {
    throw Error(place, fmt::format("claims {} x {} cells in {} bytes, which is not possible", nx, ny, bytes), "the file is damaged");
  }
}

Error in_file(const std::string& path, const Error& e) { return e.place().empty() ? Error(path, e.reason(), e.remedy()) : e; }

std::uintmax_t file_bytes(const std::string& path) {
  std::error_code ec;
  const std::uintmax_t bytes = fs::file_size(path, ec);
  return ec ? 0 : bytes;
}

void flip_rows(std::span<float> values, std::int64_t ny, std::int64_t nx) {
  for (std::int64_t j = 0; j < ny / 2; ++j) {
    std::swap_ranges(values.begin() + j * nx, values.begin() + (j + 1) * nx, values.begin() + (ny - 1 - j) * nx);
  }
}

void flip_columns(std::span<float> values, std::int64_t ny, std::int64_t nx) {
  for (std::int64_t j = 0; j < ny; ++j) std::reverse(values.begin() + j * nx, values.begin() + (j + 1) * nx);
}

void convert_in_place(std::span<float> values, std::string_view unit, const Quantity& quantity) {
  const UnitConversion c = convert_units(unit, quantity.unit);
  if (c.scale == 1 && c.offset == 0) return;
  for (float& v : values) v = static_cast<float>(c(static_cast<double>(v)));
}

}  // namespace guyu
