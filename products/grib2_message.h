#pragma once
#include <eccodes.h>

#include <memory>
#include <string>
#include <vector>

// One GRIB2 message in the making.
namespace guyu {

class Grib2Message {
 public:
  explicit Grib2Message(std::string path);  // of the file to be, for errors; throws Error when ecCodes has no sample message to begin with
  void whole(const char* key, long value);
  void number(const char* key, double value);
  void text(const char* key, const std::string& value);
  void missing(const char* key);  // all bits set
  void values(const std::vector<double>& values);
  std::string bytes() const;

 private:
  void check(int rc, const char* key) const;
  std::string path_;
  std::unique_ptr<codes_handle, int (*)(codes_handle*)> handle_;
};

}  // namespace guyu
