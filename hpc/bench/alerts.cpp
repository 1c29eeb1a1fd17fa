#include "hpc/bench/alerts.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <random>

#include "alerts/lifecycle/alert_book.h"

namespace guyu::bench {
namespace {

constexpr int kTownshipRows = 250, kTownshipColumns = 400;
const TimePoint kStart = parse_time("2019-06-10T00:00:00Z");

// Levels of every region anew (share 1) or of so large a share of them.
class Levels {
 public:
  explicit Levels(std::size_t regions) { table_.rows.resize(regions); }
  const RiskTable& next(TimePoint now, double share) {
    std::bernoulli_distribution change(share);
    std::uniform_int_distribution<int> level(1, 4);
    table_.issue = now;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      RiskRow& row = table_.rows[i];
      row.region = i;
      row.hazard = "rainstorm";
      row.valid = {now, now + std::chrono::hours(3)};
      if (change(random_)) row.level = static_cast<Level>(level(random_));
      row.evidence = {"rainstorm.orange.3h", row.valid, 50, 20.25, 40.5, 1, Seconds{300}, false};
    }
    return table_;
  }

 private:
  std::mt19937 random_{5};
  RiskTable table_;
};

double seconds_of(const std::function<void()>& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::vector<Measurement> alert_groups(const StageOptions&) {
  const RegionSet regions = mesh_regions(100, 20, 100 + kTownshipColumns * 0.05, 20 + kTownshipRows * 0.05, 0.05);
  Levels levels(regions.regions.size());
  AlertBook book;
  TimePoint now = kStart;
  const std::string shape = fmt::format("synthetic, {} regions", regions.regions.size());
  std::vector<Measurement> all;
  const auto measure = [&](const std::string& stage, const std::string& what, std::optional<double> bar, const std::function<void()>& call) {
    Measurement m{"alerts." + stage, shape + ": " + what, seconds_of(call), 1, 0, 0, bar, {}, {}};
    all.push_back(std::move(m));
  };
  std::size_t messages = 0;
  const auto step = [&](const RiskTable& table) {
    messages = 0;
    for (const Decision& d : book.step(table, regions, now)) messages += d.has_message() ? 1 : 0;
  };
  const auto told = [&] { all.back().data += fmt::format(", {} events, {} messages", book.active().size(), messages); };

  const RiskTable* table = &levels.next(now, 1);
  measure("first", "first step, neighbours found", 5.0, [&] { step(*table); });
  told();
  book = AlertBook();
  RiskTable nothing;
  nothing.issue = now;
  book.step(nothing, regions, now);  // finds the neighbours
  measure("group", "first step, neighbours known", 5.0, [&] { step(*table); });
  told();
  now += std::chrono::minutes(10);
  table = &levels.next(now, 0);
  measure("steady", "nothing changes", {}, [&] { step(*table); });
  told();
  now += std::chrono::minutes(10);
  table = &levels.next(now, 0.05);
  measure("change", "5 % of the levels change", {}, [&] { step(*table); });
  told();
  now += std::chrono::minutes(10);
  table = &levels.next(now, 1);
  measure("upset", "all levels change", {}, [&] { step(*table); });
  told();
  std::string text;
  measure("save", "the book as text", 2.0, [&] { text = book.to_json(); });
  all.back().bytes = static_cast<double>(text.size());
  measure("load", "the book from text", 2.0, [&] { book = AlertBook::from_json(text, {}, "book"); });
  all.back().bytes = static_cast<double>(text.size());
  return all;
}

}  // namespace guyu::bench
