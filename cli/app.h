#pragma once
// The verbs of the `guyu` command. Each verb is one file that declares itself to its parent (verb.h). Exit codes: 0 done, 1 done but degraded (some input
// unusable), 2 user error, 3 internal error, 75 not done and worth another try (guyu cycle).
namespace guyu {
class Comm;
}
namespace guyu::cli {

enum ExitCode { exit_done = 0, exit_degraded = 1, exit_user_error = 2, exit_internal = 3, exit_try_again = 75 };
class Verb;

void add_alerts(Verb& guyu);
void add_archive(Verb& guyu);
void add_calibrate(Verb& guyu);
void add_cap(Verb& guyu);
void add_cells(Verb& guyu);
void add_check(Verb& guyu);
void add_config(Verb& guyu);
void add_convection(Verb& guyu);
void add_cycle(Verb& guyu, Comm& comm);
void add_demo(Verb& guyu);
void add_dispatch(Verb& guyu);
void add_downscale(Verb& guyu);
void add_extrapolate(Verb& guyu);
void add_extremes(Verb& guyu);
void add_flood(Verb& guyu);
void add_forecast(Verb& guyu);
void add_gauges(Verb& guyu);
void add_hindcast(Verb& guyu);
void add_guidance(Verb& guyu);
void add_inspect(Verb& guyu);
void add_map(Verb& guyu);
void add_models(Verb& guyu);
void add_new(Verb& guyu);
void add_nowcast(Verb& guyu, Comm& comm);
void add_postprocess(Verb& guyu);
void add_receive(Verb& guyu);
void add_regrid(Verb& guyu);
void add_replay(Verb& guyu);
void add_rules(Verb& guyu);
void add_run(Verb& guyu, Comm& comm);
void add_shaking(Verb& guyu);
void add_terrain(Verb& guyu);
void add_train(Verb& guyu);
void add_verify(Verb& guyu);
void add_zonal(Verb& guyu);

// The ranks of `comm` all call it with the same words. guyu run and guyu nowcast share their ensemble out among the ranks; of all other verbs several ranks are
// an error.
int run_app(int argc, char** argv, Comm& comm);
int run_app(int argc, char** argv);  // alone

}  // namespace guyu::cli
