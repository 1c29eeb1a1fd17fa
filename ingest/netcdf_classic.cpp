#include "ingest/netcdf_classic.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu {
namespace {

class Header {
 public:
  Header(std::string path, std::ifstream& in, int version) : path_(std::move(path)), in_(in), bytes_(file_bytes(path_)), version_(version) {}

  void walk() {
    number(version_ == 5 ? 8 : 4);  // records
    const std::uint64_t dimensions = list(0x0a);
    for (std::uint64_t k = 0; k < dimensions; ++k) {
      name();
      count();
    }
    attributes();
    const std::uint64_t variables = list(0x0b);
    for (std::uint64_t k = 0; k < variables; ++k) {
      name();
      const std::uint64_t rank = bounded(count());
      for (std::uint64_t d = 0; d < rank; ++d) {
        if (count() >= dimensions) damaged();
      }
      attributes();
      size_of(number(4));
      count();                        // size of the variable, which may be wrong for large ones
      number(version_ == 1 ? 4 : 8);  // where it begins
    }
  }

 private:
  [[noreturn]] void damaged() const { throw Error(path_, "the NetCDF header is damaged", "fetch the file again"); }

  std::uint64_t number(int octets) {
    std::array<unsigned char, 8> b{};
    if (!in_.read(reinterpret_cast<char*>(b.data()), octets)) damaged();
    std::uint64_t v = 0;
    for (int k = 0; k < octets; ++k) v = v << 8 | b[static_cast<std::size_t>(k)];
    return v;
  }
  std::uint64_t count() { return number(version_ == 5 ? 8 : 4); }
  std::uint64_t bounded(std::uint64_t n) const {
    if (n > bytes_) damaged();
    return n;
  }
  std::uint64_t list(std::uint64_t tag) {
    const std::uint64_t found = number(4), n = bounded(count());
    if (n == 0 ? found != 0 && found != tag : found != tag) damaged();
    return n;
  }
  void skip(std::uint64_t n) {
    if (!in_.seekg(static_cast<std::streamoff>((bounded(n) + 3) / 4 * 4), std::ios::cur)) damaged();
  }
  void name() {
    const std::uint64_t n = count();
    if (n == 0) damaged();
    skip(n);
  }
  std::uint64_t size_of(std::uint64_t type) const {
    static constexpr std::array<std::uint64_t, 12> kSizes{0, 1, 1, 2, 4, 4, 8, 1, 2, 4, 8, 8};
    if (type < 1 || type >= (version_ == 5 ? 12U : 7U)) damaged();
    return kSizes[type];
  }
  void attributes() {
    const std::uint64_t n = list(0x0c);
    for (std::uint64_t k = 0; k < n; ++k) {
      name();
      const std::uint64_t each = size_of(number(4));
      skip(bounded(count()) * each);
    }
  }

  std::string path_;
  std::ifstream& in_;
  std::uint64_t bytes_;
  int version_;
};

}  // namespace

void check_classic_header(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::array<char, 4> magic{};
  if (!in.read(magic.data(), 4) || std::memcmp(magic.data(), "CDF", 3) != 0) return;
  if (magic[3] != 1 && magic[3] != 2 && magic[3] != 5) throw Error(path, "is NetCDF of no known version");
  Header(path, in, magic[3]).walk();
}

}  // namespace guyu
