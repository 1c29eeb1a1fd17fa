#include "engine/forecast/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace guyu {
namespace {

using Member = std::optional<int>;

struct Run {
  TimePoint reference{};
  std::vector<std::size_t> entries;
};

// Newest first; of what had arrived, forecasts and analyses of later runs left out.
std::vector<Run> runs_of(std::span<const ForecastEntry> entries, const ForecastRequest& request, std::size_t& not_yet) {
  std::map<TimePoint, Run, std::greater<>> runs;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const FieldMeta& m = entries[k].meta;
    if (entries[k].arrival > request.as_of || m.reference > request.as_of) {
      ++not_yet;
      continue;
    }
    Run& run = runs[m.reference];
    run.reference = m.reference;
    run.entries.push_back(k);
  }
  std::vector<Run> list;
  for (auto& [reference, run] : runs) list.push_back(std::move(run));
  return list;
}

const char* kind_name(TimeKind kind) {
  switch (kind) {
    case TimeKind::accumulation: return "accumulated";
    case TimeKind::mean: return "mean";
    case TimeKind::maximum: return "maximum";
    case TimeKind::minimum: return "minimum";
    case TimeKind::instant: break;
  }
  return "instantaneous";
}

std::string member_name(const Member& member) { return member ? fmt::format("member {}", *member) : std::string("the forecast without a number"); }

using StepsByMember = std::map<Member, std::vector<ForecastStep>>;

bool ends_before(const ForecastStep& a, const ForecastStep& b) { return a.valid.end < b.valid.end; }

// Valid times that a run should have and has not: those of other members, and those that the spacing betrays, as closely spaced as the steps after them.
std::vector<Interval> expected_times(const StepsByMember& steps) {
  std::map<TimePoint, TimePoint> begins;  // by end; of several the latest
  for (const auto& [member, list] : steps)
    for (const ForecastStep& s : list) {
      TimePoint& begin = begins.try_emplace(s.valid.end, s.valid.begin).first->second;
      begin = std::max(begin, s.valid.begin);
    }
  std::vector<Interval> expected;
  for (const auto& [end, begin] : begins) expected.push_back({begin, end});
  const std::size_t there = expected.size();
  for (std::size_t k = 2; k < there; ++k) {
    const TimePoint before = expected[k - 2].end, after = expected[k - 1].end;
    const Seconds length = expected[k].length(), spacing = expected[k].end - after;
    for (TimePoint t = after - spacing; t > before; t -= spacing) expected.push_back({std::max(before, t - length), t});
  }
  return expected;
}

// Of each member, before its own end: what follows that is no hole.
std::map<Member, std::vector<Interval>> holes_of(const StepsByMember& steps) {
  const std::vector<Interval> expected = expected_times(steps);
  std::map<Member, std::vector<Interval>> holes;
  for (const auto& [member, list] : steps) {
    for (const Interval& e : expected) {
      const bool there = std::any_of(list.begin(), list.end(), [&](const ForecastStep& s) { return s.valid.end == e.end; });
      if (!there && e.end < list.back().valid.end) holes[member].push_back(e);
    }
  }
  return holes;
}

Variable variable_of(const FieldMeta& m) { return {m.quantity.name, m.level}; }

class Chooser {
 public:
  Chooser(std::span<const ForecastEntry> entries, const ForecastRequest& request, ForecastSelection& out) : entries_(entries), request_(request), out_(out) {}

  void choose(std::size_t variable, const std::vector<Run>& runs) {
    const Variable& wanted = request_.variables[variable];
    std::set<Variable> anything;
    for (const Run& run : runs)
      for (const std::size_t k : run.entries) anything.insert(variable_of(entries_[k].meta));
    out_.plans.push_back(plan_derivation(wanted, anything));
    const DerivationPlan& plan = out_.plans.back();
    if (!plan.possible) {
      out_.notes.push_back(plan.missing);
      return;
    }
    StepsByMember chosen;
    std::set<Member> newest_members;
    std::optional<TimePoint> newest_end, first_end;
    std::map<Member, std::vector<Interval>> holes;
    std::optional<TimeKind> kind;
    for (const Run& run : runs) {
      StepsByMember steps = steps_of(variable, plan, run);
      std::erase_if(steps, [](const auto& s) { return s.second.empty(); });
      if (steps.empty()) continue;
      const TimeKind own = steps.begin()->second.front().kind;
      if (own != kind.value_or(own)) {
        out_.notes.push_back(fmt::format("{}: the values of the run of {} are {}, those of the run of {} {}; they make no series together", wanted.describe(),
                                         to_iso(run.reference), kind_name(own), to_iso(latest_), kind_name(*kind)));
        continue;
      }
      kind = own;
      TimePoint end{};
      for (const auto& [member, list] : steps) end = std::max(end, list.back().valid.end);
      if (!newest_end) {
        newest_end = first_end = end;
        for (const auto& [member, list] : steps) newest_members.insert(member);
        tell_holes(wanted, run.reference, steps);
        holes = holes_of(steps);
      } else if (end > *newest_end && *newest_end < request_.valid.end) {
        out_.notes.push_back(fmt::format("{}: the run of {} ends at {}; what follows is of the run of {}", wanted.describe(), to_iso(latest_),
                                         to_iso(*newest_end), to_iso(run.reference)));
        newest_end = end;
      }
      if (steps.size() > newest_members.size() && latest_ != run.reference && newest_members.size() > 0 && !members_told_) {
        out_.notes.push_back(fmt::format("{}: the run of {} has {} members of the {} that the run of {} had", wanted.describe(), to_iso(latest_),
                                         newest_members.size(), steps.size(), to_iso(run.reference)));
        members_told_ = true;
      }
      if (latest_ == TimePoint{}) latest_ = run.reference;
      else fill_holes(wanted, run.reference, holes, steps, chosen);
      for (auto& [member, list] : steps) {
        if (!newest_members.count(member)) continue;  // the members of the newest run go on, none joins them half-way
        std::vector<ForecastStep>& have = chosen[member];
        const TimePoint after = have.empty() ? TimePoint::min() : have.back().valid.end;
        const bool ended_early = !have.empty() && have.back().reference == latest_ && after < *first_end;
        const std::size_t before = have.size();
        for (ForecastStep& s : list) {
          const bool later = s.valid.begin == s.valid.end ? s.valid.end > after : s.valid.begin >= after;
          if (later) have.push_back(std::move(s));
        }
        if (ended_early && have.size() > before)
          out_.notes.push_back(fmt::format("{}: {} of the run of {} ends at {}, before others; what follows of it is of the run of {}", wanted.describe(),
                                           member_name(member), to_iso(latest_), to_iso(after), to_iso(run.reference)));
      }
    }
    if (chosen.empty())
      out_.notes.push_back(fmt::format("{}: no run has it for {} to {}{}", wanted.describe(), to_iso(request_.valid.begin), to_iso(request_.valid.end),
                                       other_times(plan, runs)));
    for (auto& [member, list] : chosen) std::move(list.begin(), list.end(), std::back_inserter(out_.steps));
    latest_ = {};
    members_told_ = false;
  }

 private:
  // Of one run, ascending by time.
  StepsByMember steps_of(std::size_t variable, const DerivationPlan& plan, const Run& run) const {
    // Entries by member, then by the plan's needed variable.
    std::map<Member, std::vector<std::vector<std::size_t>>> by_member;
    const std::vector<Variable> needed(plan.needed.begin(), plan.needed.end());
    for (const std::size_t k : run.entries) {
      const auto it = std::find(needed.begin(), needed.end(), variable_of(entries_[k].meta));
      if (it == needed.end()) continue;
      auto& lists = by_member[entries_[k].meta.member];
      lists.resize(needed.size());
      lists[static_cast<std::size_t>(it - needed.begin())].push_back(k);
    }
    StepsByMember steps;
    for (auto& [member, lists] : by_member) {
      for (const auto& list : lists) tell_repeated(list);
      const bool amounts =
          needed.size() == 1 && std::any_of(lists[0].begin(), lists[0].end(), [&](std::size_t k) { return entries_[k].meta.kind == TimeKind::accumulation; });
      steps[member] = amounts ? amounts_of(variable, lists[0], run.reference, member) : together(variable, lists, run.reference, member);
    }
    return steps;
  }

  // Where what is needed stands, when it is not in the wanted time.
  std::string other_times(const DerivationPlan& plan, const std::vector<Run>& runs) const {
    std::optional<Interval> all;
    for (const Run& run : runs)
      for (const std::size_t k : run.entries) {
        const FieldMeta& m = entries_[k].meta;
        if (!plan.needed.count(variable_of(m)) || wanted_time(m.valid)) continue;
        if (!all) all = {m.valid.end, m.valid.end};
        all = {std::min(all->begin, m.valid.end), std::max(all->end, m.valid.end)};
      }
    if (!all) return {};
    return all->begin == all->end ? fmt::format(", but for {}", to_iso(all->end)) : fmt::format(", but for {} to {}", to_iso(all->begin), to_iso(all->end));
  }

  void tell_once(const std::string& note) const {
    if (std::find(out_.notes.begin(), out_.notes.end(), note) == out_.notes.end()) out_.notes.push_back(note);
  }

  // Steps that a run should have and has not: those of other members, and one that the spacing betrays, for it grows along a run and never shrinks.
  void tell_holes(const Variable& wanted, TimePoint reference, const StepsByMember& steps) const {
    std::set<TimePoint> all;
    for (const auto& [member, list] : steps)
      for (const ForecastStep& s : list) all.insert(s.valid.end);
    std::size_t members = 0;
    std::string first;
    for (const auto& [member, list] : steps) {
      std::set<TimePoint> lacking = all;
      for (const ForecastStep& s : list) lacking.erase(s.valid.end);
      if (!lacking.empty() && members++ == 0)
        first = fmt::format("{} lacks {} of the {} steps that the others have, the first of them that of {}", member_name(member), lacking.size(), all.size(),
                            to_iso(*lacking.begin()));
    }
    if (members > 0)
      out_.notes.push_back(fmt::format("{}: in the run of {}, {}{}", wanted.describe(), to_iso(reference), first,
                                       members > 1 ? fmt::format(" (and so do {} more members)", members - 1) : ""));
    const std::vector<TimePoint> ends(all.begin(), all.end());
    for (std::size_t k = 2; k < ends.size(); ++k) {
      if (ends[k - 1] - ends[k - 2] <= ends[k] - ends[k - 1]) continue;
      out_.notes.push_back(fmt::format("{}: the run of {} has no step between {} and {}, though those after them follow closer", wanted.describe(),
                                       to_iso(reference), to_iso(ends[k - 2]), to_iso(ends[k - 1])));
    }
  }

  // What an older run says of the very times that the newest lacks. An amount that the newest tells as part of a longer one stays there: it is counted once.
  void fill_holes(const Variable& wanted, TimePoint older, const std::map<Member, std::vector<Interval>>& holes, const StepsByMember& steps,
                  StepsByMember& chosen) const {
    std::set<TimePoint> times;
    std::set<Member> members;
    for (const auto& [member, lacking] : holes) {
      const auto list = steps.find(member);
      if (list == steps.end()) continue;
      std::vector<ForecastStep>& have = chosen[member];
      for (const ForecastStep& s : list->second) {
        const auto covers = [&](const Interval& hole) { return hole.begin <= s.valid.begin && s.valid.end <= hole.end; };
        const auto counts_again = [&](const ForecastStep& c) {
          return c.valid.end == s.valid.end || (c.valid.begin < s.valid.end && s.valid.begin < c.valid.end);
        };
        if (std::none_of(lacking.begin(), lacking.end(), covers) || std::any_of(have.begin(), have.end(), counts_again)) continue;
        times.insert(s.valid.end);
        members.insert(member);
        have.insert(std::upper_bound(have.begin(), have.end(), s, ends_before), s);
      }
    }
    if (times.empty()) return;
    out_.notes.push_back(fmt::format("{}: {} step{} that the run of {} lacks {} of the run of {}, the first of them that of {}{}", wanted.describe(),
                                     times.size(), times.size() > 1 ? "s" : "", to_iso(latest_), times.size() > 1 ? "are" : "is", to_iso(older),
                                     to_iso(*times.begin()),
                                     members.size() > 1 ? fmt::format(", for {} members", members.size())
                                     : *members.begin() ? ", for " + member_name(*members.begin())
                                                        : std::string()));
  }

  // The same field from two files: members whose files do not number them look like that.
  void tell_repeated(const std::vector<std::size_t>& list) const {
    std::map<std::pair<TimePoint, TimePoint>, std::size_t> first;
    for (const std::size_t k : list) {
      const FieldMeta& m = entries_[k].meta;
      if (!wanted_time(m.valid)) continue;
      const auto [it, is_new] = first.try_emplace({m.valid.end, m.valid.begin}, k);
      const FieldMeta& other = entries_[it->second].meta;
      if (is_new || other.source == m.source || other.kind != m.kind) continue;
      tell_once(
          fmt::format("{}: {} and {} tell the same run, time and member; the first counts. Files of members must number them (perturbationNumber, realization)",
                      variable_of(m).describe(), other.source, m.source));
      return;
    }
  }

  bool wanted_time(const Interval& v) const { return v.end > request_.valid.begin && v.end <= request_.valid.end; }

  std::vector<ForecastStep> amounts_of(std::size_t variable, const std::vector<std::size_t>& list, TimePoint reference, Member member) const {
    std::vector<Interval> totals;
    for (const std::size_t k : list) totals.push_back(entries_[k].meta.valid);
    std::vector<ForecastStep> steps;
    for (const IntervalPart& p : part_intervals(totals)) {
      if (!wanted_time(p.interval)) continue;
      ForecastStep s{variable, member, reference, p.interval, TimeKind::accumulation, {list[p.whole]}, {}};
      if (p.part >= 0) s.less = list[static_cast<std::size_t>(p.part)];
      steps.push_back(std::move(s));
    }
    return steps;
  }

  // Times at which all that is needed is there; of a repeated field the first.
  std::vector<ForecastStep> together(std::size_t variable, const std::vector<std::vector<std::size_t>>& lists, TimePoint reference, Member member) const {
    using Key = std::pair<TimePoint, TimePoint>;  // end, begin
    std::map<Key, std::vector<std::optional<std::size_t>>> times;
    // One kind makes a series: instants where there are any, else what the first entry is. Maxima between them would be other things under one name.
    TimeKind kind = TimeKind::instant;
    const auto has = [&](const std::vector<std::size_t>& list, TimeKind wanted) {
      return std::any_of(list.begin(), list.end(), [&](std::size_t k) { return entries_[k].meta.kind == wanted; });
    };
    if (!lists.empty() && !lists[0].empty() && !has(lists[0], TimeKind::instant)) kind = entries_[lists[0].front()].meta.kind;
    for (std::size_t v = 0; v < lists.size(); ++v) {
      for (const std::size_t k : lists[v]) {
        const Interval valid = entries_[k].meta.valid;
        if (!wanted_time(valid)) continue;
        if (entries_[k].meta.kind != kind) {
          tell_once(fmt::format("{}: there are {} values beside its {} ones; they are left out", entries_[k].meta.quantity.name,
                                kind_name(entries_[k].meta.kind), kind_name(kind)));
          continue;
        }
        auto& slots = times[{valid.end, valid.begin}];
        slots.resize(lists.size());
        if (!slots[v]) slots[v] = k;
      }
    }
    std::vector<ForecastStep> steps;
    for (const auto& [time, slots] : times) {
      if (!std::all_of(slots.begin(), slots.end(), [](const auto& s) { return s.has_value(); })) continue;
      ForecastStep s{variable, member, reference, {time.second, time.first}, entries_[*slots[0]].meta.kind, {}, {}};
      // An extreme or mean of a longer time that overlaps the one before adds nothing.
      if (!steps.empty() && s.valid.begin < s.valid.end && s.valid.begin < steps.back().valid.end) continue;
      for (const auto& k : slots) s.entries.push_back(*k);
      steps.push_back(std::move(s));
    }
    return steps;
  }

  std::span<const ForecastEntry> entries_;
  const ForecastRequest& request_;
  ForecastSelection& out_;
  TimePoint latest_{};
  bool members_told_ = false;
};

}  // namespace

ForecastSelection select_forecast(std::span<const ForecastEntry> entries, const ForecastRequest& request) {
  ForecastSelection out;
  std::size_t not_yet = 0;
  const std::vector<Run> runs = runs_of(entries, request, not_yet);
  if (not_yet > 0) out.notes.push_back(fmt::format("{} fields had not arrived, or are of later runs, at {}", not_yet, to_iso(request.as_of)));
  if (!runs.empty()) {
    const Seconds cycle = request.usual_cycle > Seconds(0) ? request.usual_cycle : runs.size() > 1 ? runs[0].reference - runs[1].reference : Seconds(0);
    if (cycle > Seconds(0) && request.as_of - runs[0].reference > 2 * cycle)
      out.notes.push_back(
          fmt::format("the newest run is that of {}: one every {} h was expected", to_iso(runs[0].reference), static_cast<double>(cycle.count()) / 3600));
  }
  Chooser chooser(entries, request, out);
  for (std::size_t v = 0; v < request.variables.size(); ++v) chooser.choose(v, runs);
  std::stable_sort(out.steps.begin(), out.steps.end(), [](const ForecastStep& a, const ForecastStep& b) {
    if (a.member != b.member) return a.member < b.member;
    if (a.valid.end != b.valid.end) return a.valid.end < b.valid.end;
    return a.variable < b.variable;
  });
  return out;
}

}  // namespace guyu
