#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "alerts/cap/secret_file.h"
#include "alerts/channels/receipt_server.h"
#include "alerts/dispatch/dispatcher.h"
#include "alerts/dispatch/served.h"
#include "cli/app.h"
#include "cli/pause.h"
#include "cli/shipped_files.h"
#include "cli/verb.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

std::atomic<bool> stop_asked{false};
void ask_to_stop(int) { stop_asked = true; }

TimePoint wall_clock() { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); }

// One JSON object a line, for journals.
void log_line(const std::string& event, const std::vector<std::pair<std::string, std::string>>& fields) {
  nlohmann::ordered_json j{{"time", to_iso(wall_clock())}, {"event", event}};
  for (const auto& [name, value] : fields) j[name] = value;
  fmt::print(stderr, "{}\n", j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  std::fflush(stderr);
}

HttpReply status_page(const Dispatcher& dispatcher, const HttpCall& call) {
  if (call.method != "GET") return {405, "GET /metrics or /health\n"};
  if (call.target == "/metrics") return {200, dispatcher.metrics(), {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}};
  if (call.target != "/health") return {404, "/metrics or /health\n"};
  const std::string alarms = dispatcher.alarms();
  return alarms.empty() ? HttpReply{200, "ok\n"} : HttpReply{503, alarms};
}

struct DispatchArguments {
  std::string station, out, alerts;
  bool check = false;
};

int dispatch(const DispatchArguments& a) {
  const std::string path = find_config_file(a.station, "stations", "");
  StationConfig station = load_station(path, a.out);
  if (a.check) {
    fmt::print("{}: fine\n", path);
    for (const ChannelConfig& c : station.channels)
      fmt::print("  {:<20} {:<20} {} target{}\n", c.name, c.kind, c.targets.size(), c.targets.size() == 1 ? "" : "s");
    return exit_done;
  }
  AlertFolder folder{a.alerts.empty() ? a.out + "/alerts" : a.alerts};
  folder.make();
  std::signal(SIGTERM, ask_to_stop);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGPIPE, SIG_IGN);
  std::optional<FileLock> lock;
  // A run or a verb may be the writer for a moment.
  for (int i = 0; i < 600 && !lock && !stop_asked; ++i) {
    lock = FileLock::try_take(folder.lock());
    if (!lock) pause_for(std::chrono::milliseconds(100));
  }
  if (!lock) throw Error(folder.lock(), "is held by another writer", "only one guyu dispatch may serve a folder; stop the other one");
  const Served mark{std::filesystem::absolute(path).string(), std::filesystem::absolute(a.out).string()};
  // On a full disk the daemon waits for room: whoever started it has nobody to start it again.
  for (bool marked = false, told = false; !marked && !stop_asked; told = true) {
    try {
      mark_served(folder, mark);
      marked = true;
    } catch (const Error& e) {
      if (!told) log_line("store", {{"error", e.what()}});
      pause_for(std::chrono::milliseconds(500));
    }
  }
  if (stop_asked) return exit_done;
  const std::string status_at = station.metrics, receipts_at = station.receipt_listen;
  const std::string secret = station.receipt_secret.empty() ? std::string() : read_secret_word(station.receipt_secret);
  Dispatcher dispatcher(folder, std::move(station), *std::move(lock), wall_clock, log_line);
  std::optional<HttpServer> status;
  std::optional<ReceiptServer> receipts;
  if (!status_at.empty()) {
    status.emplace(status_at, [&](const HttpCall& call) { return status_page(dispatcher, call); });
    log_line("status", {{"port", std::to_string(status->port())}});
  }
  if (!receipts_at.empty()) {
    receipts.emplace(receipts_at, secret, wall_clock, [&](std::vector<Receipt> r) { dispatcher.take_receipts(std::move(r)); });
    log_line("receipts", {{"port", std::to_string(receipts->port())}});
  }
  dispatcher.serve(stop_asked);
  return exit_done;
}

}  // namespace

void add_dispatch(Verb& guyu) {
  Verb verb = guyu.verb("dispatch", "the delivery daemon: decides on what runs hand over, brings warnings out, keeps receipts");
  verb.footer("Ends on SIGTERM or SIGINT, after what is in hand is kept. Logs one JSON object a line on stderr.");
  auto a = std::make_shared<DispatchArguments>();
  verb.option("station", a->station, "station configuration: a TOML file, or the name of a shipped one").required();
  verb.option("--out", a->out, "folder that runs write under, and that relative paths of channels lie in").required();
  verb.option("--alerts", a->alerts, "folder of the alert store; default: OUT/alerts");
  verb.flag("--check", a->check, "check the configuration and end");
  verb.action([a] { return dispatch(*a); });
}

}  // namespace guyu::cli
