#include "products/grib2_message.h"

#include <fmt/format.h>

#include "engine/core/error.h"

namespace guyu {

Grib2Message::Grib2Message(std::string path) : path_(std::move(path)), handle_(codes_grib_handle_new_from_samples(nullptr, "GRIB2"), codes_handle_delete) {
  if (!handle_) throw Error(path_, "ecCodes does not find its sample messages", "install its data files, or set ECCODES_SAMPLES_PATH");
}

void Grib2Message::whole(const char* key, long value) { check(codes_set_long(handle_.get(), key, value), key); }
void Grib2Message::number(const char* key, double value) { check(codes_set_double(handle_.get(), key, value), key); }
void Grib2Message::missing(const char* key) { check(codes_set_missing(handle_.get(), key), key); }

void Grib2Message::text(const char* key, const std::string& value) {
  std::size_t size = value.size();
  check(codes_set_string(handle_.get(), key, value.c_str(), &size), key);
}

void Grib2Message::values(const std::vector<double>& v) { check(codes_set_double_array(handle_.get(), "values", v.data(), v.size()), "values"); }

std::string Grib2Message::bytes() const {
  const void* data = nullptr;
  std::size_t size = 0;
  check(codes_get_message(handle_.get(), &data, &size), "the message");
  return {static_cast<const char*>(data), size};
}

void Grib2Message::check(int rc, const char* key) const {
  if (rc != CODES_SUCCESS) throw Error(path_, fmt::format("{} cannot be set: {}", key, codes_get_error_message(rc)));
}

}  // namespace guyu
