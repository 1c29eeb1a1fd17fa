#pragma once
#include <string>
#include <vector>

#include "engine/core/error.h"

namespace guyu::cli {

// What is wrong beyond what the declaration of a key can say: all of it is told together, like the faults of the keys themselves.
class Faults {
 public:
  explicit Faults(std::string path) : path_(std::move(path)) {}
  // Runs a step; its Error becomes a fault at `place` unless it names a place of this file, or several, itself.
  template <typename Step>
  bool without(const std::string& place, const Step& step) {
    try {
      step();
      return true;
    } catch (const Error& e) {
      const bool placed = place.empty() || e.place().rfind(path_, 0) == 0;
      all_.push_back(placed ? e : Error(place, e.what()));
      return false;
    }
  }
  void finish() const {
    if (all_.empty()) return;
    if (all_.size() == 1) throw all_.front();
    std::string text;
    for (const Error& e : all_) text += (text.empty() ? "" : "\n") + std::string(e.what());
    throw Error("", text);
  }

 private:
  std::string path_;
  std::vector<Error> all_;
};

}  // namespace guyu::cli
