#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "hpc/bench/bandwidth.h"
#include "hpc/bench/stages.h"
#include "hpc/parallel/parallel_for.h"

// Times the stages of a cycle against their bars and against the machine's memory. Exit code 1 when a bar is not met.
int main(int argc, char** argv) {
  using namespace guyu;
  bench::StageOptions options;
  std::vector<std::string> only;
  std::string json;
  int threads = 0;
  CLI::App app{"guyu_bench: speed of the stages"};
  std::string listed = "stages:\n";
  for (const bench::Stage& s : bench::stages()) listed += fmt::format("  {:<11} {}\n", s.name, s.what);
  app.footer(listed);
  std::vector<std::string> names;
  for (const bench::Stage& s : bench::stages()) names.push_back(s.name);
  app.add_option("stages", only, "which stages; default: all")->check(CLI::IsMember(names));
  app.add_option("--threads", threads, "number of threads; 0 = all cores")->check(CLI::NonNegativeNumber);
  app.add_option("--repeat", options.repeats, "timed calls a stage; the median counts")->check(CLI::PositiveNumber);
  app.add_option("--json", json, "also write the measurements to this file");
  app.add_option("--guyu", options.guyu, "the guyu program, for the whole cycle");
  app.add_option("--cycle", options.cycle, "words of the cycle's command, before --data, --out and --time");
  app.add_option("--warm-time", options.warm_time, "issue time of the cycle that fills the caches");
  app.add_option("--timed-time", options.timed_time, "issue time of the cycle that is timed");
  CLI11_PARSE(app, argc, argv);
  set_num_threads(threads);
  try {
    std::vector<bench::Measurement> all = bench::memory_bandwidth(options.repeats);
    const double bandwidth = bench::best_rate(all);
    for (const bench::Stage& s : bench::stages()) {
      if (!only.empty() && std::find(only.begin(), only.end(), s.name) == only.end()) continue;
      fmt::print(stderr, "{} ...\n", s.name);
      for (bench::Measurement& m : s.run(options)) all.push_back(std::move(m));
    }
    fmt::print("{}", bench::to_table(all, bandwidth));
    if (!json.empty()) write_file_atomically(json, bench::to_json(all, bandwidth, num_threads()));
    const bool met = std::all_of(all.begin(), all.end(), [](const auto& m) { return !m.skipped.empty() || m.met(); });
    return met ? 0 : 1;
  } catch (const Error& e) {
    fmt::print(stderr, "guyu_bench: {}\n", e.what());
    return 2;
  }
}
