#include "cli/run/cycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "alerts/dispatch/handover.h"
#include "alerts/dispatch/region_archive.h"
#include "alerts/store/alert_store.h"
#include "cli/calibration_file.h"
#include "cli/run/alerts_so_far.h"
#include "cli/run/attempt.h"
#include "cli/run/cycle_products.h"
#include "cli/run/extrapolate_rain.h"
#include "cli/run/found_files.h"
#include "cli/run/gather_inputs.h"
#include "cli/run/hand_over.h"
#include "cli/run/origin.h"
#include "cli/run/region_columns.h"
#include "cli/run/run_config.h"
#include "cli/run/run_lock.h"
#include "cli/run/run_work.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "guyu_version.h"
#include "hpc/parallel/parallel_for.h"
#include "models/rule_model.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

// Of the packs' sums of rain.
std::vector<Seconds> windows_of(const std::vector<RulePack>& packs) {
  std::set<Seconds> windows;
  for (const RulePack& pack : packs)
    for (const Rule& r : pack.rules)
      for (const Condition& c : r.conditions)
        if (c.quantity == quantities::precipitation_amount().name && c.aggregate == Aggregate::sum && !c.sums_places()) windows.insert(c.window);
  return {windows.begin(), windows.end()};
}

// Regions by level: of each hazard, and of all hazards together.
void report_levels(const RiskTable& risk, RunReport& report) {
  constexpr std::array<Level, 6> kLevels{Level::unknown, Level::none, Level::blue, Level::yellow, Level::orange, Level::red};
  std::map<std::string, std::array<std::int64_t, 6>> counts;
  std::array<std::int64_t, 6> all{};
  for (const RiskRow& r : risk.rows) {
    const auto k = static_cast<std::size_t>(static_cast<int>(r.level) + 1);
    ++counts[r.hazard][k], ++all[k];
  }
  const auto named = [&](const std::array<std::int64_t, 6>& n) {
    RunReport::LevelCounts out;
    for (std::size_t k = 0; k < kLevels.size(); ++k) out.emplace_back(to_string(kLevels[k]), n[k]);
    return out;
  };
  report.level_counts = named(all);
  for (const auto& [hazard, n] : counts) report.hazard_levels.emplace_back(hazard, named(n));
}

void report_alerts(const DeskAnswer& answer, RunReport& report) {
  for (const DeskLine& l : answer.lines) {
    report.decisions.push_back({l.event, l.action, l.level, l.reason, l.detail});
    if (!l.identifier.empty()) report.alerts.push_back({l.identifier, l.event, l.msg_type, l.level, l.reason, l.state, l.regions});
  }
  for (const std::string& w : answer.warnings) report.degraded.push_back("alerts: " + w);
}

// One run from beginning to end; the members are what its steps hand on.
class Cycle {
 public:
  Cycle(const CycleOptions& options, RunConfig config) : options_(options), config_(std::move(config)), lock_(lock_run(options.out + "/state")) {
    for (const RulePack& pack : config_.packs) models_.emplace_back(pack);
  }

  CycleResult run() {
    prepare();
    gather();
    decide();
    warn();
    write_products();
    finish();
    return std::move(result_);
  }

 private:
  RunReport& report() { return result_.report; }
  void tell(const std::string& stage, std::size_t done = 0, std::size_t all = 0) {
    if (options_.stop && !warned_ && options_.stop()) throw Stopped("before " + stage);
    if (options_.progress) options_.progress(stage, done, all);
  }
  std::string out(const std::string& name) const { return options_.out + "/" + name; }
  std::string path(const std::string& name) const { return result_.folder + "/" + name; }
  void made(const std::string& file) { report().products.push_back(fs::relative(file, options_.out).string()); }

  void prepare() {
    tell("regions");
    {
      StageTimer timer(report(), "regions");
      result_.regions = load_regions(config_);
    }
    unless_degraded("cycle state", [&] { finish_commit(options_.out); });
    found_ = find_files(config_, options_);
    const FoundFiles& found = found_;
    const TimePoint issue = issue_time(options_, config_, found);
    report().cycle = issue;
    report().config_path = config_.path;
    report().config_hash = config_.hash;
    for (const std::string& p : result_.regions.problems) report().notes.push_back("regions: " + p);
    for (const std::string& r : config_.remarks) report().notes.push_back(r);
    for (const std::string& d : options_.degraded) report().degraded.push_back(d);
    for (const std::string& d : found.degraded) report().degraded.push_back(d);
    note_origin(report(), options_, config_, result_.regions, issue, found.radar, found.forecast, found.gauges, found.weather,
                {&found.convection.radar, &found.convection.forecast, &found.convection.lightning, &found.earthquakes});
    work_ = std::make_unique<RunWork>(options_.out, issue);
    work_->begin();
    result_.folder = options_.out + "/cycles/" + to_compact(issue);
    take_calibration();
    for (const std::string& folder : {options_.out, options_.out + "/state", options_.out + "/cap", result_.folder})
      remove_unfinished(folder);  // of runs that were killed
    folder_.root = options_.alerts.empty() ? options_.out + "/alerts" : options_.alerts;
    refuse_the_past(issue);
    means_ = std::make_unique<RegionMeans>(result_.regions, options_.cache.empty() ? options_.out + "/cache" : options_.cache);
    // A cycle that is done is done again from where it started, and gives the same.
    const bool again = is_done(options_.out, issue) && fs::exists(path("before/book.json"));
    state_from_ = again ? path("before") : out("state");
    rain_ = std::make_unique<RainState>(load_rain_state(state_from_, config_, result_.regions, report()));
    if (!work_->handed_over() && !again) unless_degraded("replay", [&] { keep_before(options_.out, result_.folder, folder_); });
    plan_ = make_plan(config_.plan, issue, found.radar, found.forecast, [&](const Interval& i) { return rain_->knows(i); });
    for (const std::string& d : plan_.degraded) report().degraded.push_back(d);
  }

  // The writer would refuse it too, but only after all the work.
  void refuse_the_past(TimePoint issue) const {
    const auto store = alerts_so_far(folder_);
    const auto newest = store ? store->newest_cycle() : std::nullopt;
    if (!newest || newest->issue <= issue) return;
    throw Error(options_.out, fmt::format("its alerts have gone on to {}, this cycle is of {}", to_iso(newest->issue), to_iso(issue)),
                "give an earlier cycle an --out of its own");
  }

  // Without its calibration a run goes on with the members' shares, and says so.
  void take_calibration() {
    if (config_.calibration.empty()) return;
    std::vector<std::string> codes;
    for (const Region& r : result_.regions.regions) codes.push_back(r.code);
    unless_degraded("calibration", [&] {
      const CalibrationFile file = read_calibration(config_.calibration, calibrated_hazard());
      for (RuleModel& model : models_)
        if (model.hazard() == file.hazard) model = RuleModel(model.pack(), as_probability(file, codes));
      report().inputs.push_back({config_.calibration, "calibration", "JSON", hash_file(config_.calibration), "", report().cycle, Seconds(0)});
    });
  }

  // Calibrations are learnt from rain that fell.
  std::string calibrated_hazard() const {
    for (const RulePack& pack : config_.packs)
      if (pack.hazard == "rainstorm") return pack.hazard;
    return config_.packs.front().hazard;
  }

  void gather() {
    const auto progress = [this](const std::string& stage, std::size_t done, std::size_t all) { tell(stage, done, all); };
    GatheredInputs all = gather_inputs({options_, config_, plan_, found_, result_.regions, state_from_, *work_, *means_, *rain_, report(), progress,
                                        [this](const FieldPtr& newest) {
                                          newest_ = newest;
                                          write_grids([&] { begin_grids(); });
                                        },
                                        [this](const Field& step) {
                                          write_grids([&] {
                                            if (grids_) grids_->write_step(step);
                                          });
                                        }});
    inputs_ = std::move(all.inputs);
    result_.table.columns = std::move(all.columns);
    extrapolated_ = std::move(all.extrapolated);
    note_what_packs_lack(config_.packs, inputs_, report());
  }

  void begin_grids() {
    if (config_.grids == GridProducts::none || !newest_) return;
    std::vector<Interval> steps = extrapolation_steps(newest_->meta.valid.end, plan_.issue, config_.extrapolate_until, config_.extrapolate_step);
    std::erase_if(steps, [&](const Interval& i) { return i.begin < plan_.issue; });
    grids_ = std::make_unique<CycleGrids>(config_, path("grids.nc"), provenance(), *newest_, steps);
  }

  void decide() {
    tell("hazards");
    StageTimer timer(report(), "hazards");
    result_.risk = {plan_.issue, {}, {}};
    std::vector<const RuleModel*> models;
    for (const RuleModel& model : models_) models.push_back(&model);
    std::vector<HazardAnswer> answers = evaluate_rules(models, inputs_);
    for (std::size_t k = 0; k < models_.size(); ++k) {
      const RuleModel& model = models_[k];
      HazardAnswer& answer = answers[k];
      leave_trails(model, answer.rows);
      add_risk(model.pack(), answer.rows);
      result_.risk.rows.insert(result_.risk.rows.end(), std::make_move_iterator(answer.rows.begin()), std::make_move_iterator(answer.rows.end()));
    }
    report_levels(result_.risk, report());
    RegionTable table = region_columns(inputs_, inputs_.series.front(), windows_of(config_.packs), newest_.get(), *means_);
    result_.table.issue = table.issue, result_.table.regions = table.regions;
    auto& columns = result_.table.columns;
    columns.insert(columns.begin(), std::make_move_iterator(table.columns.begin()), std::make_move_iterator(table.columns.end()));
    add_joint(answers);
    for (const std::string& p : means_->problems()) report().degraded.push_back("cache: " + p);
  }

  void warn() {
    tell("alerts");
    StageTimer timer(report(), "alerts");
    const std::string& station = options_.station.empty() ? config_.station : options_.station;
    WriterOptions writer{folder_, station, options_.out, clock(), config_.answer_wait, Seconds{30}, new_item_name("cycle")};
    folder_.make();
    const std::string handover = to_bytes(handed_over(RegionArchive(folder_.regions()).keep(result_.regions)));
    unless_degraded("restart", [&] { writer.item = work_->item_for(handover, writer.item); });
    warned_ = true;
    WriterResult done;
    try {
      done = have_done("cycle", handover, writer);
    } catch (const Error& e) {
      if (!grids_) throw;
      grids_.reset();  // what they hold of a full disk is the warnings'
      report().degraded.push_back(std::string("grids: given up for the warnings: ") + e.what());
      done = have_done("cycle", handover, writer);
    }
    if (!done.waiting.empty()) report().degraded.push_back("alerts: " + done.waiting);
    if (!done.answer) {
      report().degraded.push_back("alerts: handed over, but guyu dispatch has not decided yet; guyu alerts list shows when it has");
      return;
    }
    if (!done.answer->error.empty()) throw Error(folder_.root, done.answer->error, "the handover is kept in " + folder_.refused());
    result_.alerts = *std::move(done.answer);
    if (result_.alerts.unlisted > 0) {
      unless_degraded("alerts", [&] {
        if (const auto store = alerts_so_far(folder_)) list_all(result_.alerts, writer.item, *store);
      });
      if (const std::size_t n = result_.alerts.unlisted; n > 0)
        report().degraded.push_back(fmt::format("alerts: {} decisions are not listed here; guyu alerts list --all shows them", n));
    }
    report_alerts(result_.alerts, report());
    for (const DeskLine& l : result_.alerts.lines) {
      const std::string file = options_.out + "/cap/" + l.identifier + ".xml";
      if (!l.identifier.empty() && fs::exists(file)) made(file);
    }
  }

  // A number of its own for each region, with the share that is known of it.
  void add_column(std::string name, std::string long_name, std::vector<float> values, std::vector<float> known) {
    const Quantity risk{"risk", "1"};  // by itself: GCC 12 warns falsely of the parts of a half-made column
    result_.table.columns.push_back(
        {std::move(name), std::move(long_name), risk, "mean", TimeKind::instant, {plan_.issue, plan_.issue}, std::move(values), std::move(known)});
  }

  // What the levels mean for who is exposed.
  void add_risk(const RulePack& pack, const std::vector<RiskRow>& rows) {
    if (pack.risk.empty()) return;
    std::vector<Level> levels;
    for (const RiskRow& row : rows) levels.push_back(row.level);
    std::vector<float> values, known;
    for (const Level risk : risk_levels(levels, pack.risk, inputs_)) {
      values.push_back(risk == Level::unknown ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(risk));
      known.push_back(risk == Level::unknown ? 0.0F : 1.0F);
    }
    add_column("risk_" + pack.hazard, "risk of " + pack.hazard + " to what is exposed: 0 none, 1 blue, 2 yellow, 3 orange, 4 red", std::move(values),
               std::move(known));
  }

  void add_joint(const std::vector<HazardAnswer>& answers) {
    std::vector<HazardLevels> levels;
    for (std::size_t k = 0; k < answers.size(); ++k) levels.push_back({models_[k].hazard(), &answers[k].member_levels});
    for (const JointEvent& event : config_.joint) {
      JointProbability p = joint_probability(event, levels, inputs_.members, inputs_.regions);
      std::vector<float> known;
      for (std::size_t r = 0; r < inputs_.regions; ++r) known.push_back(1 - (p.most[r] - p.least[r]));
      add_column(
          "joint_" + event.name,
          "share of the futures in which all hazards of " + event.name + " reach " + std::string(to_string(event.level)) + "; coverage: share that can tell",
          std::move(p.least), std::move(known));
    }
  }

  // For those who ask why: what every rule says where something is warned of, is near, or cannot be told.
  void leave_trails(const RuleModel& model, const std::vector<RiskRow>& rows) {
    constexpr float kNear = 0.7F;             // RiskRow::nearness
    constexpr std::size_t kMostOther = 2000;  // regions that are not warned of
    std::vector<std::size_t> asked;
    std::size_t other = 0;
    for (const RiskRow& row : rows) {
      const bool near = row.nearness >= kNear;
      if (row.level >= Level::blue || ((near || row.level == Level::unknown) && ++other <= kMostOther)) asked.push_back(row.region);
    }
    std::vector<RegionTrail> trails(asked.size());
    parallel_for(static_cast<std::int64_t>(asked.size()), 8, [&](std::int64_t begin, std::int64_t end) {
      for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
        trails[k] = {result_.regions.regions[asked[k]].code, model.hazard(), model.explain(inputs_, asked[k])};
    });
    auto& all = result_.risk.trails;
    all.insert(all.end(), std::make_move_iterator(trails.begin()), std::make_move_iterator(trails.end()));
  }

  // What warnings may be made of; grades stand in tables and maps only.
  RiskTable signals() const {
    RiskTable risk{result_.risk.issue, {}, {}};
    const auto is_signal = [&](const std::string& hazard) {
      return std::any_of(config_.packs.begin(), config_.packs.end(), [&](const RulePack& p) { return p.hazard == hazard && p.signal; });
    };
    for (const RiskRow& row : result_.risk.rows)
      if (is_signal(row.hazard)) risk.rows.push_back(row);
    for (const RegionTrail& trail : result_.risk.trails)
      if (is_signal(trail.hazard)) risk.trails.push_back(trail);
    return risk;
  }

  // An archive's messages live at the archive's time.
  std::function<TimePoint()> clock() const {
    if (config_.archive_clock || options_.time) return [now = plan_.issue] { return now; };
    return [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); };
  }

  Handover handed_over(const std::string& regions) const {
    Handover h{"guyu " + std::string(kVersion),
               config_.name,
               config_.hash,
               signals(),
               regions,
               config_.plan.radar_interval,
               {config_.book, config_.cap, config_.check},
               {},
               result_.report.degraded};
    for (const RunReport::Input& i : result_.report.inputs) h.inputs.push_back({i.path, i.role, i.sha256, i.error, i.valid, i.age});
    return h;
  }

  void write_products() {
    tell("products");
    const Provenance from = provenance();
    const CycleProducts products{config_, result_.regions, result_.table, result_.risk, from};
    const Field* total = extrapolated_.total ? &*extrapolated_.total : nullptr;
    write_grids([&] {
      if (!grids_) return;
      StageTimer timer(report(), "grids");
      grids_->close(total);
      made(path("grids.nc"));
    });
    attempt("township files", [&] {
      for (const std::string& file : write_region_products(products, result_.folder)) made(file);
    });
    if (!config_.write_maps) return;
    attempt("maps", [&] {
      for (const std::string& file : draw_maps(products, newest_.get(), total, result_.folder)) made(file);
    });
  }

  void attempt(const std::string& stage, const std::function<void()>& write) { cli::attempt(report(), stage, write); }
  bool unless_degraded(const std::string& stage, const std::function<void()>& write) { return cli::unless_degraded(report(), stage, write); }
  // The grids are begun before the warnings are known; after a failure they are given up.
  void write_grids(const std::function<void()>& write) {
    if (!unless_degraded("grids", write)) grids_.reset();
  }

  void finish() {
    unless_degraded("manifest", [&] { report().manifest = manifest_of(options_.out, report().products); });
    write_report();
    try {
      work_->commit(done_json(report()));
    } catch (const Error& e) {  // the cycle is good, but the next one starts from the state before it
      report().degraded.push_back(std::string("cycle state: ") + e.what());
      write_report();
    }
  }
  void write_report() {
    unless_degraded("report", [&] { write_file_atomically(path("report.json"), report().to_json()); });
    write_file_atomically(out("report.json"), report().to_json());
  }

  Provenance provenance() const {
    Provenance p{config_.title, kVersion, config_.hash, {}, plan_.issue};
    for (const RunReport::Input& i : result_.report.inputs)
      if (i.error.empty()) p.inputs.push_back(i.path + " " + i.sha256);
    return p;
  }

  const CycleOptions& options_;
  RunConfig config_;
  FileLock lock_;
  std::vector<RuleModel> models_;
  HazardInputs inputs_;
  CycleResult result_;
  AlertFolder folder_;
  std::unique_ptr<RegionMeans> means_;
  FoundFiles found_;
  std::unique_ptr<RainState> rain_;
  std::unique_ptr<RunWork> work_;
  bool warned_ = false;
  std::string state_from_;  // the folder of the cycle state that this one goes on from
  CyclePlan plan_;
  FieldPtr newest_;
  ExtrapolatedRain extrapolated_;
  std::unique_ptr<CycleGrids> grids_;
};

}  // namespace

CycleResult run_cycle(const CycleOptions& options) { return Cycle(options, load_run_config(options.config, options.data)).run(); }

}  // namespace guyu::cli
