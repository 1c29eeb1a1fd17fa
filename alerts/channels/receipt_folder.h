#pragma once
#include <string>
#include <vector>

#include "alerts/channels/channel.h"

namespace guyu {

// Receipts as files: whoever has one renames a JSON text (see receipt_json.h) to <anything>.json in the folder. Two steps, so that a kill loses none: read(),
// store them, then remove_read(). Not for two readers at once.
class ReceiptFolder {
 public:
  // Makes the folder. Throws Error when that fails.
  explicit ReceiptFolder(std::string folder);
  // At most `most` receipts, in the order of the file names. Files that hold none go to bad/ with their reason in problems().
  std::vector<Receipt> read(TimePoint now, std::size_t most = 10000);
  // Removes the files of the last read().
  void remove_read();
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::string folder_;
  std::vector<std::string> read_, problems_;
};

}  // namespace guyu
