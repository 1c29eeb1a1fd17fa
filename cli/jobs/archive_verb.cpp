#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>

#include "cli/app.h"
#include "cli/jobs/archive.h"
#include "cli/verb.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

struct ArchiveArguments {
  std::string out, keep, now;
  bool apply = false;
};

int run_archive(const ArchiveArguments& a) {
  if (!std::filesystem::is_directory(a.out)) throw Error(a.out, "is no folder", "give the --out of guyu run");
  const TimePoint now = a.now.empty() ? std::chrono::floor<Seconds>(std::chrono::system_clock::now()) : parse_time(a.now);
  const std::vector<Expired> expired = expired_products(a.out, parse_retention(a.keep), now);
  std::map<std::string, std::pair<std::size_t, std::int64_t>> sums;
  std::int64_t bytes = 0;
  for (const Expired& e : expired) {
    fmt::print("{}  {:<9} {:>14}  {}\n", a.apply ? "removed" : "would go", e.kind, e.bytes, e.path);
    ++sums[e.kind].first;
    sums[e.kind].second += e.bytes;
    bytes += e.bytes;
  }
  if (a.apply) remove_expired(a.out, expired, now);
  for (const auto& [kind, sum] : sums) fmt::print("{}: {}, {:.1f} MB\n", kind, sum.first, static_cast<double>(sum.second) * 1e-6);
  fmt::print("{} of {:.1f} MB in all{}\n", expired.size(), static_cast<double>(bytes) * 1e-6, a.apply ? " removed" : "; --apply removes them");
  return exit_done;
}

}  // namespace

void add_archive(Verb& guyu) {
  Verb verb = guyu.verb("archive", "take away what is older than it is to be kept; shows first what would go");
  verb.footer(
      "Kinds and how long they are kept: before=2 d (state for guyu replay), grids=7 d, maps=7 d, late=7 d (catch-up cycles), townships=90 d, cycles=400 d "
      "(all of a cycle). Ages count from the cycle's time. Warnings and the alert store are not touched, nor is the newest cycle.");
  auto a = std::make_shared<ArchiveArguments>();
  verb.option("out", a->out, "the --out of guyu run or guyu cycle").required();
  verb.option("--keep", a->keep, "other times, e.g. \"grids=3 d, cycles=ever\"");
  verb.flag("--apply", a->apply, "do it; without this nothing is removed");
  verb.option("--now", a->now, "take this for the time");
  verb.action([a] { return run_archive(*a); });
}

}  // namespace guyu::cli
