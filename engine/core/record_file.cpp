#include "engine/core/record_file.h"

#include <filesystem>

#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::size_t kDigest = 64;  // hexadecimal digits
}  // namespace

RecordWriter::RecordWriter(const std::string& path, std::string_view magic, const std::string& key)
    : path_(path), file_(path), out_(file_.temporary_path(), std::ios::binary) {
  if (!out_) throw Error(path, "cannot be written", "check the folder and its permissions");
  bytes(magic.data(), magic.size());
  put(std::vector<char>(key.begin(), key.end()));
}

void RecordWriter::bytes(const void* data, std::size_t size) {
  if (size == 0) return;
  hasher_.bytes(data, size);
  out_.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
}

void RecordWriter::commit() {
  const std::string digest = hasher_.hex();
  out_.write(digest.data(), static_cast<std::streamsize>(digest.size()));
  out_.close();
  if (!out_) throw Error(path_, "could not be written whole", "is the disk full?");
  file_.commit();
}

std::optional<RecordReader> RecordReader::open(const std::string& path, std::string_view magic, const std::string& key) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(path, ec);
  if (ec || size < magic.size() + kDigest) return std::nullopt;
  RecordReader r;
  r.in_.open(path, std::ios::binary);
  r.left_ = size - kDigest;
  std::string start(magic.size(), '\0');
  std::vector<char> stored;
  if (!r.bytes(start.data(), start.size()) || start != magic || !r.take(stored) || std::string(stored.begin(), stored.end()) != key) {
    return std::nullopt;
  }
  return r;
}

bool RecordReader::bytes(void* data, std::size_t size) {
  if (size > left_) return false;
  if (size == 0) return true;
  if (!in_.read(static_cast<char*>(data), static_cast<std::streamsize>(size))) return false;
  left_ -= size;
  hasher_->bytes(data, size);
  return true;
}

bool RecordReader::finished() {
  std::string digest(kDigest, '\0');
  return left_ == 0 && in_.read(digest.data(), static_cast<std::streamsize>(kDigest)) && digest == hasher_->hex();
}

}  // namespace guyu
