#include "cli/run/origin.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "alerts/lifecycle/alert_book.h"
#include "alerts/store/alert_store.h"
#include "cli/run/alerts_so_far.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "guyu_version.h"
#include "models/rule_model.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

void link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code ec;
  fs::remove(to, ec);
  fs::create_hard_link(from, to, ec);
  if (!ec) return;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, ec);
  if (ec) throw Error(to.string(), "cannot be kept: " + ec.message());
}

bool is_state(const fs::path& path) { return path.extension() == ".nc"; }

}  // namespace

void note_origin(RunReport& report, const CycleOptions& options, const RunConfig& config, const RegionSet& regions, TimePoint issue,
                 const std::vector<InventoryItem>& radar, const std::vector<InventoryItem>& forecast, const std::vector<InventoryItem>& gauges,
                 const std::vector<InventoryItem>& weather, const std::vector<const std::vector<InventoryItem>*>& others) {
  report.data = options.data;
  report.seed = config.ensemble.seed;
  report.settings.push_back({config.path, config.hash, "configuration"});
  for (const RulePack& pack : config.packs) report.settings.push_back({pack.path, pack.hash, "rules"});
  for (const MessageText& t : config.cap.texts)
    for (const std::string& file : t.files) report.settings.push_back({file, hash_file(file), "text"});
  for (const ChosenModel& m : config.models)
    if (!m.soils.empty()) report.settings.push_back({m.params.word("parameters"), hash_file(m.params.word("parameters")), "soils"});
  for (const AttributeSource& a : config.attributes)
    if (fs::is_regular_file(a.path)) report.settings.push_back({a.path, hash_file(a.path), "attributes"});
  report.settings.push_back({config.regions.path, regions.hash(), "regions"});  // of their content
  const auto note = [&](const std::vector<InventoryItem>& items, TimePoint after) {
    for (const InventoryItem& i : items)
      if (i.time > after && i.time <= issue) report.inventory.push_back(i.path);
  };
  const PlanSettings& p = config.plan;
  const Seconds observed = std::max(p.history, p.max_age + p.motion_span * 2) + p.max_gap + 3 * p.radar_interval;
  note(radar, issue - observed);
  note(gauges, issue - observed - config.gauge_interval - Seconds(86400));
  note(forecast, issue - p.forecast_max_age - Seconds(1));
  Seconds weather_history{0};
  for (const RulePack& pack : config.packs) weather_history = std::max(weather_history, history_needed(pack));
  note(weather, issue - config.weather_max_age - weather_history - Seconds(1));
  constexpr Seconds kOthers{10 * 86400};  // as old as any of them may count
  for (const auto* items : others) note(*items, issue - kOthers);
}

void keep_before(const std::string& out, const std::string& cycle_folder, const AlertFolder& alerts) {
  const fs::path before = fs::path(cycle_folder) / "before";
  std::error_code ec;
  fs::remove_all(before, ec);
  make_folder(before.string());
  for (const auto& entry : fs::directory_iterator(out + "/state", ec))
    if (entry.is_regular_file(ec) && is_state(entry.path())) link_or_copy(entry.path(), before / entry.path().filename());
  std::string book;
  if (const auto store = alerts_so_far(alerts))
    if (auto state = store->book().read()) book = AlertBook({}, *std::move(state)).to_json();
  write_file_atomically((before / "book.json").string(), book);
}

void restore_before(const std::string& cycle_folder, const AlertFolder& alerts, const std::string& out) {
  const fs::path before = fs::path(cycle_folder) / "before";
  if (!fs::exists(before / "book.json"))
    throw Error(before.string(), "the state before the cycle is not kept", "guyu archive keeps it as long as it is told to");
  make_folder(out + "/state");
  for (const auto& entry : fs::directory_iterator(before)) {
    std::error_code ec;
    if (!is_state(entry.path())) continue;
    fs::copy_file(entry.path(), out + "/state/" + entry.path().filename().string(), fs::copy_options::overwrite_existing, ec);
    if (ec) throw Error(entry.path().string(), "cannot be copied: " + ec.message());
  }
  const std::string book = read_text_file((before / "book.json").string());
  if (book.empty()) return;
  const AlertFolder folder{out + "/alerts"};
  folder.make();
  AlertStore store(folder.store(), Database::Mode::write);
  Transaction transaction(store.db());
  const AlertBook then = AlertBook::from_json(book, {}, (before / "book.json").string());
  store.book().write(then.state());
  // Of earlier messages only their states count: what receivers were never told is not referred to.
  const std::string copy = folder.root + "/archived.sqlite";
  std::unique_ptr<AlertStore> original = archived_alerts(alerts, copy);
  for (const Alert& alert : then.active()) {
    for (const MessageRef& m : alert.messages) {
      if (store.messages().state_of(m.identifier)) continue;
      OutgoingMessage message;
      message.identifier = m.identifier;
      message.event = alert.event;
      message.hazard = alert.hazard;
      message.msg_type = "Alert";
      message.level = alert.level;
      message.sent = m.sent;
      message.expires = m.expires;
      const auto state = original ? original->messages().state_of(m.identifier) : std::nullopt;
      store.messages().add(message, state ? state->second : MessageState::approved, "replay", m.sent);
    }
  }
  transaction.commit();
  original.reset();
  fs::remove(copy);
}

std::vector<RunReport::File> manifest_of(const std::string& out, const std::vector<std::string>& products) {
  std::vector<RunReport::File> files;
  for (const std::string& p : products) {
    const std::string path = out + "/" + p;
    files.push_back({p, hash_file(path), "", static_cast<std::int64_t>(fs::file_size(path))});
  }
  return files;
}

std::string done_json(const RunReport& report) {
  nlohmann::ordered_json json{{"cycle", to_iso(report.cycle)},
                              {"status", report.degraded.empty() ? "ok" : "degraded"},
                              {"version", kVersion},
                              {"config_hash", report.config_hash},
                              {"manifest", nlohmann::json::array()}};
  for (const RunReport::File& f : report.manifest) json["manifest"].push_back({{"path", f.path}, {"bytes", f.bytes}, {"sha256", f.sha256}});
  return json.dump(1) + "\n";
}

}  // namespace guyu::cli
