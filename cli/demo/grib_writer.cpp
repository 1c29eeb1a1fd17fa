#include "cli/demo/grib_writer.h"

#include <eccodes.h>
#include <fmt/format.h>

#include <memory>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu::cli::demo {
namespace {

class Message {
 public:
  explicit Message(std::string path)
      : path_(std::move(path)), handle_(codes_grib_handle_new_from_samples(nullptr, "regular_ll_sfc_grib2"), codes_handle_delete) {
    if (!handle_) throw Error(path_, "ecCodes does not find its sample messages", "install its data files, or set ECCODES_SAMPLES_PATH");
  }
  void whole(const char* key, long value) { check(codes_set_long(handle_.get(), key, value), key); }
  void number(const char* key, double value) { check(codes_set_double(handle_.get(), key, value), key); }
  void text(const char* key, const std::string& value) {
    std::size_t size = value.size();
    check(codes_set_string(handle_.get(), key, value.c_str(), &size), key);
  }
  void values(std::span<const float> v) {
    const std::vector<double> wide(v.begin(), v.end());
    check(codes_set_double_array(handle_.get(), "values", wide.data(), wide.size()), "values");
  }
  std::string bytes() const {
    const void* data = nullptr;
    std::size_t size = 0;
    check(codes_get_message(handle_.get(), &data, &size), "message");
    return {static_cast<const char*>(data), size};
  }

 private:
  void check(int rc, const char* key) const {
    if (rc != CODES_SUCCESS) throw Error(path_, fmt::format("{} cannot be set: {}", key, codes_get_error_message(rc)));
  }
  std::string path_;
  std::unique_ptr<codes_handle, int (*)(codes_handle*)> handle_;
};

void set_grid(Message& m, const Grid& g) {
  m.whole("Ni", g.nx());
  m.whole("Nj", g.ny());
  m.number("latitudeOfFirstGridPointInDegrees", g.y(0));
  m.number("longitudeOfFirstGridPointInDegrees", g.x(0));
  m.number("latitudeOfLastGridPointInDegrees", g.y(static_cast<double>(g.ny() - 1)));
  m.number("longitudeOfLastGridPointInDegrees", g.x(static_cast<double>(g.nx() - 1)));
  m.number("iDirectionIncrementInDegrees", g.dx());
  m.number("jDirectionIncrementInDegrees", g.dy());
}

std::string message(const std::string& path, const Field& amount) {
  const std::string reference = to_compact(amount.meta.reference);
  Message m(path);
  m.text("centre", "consensus");
  m.whole("significanceOfReferenceTime", 1);
  m.whole("productionStatusOfProcessedData", 1);  // operational test product
  m.whole("typeOfProcessedData", 1);
  m.whole("dataDate", std::stol(reference.substr(0, 8)));
  m.whole("dataTime", std::stol(reference.substr(9, 4)));
  set_grid(m, amount.grid());
  m.whole("productDefinitionTemplateNumber", 8);  // a statistic over a time interval
  m.text("shortName", "tp");
  m.text("stepRange", fmt::format("0-{}", (amount.meta.valid.end - amount.meta.reference) / std::chrono::hours(1)));
  m.whole("bitsPerValue", 16);
  m.values(amount.values());
  return m.bytes();
}

}  // namespace

void write_grib_forecast(const std::string& path, const std::vector<Field>& amounts) {
  std::string content;
  for (const Field& amount : amounts) content += message(path, amount);
  write_file_atomically(path, content);
}

}  // namespace guyu::cli::demo
