#include "alerts/channels/receipt_folder.h"

#include <algorithm>
#include <filesystem>

#include "alerts/channels/receipt_json.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
constexpr std::uintmax_t kMostBytes = 64 * 1024;
}

ReceiptFolder::ReceiptFolder(std::string folder) : folder_(std::move(folder)) { make_folder(folder_); }

std::vector<Receipt> ReceiptFolder::read(TimePoint now, std::size_t most) {
  read_.clear(), problems_.clear();
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() == ".json" && entry.is_regular_file()) names.push_back(entry.path().string());
  }
  std::sort(names.begin(), names.end());
  if (names.size() > most) names.resize(most);
  std::vector<Receipt> receipts;
  for (const std::string& name : names) {
    try {
      if (fs::file_size(name) > kMostBytes) throw Error("", "too large for a receipt");
      receipts.push_back(read_receipt(read_text_file(name), now));
      read_.push_back(name);
    } catch (const std::exception& e) {
      problems_.push_back(name + ": " + e.what());
      std::error_code ec;
      const fs::path bad = fs::path(folder_) / "bad";
      fs::create_directories(bad, ec);
      fs::rename(name, bad / fs::path(name).filename(), ec);
      if (ec) fs::remove(name, ec);
    }
  }
  return receipts;
}

void ReceiptFolder::remove_read() {
  for (const std::string& name : read_) {
    std::error_code ec;
    fs::remove(name, ec);
  }
  read_.clear();
}

}  // namespace guyu
