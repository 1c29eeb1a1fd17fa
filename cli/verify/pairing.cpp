#include "cli/verify/pairing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/core/error.h"

namespace guyu::cli::verify {
namespace {

std::string minutes(Seconds s) { return fmt::format("{:g}", static_cast<double>(s.count()) / 60); }

// By time, one a time.
void put_in_order(std::vector<FieldEntry>& observations, std::vector<std::string>& problems) {
  std::stable_sort(observations.begin(), observations.end(), [](const FieldEntry& a, const FieldEntry& b) { return a.valid() < b.valid(); });
  const auto again = [&](const FieldEntry& a, const FieldEntry& b) {
    if (a.valid() != b.valid()) return false;
    problems.push_back(fmt::format("{}: a second observation of {}; that of {} is used", b.path, to_iso(b.valid()), a.path));
    return true;
  };
  observations.erase(std::unique(observations.begin(), observations.end(), again), observations.end());
}

Seconds median_step(const std::vector<FieldEntry>& observations) {
  std::vector<Seconds> steps;
  for (std::size_t k = 1; k < observations.size(); ++k) steps.push_back(observations[k].valid() - observations[k - 1].valid());
  if (steps.empty()) return Seconds{0};
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
  return steps[steps.size() / 2];
}

std::optional<std::size_t> nearest(const std::vector<FieldEntry>& observations, TimePoint valid, Seconds tolerance) {
  const auto after = std::lower_bound(observations.begin(), observations.end(), valid, [](const FieldEntry& e, TimePoint t) { return e.valid() < t; });
  auto best = after;
  if (after != observations.begin() && (after == observations.end() || valid - std::prev(after)->valid() <= after->valid() - valid)) best = std::prev(after);
  if (best == observations.end() || std::chrono::abs(best->valid() - valid) > tolerance) return std::nullopt;
  return static_cast<std::size_t>(best - observations.begin());
}

bool wanted(const FieldEntry& e, const PairingOptions& o) {
  if (o.member && e.meta.member != o.member) return false;
  return o.leads.empty() ? e.lead() > Seconds{0} : std::find(o.leads.begin(), o.leads.end(), e.lead()) != o.leads.end();
}

// Members of each issue and valid time, in the order of their numbers.
std::vector<Pair> gather(std::vector<FieldEntry> forecasts, std::vector<std::string>& problems) {
  std::map<std::pair<TimePoint, TimePoint>, Pair> by_time;  // valid, issue
  for (FieldEntry& f : forecasts) {
    Pair& p = by_time[{f.valid(), f.issue()}];
    p.issue = f.issue(), p.valid = f.valid();
    const auto at =
        std::lower_bound(p.members.begin(), p.members.end(), f, [](const FieldEntry& a, const FieldEntry& b) { return a.meta.member < b.meta.member; });
    if (at != p.members.end() && at->meta.member == f.meta.member) {
      problems.push_back(fmt::format("{}: a second forecast for {} issued at {}; that of {} is used", f.path, to_iso(f.valid()), to_iso(f.issue()), at->path));
      continue;
    }
    p.members.insert(at, std::move(f));
  }
  std::size_t most = 0;
  for (const auto& [time, p] : by_time) most = std::max(most, p.members.size());
  std::vector<Pair> pairs;
  for (auto& [time, p] : by_time) {
    if (p.members.size() == most) pairs.push_back(std::move(p));
    else
      problems.push_back(
          fmt::format("the forecast for {} issued at {} has {} of {} members; it is not scored", to_iso(p.valid), to_iso(p.issue), p.members.size(), most));
  }
  return pairs;
}

Error nothing_wanted(const std::vector<FieldEntry>& forecasts, const PairingOptions& o) {
  std::vector<Seconds> found;
  for (const FieldEntry& f : forecasts) found.push_back(f.lead());
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::string list;
  for (std::size_t k = 0; k < std::min<std::size_t>(found.size(), 12); ++k) list += (k == 0 ? "" : ", ") + minutes(found[k]);
  const std::string what = o.member ? fmt::format("hold no field of member {} at the wanted leads", *o.member) : "hold no field at the wanted leads";
  return Error("the forecasts", what,
               fmt::format("they have leads of {} min{}; a lead of 0 means that a file does not state an "
                           "issue time of its own",
                           list, found.size() > 12 ? ", ..." : ""));
}

}  // namespace

Pairing pair_up(std::vector<FieldEntry> forecasts, std::vector<FieldEntry> observations, const PairingOptions& options, std::vector<std::string>& problems) {
  Pairing out;
  put_in_order(observations, problems);
  out.tolerance = median_step(observations) / 2;
  std::vector<FieldEntry> chosen;
  std::copy_if(forecasts.begin(), forecasts.end(), std::back_inserter(chosen), [&](const FieldEntry& e) { return wanted(e, options); });
  if (chosen.empty()) throw nothing_wanted(forecasts, options);
  for (Pair& p : gather(std::move(chosen), problems)) {
    const auto observation = nearest(observations, p.valid, out.tolerance);
    if (!observation) {
      ++out.without_observation;
      continue;
    }
    const FieldEntry& o = observations[*observation];
    if (const FieldEntry& f = p.members.front();
        f.meta.quantity == o.meta.quantity && f.meta.quantity.name != quantities::rainfall_rate().name && f.meta.valid.length() != o.meta.valid.length())
      throw Error(f.path,
                  fmt::format("holds over {} min, the observation {} over {} min", minutes(f.meta.valid.length()), o.path, minutes(o.meta.valid.length())),
                  "compare amounts of equal intervals, or rates");
    p.observation = *observation;
    out.pairs.push_back(std::move(p));
  }
  if (out.pairs.empty())
    throw Error("the forecasts", fmt::format("no observation lies within {} min of any valid time", minutes(out.tolerance)),
                fmt::format("the observations run from {} to {}", to_iso(observations.front().valid()), to_iso(observations.back().valid())));
  std::stable_sort(out.pairs.begin(), out.pairs.end(), [](const Pair& a, const Pair& b) { return a.observation < b.observation; });
  out.observations = std::move(observations);
  return out;
}

}  // namespace guyu::cli::verify
