#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "cli/app.h"
#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

namespace guyu::test {

// Runs the program's verbs inside the test; gives the exit code.
inline int guyu_run(std::vector<std::string> words) {
  words.insert(words.begin(), "guyu");
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  return cli::run_app(static_cast<int>(argv.size()), argv.data());
}

struct Said {
  int code = 0;
  std::string out;  // what went to the terminal
};

// The same, keeping what is printed on the standard output.
inline Said guyu_said(const std::vector<std::string>& words) {
  const std::string path = temporary_folder("said") + "/out.txt";
  std::fflush(stdout);
  const int terminal = ::dup(STDOUT_FILENO), file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::close(file);
  Said said;
  said.code = guyu_run(words);
  std::fflush(stdout);
  ::dup2(terminal, STDOUT_FILENO);
  ::close(terminal);
  said.out = read_text_file(path);
  return said;
}

}  // namespace guyu::test
