#include <fmt/format.h>

#include <cstring>

#include "engine/core/error.h"
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

  void read(const std::string& path, const ReadRequest& request, const std::function<void(Field&&)>& sink,
            const std::function<void(const std::string&)>& problem) const override {
    const auto lock = eccodes_lock();
    GribStream stream(path);
    int number = 0;  // of the field in the file
    std::string broken;
    for (int n = 1; const auto message = stream.next(broken); ++n) {
      if (!broken.empty()) {
        problem(fmt::format("{}: message {}: {}", path, n, broken));
        continue;
      }
      // ecCodes can split messages of several fields itself, but frees memory twice when such a message is damaged.
      const auto fields = split_fields(*message);
      if (fields.empty()) problem(fmt::format("{}: message {}: its sections do not add up: it is damaged", path, n));
      for (const GribBytes& field : fields) {
        if (!payload_fits(field)) {
          problem(fmt::format("{}: message {}: its packed data do not hold the values that it claims: it is damaged", path, n));
          continue;
        }
        codes_handle* handle = codes_handle_new_from_message_copy(nullptr, field.data(), field.size());
        if (handle) read_field(GribMessage(handle, path, ++number), request, sink, problem);
        else problem(fmt::format("{}: message {}: cannot be decoded", path, n));
      }
    }
  }

 private:
  static void read_field(const GribMessage& message, const ReadRequest& request, const std::function<void(Field&&)>& sink,
                         const std::function<void(const std::string&)>& problem) {
    try {
      std::string unit;
      FieldMeta meta = grib_meta(message, unit);
      if (!request.wants(meta.quantity)) return;
      Field field = grib_field(message, std::move(meta));
      if (unit != field.meta.quantity.unit) convert_in_place(field.values(), unit, field.meta.quantity);
      sink(std::move(field));
    } catch (const Error& e) {
      problem(in_file(message.place(), e).what());
    }
  }
};

}  // namespace

const Reader& grib_reader() {
  static const GribReader reader;
  return reader;
}

}  // namespace guyu
