#include "cli/jobs/cycle_job.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/jobs/metrics.h"
#include "cli/run/run_config.h"
#include "cli/run/run_lock.h"
#include "cli/run/run_work.h"
#include "cli/shipped_files.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/file_lock.h"
#include "engine/cycle/inventory.h"

namespace guyu::cli {
namespace {

constexpr int kExpired = 69;
constexpr std::chrono::milliseconds kLook{200};

// What a job is at, for people and monitors. Who cannot write it does its work all the same.
class StatusFile {
 public:
  StatusFile(std::string path, std::function<TimePoint()> clock) : path_(std::move(path)), clock_(std::move(clock)) {}
  void tell(TimePoint cycle, const std::string& state, const std::string& detail, const std::vector<std::string>& degraded = {}) {
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    nlohmann::ordered_json status{{"cycle", to_iso(cycle)}, {"state", state}, {"detail", detail}, {"degraded", degraded},
                                  {"at", to_iso(clock_())}, {"host", host},   {"pid", ::getpid()}};
    try {
      write_file_atomically(path_, status.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    } catch (const Error& e) {
      fmt::print(stderr, "guyu: status: {}\n", e.what());
    }
  }

 private:
  std::string path_;
  std::function<TimePoint()> clock_;
};

bool frame_is_there(const RunConfig& config, const CycleOptions& o, TimePoint cycle) {
  try {
    const auto items = find_inputs(o.data, config.plan.radar_pattern);
    return std::any_of(items.begin(), items.end(), [&](const InventoryItem& i) {
      return i.time > cycle - config.plan.radar_interval && i.time <= cycle && (!o.sees || o.sees(i.path, i.time));
    });
  } catch (const Error&) {  // the folder may come yet
    return false;
  }
}

class Job {
 public:
  explicit Job(const JobOptions& options)
      : o_(options), config_(load_run_config(options.cycle.config, options.cycle.data)),
        status_(o_.status.empty() ? o_.cycle.out + "/status.json" : o_.status, o_.clock) {}

  int run() {
    const std::string& out = o_.cycle.out;
    const auto lock = FileLock::try_take(out + "/state/job.lock");
    if (!lock) {
      fmt::print(stderr, "guyu: another job is at work in {}\n", out);
      return exit_try_again;
    }
    try {
      const FileLock run = lock_run(out + "/state");
      finish_commit(out);
    } catch (const Busy& e) {
      fmt::print(stderr, "guyu: {}\n", e.what());
      return exit_try_again;
    }
    const auto done = [&](TimePoint t) { return is_done(out, t) || is_done(late_folder(out, t), t); };
    std::vector<TimePoint> due;
    if (o_.cycle.time) {
      if (done(*o_.cycle.time)) return tell_done(*o_.cycle.time);
      if (*o_.cycle.time <= o_.clock() - o_.expire) return tell_expired(*o_.cycle.time);
      due = {*o_.cycle.time};
    } else {
      const TimePoint now = o_.clock();
      due = due_cycles(now, o_.every, o_.expire, o_.catch_up, done);
      if (due.empty()) return tell_done(now - (now.time_since_epoch() % o_.every));
    }
    const TimePoint newest = due.front();
    for (const TimePoint t : due) {
      if (t != newest && t <= o_.clock() - o_.expire) {  // while the others ran
        tell_expired(t);
        continue;
      }
      if (const int code = run_one(t, t != newest || alerts_are_beyond(t)); code != exit_done) return code;
    }
    return exit_done;
  }

 private:
  bool stopped() const { return o_.cycle.stop && o_.cycle.stop(); }

  // A later cycle is done: warnings have gone on.
  bool alerts_are_beyond(TimePoint t) const {
    std::error_code ec;
    const std::string mine = to_compact(t);
    for (const auto& entry : std::filesystem::directory_iterator(o_.cycle.out + "/cycles", ec))
      if (entry.path().filename().string() > mine && std::filesystem::exists(entry.path() / "done.json")) return true;
    return false;
  }

  int tell_done(TimePoint t) {
    status_.tell(t, "done", "was done before");
    fmt::print("cycle {}: done before\n", to_iso(t));
    return exit_done;
  }
  int tell_expired(TimePoint t) {
    const std::string why = fmt::format("older than {} min", o_.expire.count() / 60);
    status_.tell(t, "expired", why);
    fmt::print("cycle {}: expired, {}\n", to_iso(t), why);
    return kExpired;
  }
  int tell_stopped(TimePoint t, const std::string& where) {
    status_.tell(t, "stopped", where);
    fmt::print(stderr, "guyu: stopped: {}; what was made is kept\n", where);
    return exit_try_again;
  }

  int run_one(TimePoint t, bool late) {
    CycleOptions c = o_.cycle;
    c.time = t;
    if (c.cache.empty()) c.cache = c.out + "/cache";
    if (late) {
      c.out = late_folder(o_.cycle.out, t);
      c.alerts.clear();
      c.station = find_config_file("files", "stations", "");  // nobody is warned of what is over
    } else {
      status_.tell(t, "waiting", "for the newest frame");
      while (!frame_is_there(config_, c, t)) {
        if (stopped()) return tell_stopped(t, "while it waited for the newest frame");
        if (o_.clock() >= t + o_.deadline) {
          c.degraded.push_back(fmt::format("cycle: its newest frame had not come {} s after its time", o_.deadline.count()));
          break;
        }
        o_.pause(kLook);
      }
    }
    std::string stage;
    c.progress = [&, told = o_.cycle.progress](const std::string& s, std::size_t done, std::size_t all) {
      if (s != stage) status_.tell(t, "running", s);
      stage = s;
      if (told) told(s, done, all);
    };
    try {
      const CycleResult result = run_cycle(c);
      const RunReport& r = result.report;
      status_.tell(t, r.degraded.empty() ? "done" : "degraded", late ? "late" : "", r.degraded);
      if (!o_.metrics.empty() && !late) {
        try {
          write_metrics(o_.metrics, r, o_.clock());
        } catch (const Error& e) {
          fmt::print(stderr, "guyu: metrics: {}\n", e.what());
        }
      }
      fmt::print("cycle {}: {}{}\n", to_iso(t), r.degraded.empty() ? "done" : "degraded", late ? " (late)" : "");
      for (const std::string& d : r.degraded) fmt::print("  degraded: {}\n", d);
      return exit_done;
    } catch (const Stopped& e) {
      return tell_stopped(t, e.place());
    } catch (const Busy& e) {
      status_.tell(t, "busy", e.what());
      fmt::print(stderr, "guyu: {}\n", e.what());
      return exit_try_again;
    } catch (const std::exception& e) {
      status_.tell(t, "failed", e.what());
      throw;
    }
  }

  const JobOptions& o_;
  RunConfig config_;
  StatusFile status_;
};

}  // namespace

std::vector<TimePoint> due_cycles(TimePoint now, Seconds every, Seconds expire, int catch_up, const std::function<bool(TimePoint)>& done) {
  const TimePoint newest = now - (now.time_since_epoch() % every);
  std::vector<TimePoint> due;
  if (newest > now - expire && !done(newest)) due.push_back(newest);
  const std::size_t most = due.size() + static_cast<std::size_t>(std::max(catch_up, 0));
  for (TimePoint t = newest - every; t > now - expire && due.size() < most; t -= every)
    if (!done(t)) due.push_back(t);
  return due;
}

std::string late_folder(const std::string& out, TimePoint cycle) { return out + "/late/" + to_compact(cycle); }

int run_job(const JobOptions& options) { return Job(options).run(); }

}  // namespace guyu::cli
