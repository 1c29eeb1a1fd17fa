#include "alerts/channels/broadcast_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr int kMostOfADay = 9999, kYearsKept = 2;
bool digits(const std::string& text, std::size_t count) { return text.size() == count && text.find_first_not_of("0123456789") == std::string::npos; }
}  // namespace

BroadcastNumbers::BroadcastNumbers(std::string path) : path_(std::move(path)) {
  if (!std::filesystem::exists(path_)) return;
  std::istringstream in(read_text_file(path_));
  for (std::string day, number, identifier; in >> day >> number >> identifier;) {
    if (!digits(day, 8) || !digits(number, 4)) throw Error(path_, "is no list of message numbers", "put it aside; numbers start anew");
    numbers_[identifier] = day + number;
    last_[day] = std::max(last_[day], std::atoi(number.c_str()));
  }
}

std::optional<std::string> BroadcastNumbers::known(const std::string& identifier) const {
  const auto found = numbers_.find(identifier);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::string BroadcastNumbers::give(const std::string& identifier, const std::string& day) {
  if (auto number = known(identifier)) return *number;
  const int next = last_[day] + 1;
  if (next > kMostOfADay) throw Error(path_, "has given all numbers of " + day);
  const std::string number = day + fmt::format("{:04}", next);
  std::map<std::string, std::string> all = numbers_;
  all[identifier] = number;
  const int oldest = std::atoi(last_.rbegin()->first.substr(0, 4).c_str()) - kYearsKept;
  std::erase_if(all, [&](const auto& n) { return std::atoi(n.second.substr(0, 4).c_str()) < oldest; });
  std::string text;
  for (const auto& [name, n] : all) text += n.substr(0, 8) + " " + n.substr(8) + " " + name + "\n";
  write_file_atomically(path_, text);
  numbers_ = std::move(all);
  last_[day] = next;
  return number;
}

}  // namespace guyu
