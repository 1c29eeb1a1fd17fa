#pragma once
#include <string>
#include <vector>

#include "cli/app.h"

namespace guyu::test {

// Runs the program's verbs inside the test; gives the exit code.
inline int guyu_run(std::vector<std::string> words) {
  words.insert(words.begin(), "guyu");
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  return cli::run_app(static_cast<int>(argv.size()), argv.data());
}

}  // namespace guyu::test
