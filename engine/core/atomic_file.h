#pragma once
#include <string>
#include <string_view>

namespace guyu {

// A file written beside its final place and renamed into it: readers see the old or the whole new content, and
// after commit() the new one survives kill -9 and power loss (file and folder are synced). Without commit()
// the temporary file is removed.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);  // makes missing folders
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  const std::string& temporary_path() const { return temporary_; }
  void commit();  // throws Error naming the file and the system's reason

 private:
  std::string path_, temporary_;
  bool committed_ = false;
};

// Removes what killed processes left of AtomicFiles in the folder (not below it). Only where no other process writes: the caller holds the
// folder's lock. A folder that is not there is clean.
void remove_unfinished(const std::string& folder);

// With the folders above it; one that is there is fine. Throws Error naming it and the system's reason.
void make_folder(const std::string& folder);

void write_file_atomically(const std::string& path, std::string_view content);
// Throws Error when the file cannot be read.
std::string read_text_file(const std::string& path);

}  // namespace guyu
