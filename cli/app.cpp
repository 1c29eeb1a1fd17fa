#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "engine/config/param_spec.h"
#include "engine/core/error.h"
#include "guyu_version.h"
#include "hpc/parallel/parallel_for.h"

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

int run_app(int argc, char** argv) {
  CLI::App app{"guyu: township-level warnings from radar and forecast grids"};
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  int threads = 0;
  app.add_option("--threads", threads, "number of threads; 0 = all cores")->check(CLI::NonNegativeNumber);
  Action action;
  add_alerts(app, action);
  add_calibrate(app, action);
  add_cap(app, action);
  add_check(app, action);
  add_config(app, action);
  add_demo(app, action);
  add_dispatch(app, action);
  add_extrapolate(app, action);
  add_inspect(app, action);
  add_map(app, action);
  add_nowcast(app, action);
  add_receive(app, action);
  add_regrid(app, action);
  add_rules(app, action);
  add_run(app, action);
  add_verify(app, action);
  add_zonal(app, action);
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

}  // namespace guyu::cli
