#pragma once
#include <cstddef>
#include <string>

namespace guyu::cli {

// Tells on stderr how a run gets on: one line that changes on a terminal, one plain line per stage in a log.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // `all` 0: a stage without parts.
  void tell(const std::string& stage, std::size_t done, std::size_t all);

 private:
  bool quiet_, terminal_, open_ = false;
  std::string stage_;
};

}  // namespace guyu::cli
