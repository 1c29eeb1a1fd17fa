#include "hpc/bench/cycle.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "hpc/bench/workload.h"

namespace guyu::bench {
namespace fs = std::filesystem;
namespace {

struct Finished {
  int code = -1;
  double seconds = 0, peak_bytes = 0;
};

Finished run_program(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  Finished done;
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    if (!std::freopen("/dev/null", "w", stdout)) _exit(126);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return done;
  done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  done.peak_bytes = static_cast<double>(usage.ru_maxrss) * 1024;
  done.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return done;
}

}  // namespace

std::vector<Measurement> whole_cycle(const StageOptions& options) {
  constexpr int kDegraded = 1;  // exit code of a cycle that missed some input: it still did its work
  Measurement m;
  m.stage = "cycle";
  m.bar_seconds = 10;
  m.bar_bytes = 4.0 * 1024 * 1024 * 1024;
  if (options.guyu.empty() || data_folder().empty()) {
    m.skipped = options.guyu.empty() ? "no program was named (--guyu)" : "the folder of real data is absent (set GUYU_REAL_DATA)";
    return {m};
  }
  const fs::path out = fs::temp_directory_path() / fmt::format("guyu-bench-{}", getpid());
  const auto cycle = [&](const std::string& time) {
    std::vector<std::string> words{options.guyu};
    words.insert(words.end(), options.cycle.begin(), options.cycle.end());
    for (const std::string& w : {std::string("--data"), data_folder(), std::string("--out"), out.string(), std::string("--time"), time}) words.push_back(w);
    return run_program(std::move(words));
  };
  const Finished warm = cycle(options.warm_time);
  const bool ready = warm.code == 0 || warm.code == kDegraded;
  const Finished timed = ready ? cycle(options.timed_time) : warm;
  std::error_code ignored;
  fs::remove_all(out, ignored);
  if (timed.code != 0 && timed.code != kDegraded) {
    m.skipped = fmt::format("the {} cycle ended with code {}", ready ? "timed" : "first", timed.code);
    return {m};
  }
  m.repeats = 1;
  m.seconds = timed.seconds;
  m.peak_bytes = timed.peak_bytes;
  m.data = fmt::format("real MRMS, {} after {} (first cycle {:.1f} s)", options.timed_time, options.warm_time, warm.seconds);
  return {m};
}

}  // namespace guyu::bench
