#include "cli/jobs/hindcast.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/run/cycle.h"
#include "cli/run/run_config.h"
#include "cli/run/run_work.h"
#include "cli/shipped_files.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/cycle/arrival.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

std::string out_of(const HindcastOptions& o, TimePoint t) { return o.independent ? o.out + "/" + to_compact(t) : o.out; }
std::string error_file(const HindcastOptions& o, TimePoint t) { return o.out + "/errors/" + to_compact(t) + ".txt"; }

bool had_arrived(const HindcastOptions& o, const std::string& path, TimePoint of, TimePoint as_of) {
  const auto arrival = file_arrival(path);
  if (!arrival) return false;
  return (arrival->sidecar || !o.delay ? arrival->time : of + *o.delay) <= as_of;
}

// Nothing of a cycle that fails may end the others.
void run_as_of(const HindcastOptions& o, TimePoint t) {
  const std::string out = out_of(o, t);
  if (is_done(out, t)) return;
  std::error_code ec;
  std::filesystem::remove(error_file(o, t), ec);
  try {
    CycleOptions run;
    run.config = o.config;
    run.data = o.data;
    run.out = out;
    run.time = t;
    run.cache = o.cache.empty() ? o.out + "/cache" : o.cache;
    run.station = find_config_file("files", "stations", "");
    run.sees = [&](const std::string& path, TimePoint of) { return had_arrived(o, path, of, t); };
    run_cycle(run);
  } catch (const std::exception& e) {
    write_file_atomically(error_file(o, t), std::string(e.what()) + "\n");
  }
}

// Processes rather than threads: the libraries behind the readers allow one thread at a time. They are forked before this process has threads of its own.
void run_apart(const HindcastOptions& o, const std::vector<TimePoint>& times) {
  const int threads = std::max(1, num_threads() / o.jobs);
  std::map<pid_t, std::size_t> running;
  std::size_t next = 0, done = 0;
  while (next < times.size() || !running.empty()) {
    if (next < times.size() && running.size() < static_cast<std::size_t>(o.jobs)) {
      std::fflush(nullptr);
      const pid_t child = ::fork();
      if (child < 0) throw Error("hindcast", "no process can be started", "lower --jobs");
      if (child == 0) {
        int code = 0;
        try {
          set_num_threads(threads);
          run_as_of(o, times[next]);
        } catch (const std::exception&) {  // not even the error could be written
          code = 3;
        }
        ::_exit(code);
      }
      running[child] = next++;
      continue;
    }
    int status = 0;
    const pid_t ended = ::wait(&status);
    const auto which = running.find(ended);
    if (which == running.end()) continue;
    if (!(WIFEXITED(status) && WEXITSTATUS(status) == 0))
      write_file_atomically(error_file(o, times[which->second]),
                            WIFSIGNALED(status) ? fmt::format("ended by signal {}\n", WTERMSIG(status)) : "ended without saying why\n");
    running.erase(which);
    if (o.progress) o.progress("cycles", ++done, times.size());
  }
}

HindcastCycle read_back(const HindcastOptions& o, TimePoint t) {
  HindcastCycle c;
  c.time = t;
  c.folder = std::filesystem::relative(out_of(o, t) + "/cycles/" + to_compact(t), o.out).string();
  if (!is_done(out_of(o, t), t)) {
    c.status = "failed";
    c.error = std::filesystem::exists(error_file(o, t)) ? read_text_file(error_file(o, t)) : "was not done\n";
    if (!c.error.empty()) c.error.pop_back();
    return c;
  }
  try {
    const auto report = nlohmann::ordered_json::parse(read_text_file(o.out + "/" + c.folder + "/report.json"));
    c.status = report.at("status");
    c.inputs = report.at("inputs").size();
    c.messages = report.at("alerts").size();
    c.degraded = report.at("degraded").size();
    for (const auto& s : report.at("stages"))
      if (s.at("name").get<std::string>().find('.') == std::string::npos) c.seconds += s.at("seconds").get<double>();
    for (const auto& [level, count] : report.at("levels").items()) c.levels.emplace_back(level, count.get<std::int64_t>());
  } catch (const std::exception& e) {
    c.status = "failed";
    c.error = std::string("its report cannot be read: ") + e.what();
  }
  return c;
}

void write_summary(const HindcastOptions& o, const std::vector<HindcastCycle>& cycles) {
  nlohmann::ordered_json json{{"from", to_iso(o.from)}, {"to", to_iso(o.to)}, {"every_seconds", o.every.count()}, {"independent", o.independent}};
  std::map<std::string, std::size_t> statuses{{"ok", 0}, {"degraded", 0}, {"failed", 0}};
  std::size_t messages = 0;
  double seconds = 0;
  json["cycles"] = nlohmann::json::array();
  for (const HindcastCycle& c : cycles) {
    ++statuses[c.status];
    messages += c.messages;
    seconds += c.seconds;
    nlohmann::ordered_json one{{"cycle", to_iso(c.time)}, {"status", c.status}};
    if (!c.error.empty()) {
      one["error"] = c.error;
    } else {
      one["folder"] = c.folder;
      one["inputs"] = c.inputs;
      one["degraded"] = c.degraded;
      one["messages"] = c.messages;
      one["seconds"] = c.seconds;
      one["levels"] = nlohmann::ordered_json::object();
      for (const auto& [level, count] : c.levels) one["levels"][level] = count;
    }
    json["cycles"].push_back(std::move(one));
  }
  json["total"] = {{"ok", statuses["ok"]}, {"degraded", statuses["degraded"]}, {"failed", statuses["failed"]}, {"messages", messages}, {"seconds", seconds}};
  write_file_atomically(o.summary.empty() ? o.out + "/summary.json" : o.summary, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

std::vector<HindcastCycle> hindcast(const HindcastOptions& o) {
  if (o.to < o.from) throw Error("hindcast", "TO is before FROM", "give the earlier time first");
  if (o.jobs > 1 && !o.independent) throw Error("--jobs", "cycles that hand their state on are run one after the other", "add --independent");
  load_run_config(o.config, o.data);  // a mistake in it is told once
  std::vector<TimePoint> times;
  for (TimePoint t = o.from; t <= o.to; t += o.every) times.push_back(t);
  if (o.jobs > 1) {
    run_apart(o, times);
  } else {
    for (std::size_t k = 0; k < times.size(); ++k) {
      run_as_of(o, times[k]);
      if (o.progress) o.progress("cycles", k + 1, times.size());
    }
  }
  std::vector<HindcastCycle> cycles;
  for (const TimePoint t : times) cycles.push_back(read_back(o, t));
  write_summary(o, cycles);
  return cycles;
}

}  // namespace guyu::cli
