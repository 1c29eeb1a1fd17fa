#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>

#include "cli/verb.h"
#include "engine/config/param_spec.h"
#include "engine/core/error.h"
#include "guyu_version.h"
#include "hpc/parallel/parallel_for.h"
#include "hpc/parallel/serial_comm.h"

namespace guyu::cli {
namespace {

// What to say of a first word that is no verb, which the parser would only call absent; empty when it is one.
std::string unknown_verb(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands({})) verbs.push_back(verb->get_name());
  if (std::find(verbs.begin(), verbs.end(), argv[1]) != verbs.end()) return {};
  const std::string near = nearest_word(argv[1], verbs);
  return fmt::format("there is no verb '{}' ({}the verbs are {})", argv[1], near.empty() ? "" : "did you mean " + near + "? ", fmt::join(verbs, ", "));
}

}  // namespace

int run_app(int argc, char** argv, Comm& comm) {
  CLI::App app{"guyu: township-level warnings from radar and forecast grids"};
  app.set_version_flag("--version", kVersion);
  int threads = 0;
  app.add_option("--threads", threads, "number of threads; 0 = all cores")->check(CLI::NonNegativeNumber);
  std::function<int()> action;
  Verb guyu(&app, &action);
  add_alerts(guyu);
  add_archive(guyu);
  add_calibrate(guyu);
  add_cap(guyu);
  add_cells(guyu);
  add_check(guyu);
  add_config(guyu);
  add_convection(guyu);
  add_cycle(guyu, comm);
  add_demo(guyu);
  add_dispatch(guyu);
  add_downscale(guyu);
  add_extrapolate(guyu);
  add_extremes(guyu);
  add_flood(guyu);
  add_forecast(guyu);
  add_gauges(guyu);
  add_hindcast(guyu);
  add_guidance(guyu);
  add_inspect(guyu);
  add_map(guyu);
  add_models(guyu);
  add_new(guyu);
  add_nowcast(guyu, comm);
  add_postprocess(guyu);
  add_receive(guyu);
  add_regrid(guyu);
  add_replay(guyu);
  add_rules(guyu);
  add_run(guyu, comm);
  add_shaking(guyu);
  add_terrain(guyu);
  add_train(guyu);
  add_verify(guyu);
  add_zonal(guyu);
  if (const std::string unknown = unknown_verb(app, argc, argv); !unknown.empty()) {
    fmt::print(stderr, "guyu: {}\n", unknown);
    return exit_user_error;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_done : exit_user_error;
  }
  set_num_threads(threads);
  const auto parallel = [&] {
    const CLI::App* verb = app.get_subcommands().empty() ? nullptr : app.get_subcommands().front();
    return verb && (verb->get_name() == "run" || verb->get_name() == "cycle" || verb->get_name() == "nowcast");
  };
  if (comm.size() > 1 && !parallel()) {
    if (comm.rank() == 0) fmt::print(stderr, "guyu: this verb is for one process; run, cycle and nowcast can use several\n");
    return exit_user_error;
  }
  try {
    return action();
  } catch (const Error& e) {
    fmt::print(stderr, "guyu: {}\n", e.what());
    return exit_user_error;
  } catch (const std::exception& e) {
    fmt::print(stderr, "guyu: internal error: {}\n", e.what());
    return exit_internal;
  }
}

int run_app(int argc, char** argv) {
  SerialComm alone;
  return run_app(argc, argv, alone);
}

}  // namespace guyu::cli
