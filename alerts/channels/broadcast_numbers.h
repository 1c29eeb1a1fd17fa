#pragma once
#include <map>
#include <optional>
#include <string>

namespace guyu {

// Numbers of emergency broadcast messages: four digits that count from 1 within a day. A message keeps its number, whatever is killed when: it is on the disk
// before it is told. The file has one line per message, "YYYYMMDD NNNN identifier"; days that lie more than two years before the newest are let go.
class BroadcastNumbers {
 public:
  // Throws Error when the file is there and not readable as such.
  explicit BroadcastNumbers(std::string path);
  // "YYYYMMDDNNNN" of a message, new or as given before. Throws Error when the day has no number left or the file cannot be written.
  std::string give(const std::string& identifier, const std::string& day);
  std::optional<std::string> known(const std::string& identifier) const;

 private:
  std::string path_;
  std::map<std::string, std::string> numbers_;  // by identifier
  std::map<std::string, int> last_;             // by day
};

}  // namespace guyu
