#pragma once
#include <functional>

namespace CLI {  // its header takes seconds to compile: only the verbs include it
class App;
}

// The verbs of the `guyu` command. Each verb is one file that adds a subcommand and sets `action`; exit
// codes: 0 done, 1 done but degraded (some input unusable), 2 user error, 3 internal error.
namespace guyu::cli {

enum ExitCode { exit_done = 0, exit_degraded = 1, exit_user_error = 2, exit_internal = 3 };
using Action = std::function<int()>;

void add_alerts(CLI::App& app, Action& action);
void add_calibrate(CLI::App& app, Action& action);
void add_cap(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_demo(CLI::App& app, Action& action);
void add_dispatch(CLI::App& app, Action& action);
void add_extrapolate(CLI::App& app, Action& action);
void add_inspect(CLI::App& app, Action& action);
void add_map(CLI::App& app, Action& action);
void add_nowcast(CLI::App& app, Action& action);
void add_receive(CLI::App& app, Action& action);
void add_regrid(CLI::App& app, Action& action);
void add_rules(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_zonal(CLI::App& app, Action& action);

int run_app(int argc, char** argv);

}  // namespace guyu::cli
