#pragma once
#include <stdexcept>
#include <string>

namespace guyu {

// A mistake in input, configuration or use: says what is wrong, where (file, line, key) and how to mend it.
// Broken invariants are asserts, never this. Only main() turns an Error into an exit code.
class Error : public std::runtime_error {
 public:
  Error(std::string place, std::string what, std::string remedy = {});
  const std::string& place() const { return place_; }    // file, file:line:column, or verb; may be empty
  const std::string& reason() const { return reason_; }  // without the place
  const std::string& remedy() const { return remedy_; }  // may be empty

 private:
  std::string place_, reason_, remedy_;
};

}  // namespace guyu
