#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "ingest/eccodes_lock.h"
#include "ingest/grib_message.h"
#include "ingest/grib_payload.h"
#include "ingest/grib_sections.h"
#include "ingest/grib_stream.h"
#include "ingest/reader.h"

// GRIB editions 1 and 2 through ecCodes: WMO Manual on Codes, FM 92. A file is a stream of messages; a damaged one ends or is
// skipped, by name, and the others are delivered.
namespace guyu {
namespace {

// Offset of a GRIB indicator section in the head; bulletins carry a WMO header before it.
bool has_indicator(std::span<const std::byte> head) {
  constexpr std::size_t kMaxHeader = 512;
  for (std::size_t i = 0; i + 8 <= head.size() && i < kMaxHeader; ++i) {
    if (std::memcmp(head.data() + i, "GRIB", 4) != 0) continue;
    const auto edition = std::to_integer<int>(head[i + 7]);
    if (edition == 1 || edition == 2) return true;
  }
  return false;
}

class GribReader final : public Reader {
 public:
  std::string_view format() const override { return "GRIB"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override { return has_indicator(head); }

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink, const ProblemSink& problem) const override {
    each_message(path, 0, problem, [&](const GribMessage& message, std::uint64_t) {
      std::string unit;
      FieldMeta meta = grib_meta(message, unit);
      if (request.wants(meta.quantity) && (!request.select || request.select(meta))) sink(canonical_field(message, std::move(meta), unit));
      return true;
    });
  }

  void list(const std::string& path, const ReadRequest& request, const std::function<void(FieldPlace&&)>& sink, const ProblemSink& problem) const override {
    each_message(path, 0, problem, [&](const GribMessage& message, std::uint64_t position) {
      std::string unit;
      FieldMeta meta = grib_meta(message, unit);
      if (request.wants(meta.quantity)) sink({std::move(meta), position});
      return true;
    });
  }

  Field read_at(const std::string& path, const FieldPlace& place) const override {
    std::optional<Field> found;
    std::string why = "is not there any more: the file has changed";
    each_message(
        path, place.position / kFieldsPerMessage, [&](const Error& e) { why = e.reason(); },
        [&](const GribMessage& message, std::uint64_t position) {
          if (position < place.position) return true;
          std::string unit;
          FieldMeta meta = grib_meta(message, unit);
          if (position == place.position && FieldKey::of(meta) == FieldKey::of(place.meta)) found = canonical_field(message, std::move(meta), unit);
          return false;
        });
    if (!found) throw Error(path, FieldKey::of(place.meta).describe() + ": " + why);
    return std::move(*found);
  }

 private:
  static constexpr std::uint64_t kFieldsPerMessage = 256;  // in a position; more have never been seen

  // Calls visit(message, position) for each field from the message at octet `from` on, until it says false.
  static void each_message(const std::string& path, std::uint64_t from, const ProblemSink& problem,
                           const std::function<bool(const GribMessage&, std::uint64_t)>& visit) {
    const auto lock = eccodes_lock();
    GribStream stream(path);
    stream.seek(from);
    int number = 0;  // of the field in the file
    const auto place = [&](int n) { return fmt::format("{}: message {}", path, n); };
    std::string broken;
    for (int n = 1; const auto message = stream.next(broken); ++n) {
      if (!broken.empty()) {
        problem(Error(place(n), broken));
        continue;
      }
      // ecCodes can split messages of several fields itself, but frees memory twice when such a message is damaged.
      const auto fields = split_fields(*message);
      if (fields.empty()) problem(Error(place(n), "its sections do not add up: it is damaged"));
      for (std::size_t k = 0; k < fields.size(); ++k) {
        if (!payload_fits(fields[k])) {
          problem(Error(place(n), "its packed data do not hold the values that it claims: it is damaged"));
          continue;
        }
        codes_handle* handle = codes_handle_new_from_message_copy(nullptr, fields[k].data(), fields[k].size());
        if (!handle) {
          problem(Error(place(n), "cannot be decoded"));
          continue;
        }
        const GribMessage field(handle, path, ++number);
        try {
          if (!visit(field, stream.place() * kFieldsPerMessage + std::min<std::uint64_t>(k, kFieldsPerMessage - 1))) return;
        } catch (const Error& e) {
          problem(in_file(field.place(), e));
        }
      }
    }
  }

  static Field canonical_field(const GribMessage& message, FieldMeta meta, const std::string& unit) {
    Field field = grib_field(message, std::move(meta));
    if (unit != field.meta.quantity.unit) convert_in_place(field.values(), unit, field.meta.quantity);
    return field;
  }
};

}  // namespace

const Reader& grib_reader() {
  static const GribReader reader;
  return reader;
}

}  // namespace guyu
