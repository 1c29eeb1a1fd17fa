#include "alerts/lifecycle/book_step.h"

#include <algorithm>
#include <numeric>

// The first half of a step: what stands in each region, and what of it may be warned of.
namespace guyu {

RegionIndex::RegionIndex(const RegionSet& regions, double neighbour_tolerance, std::string set_hash)
    : hash(std::move(set_hash)), graph(regions, neighbour_tolerance) {
  number.reserve(regions.regions.size());
  for (std::size_t i = 0; i < regions.regions.size(); ++i) number[regions.regions[i].code] = static_cast<std::uint32_t>(i);
  by_code.resize(regions.regions.size());
  rank.resize(by_code.size());
  std::iota(by_code.begin(), by_code.end(), 0U);
  std::sort(by_code.begin(), by_code.end(), [&](std::uint32_t a, std::uint32_t b) { return regions.regions[a].code < regions.regions[b].code; });
  for (std::size_t i = 0; i < by_code.size(); ++i) rank[by_code[i]] = static_cast<std::uint32_t>(i);
}

BookStep::BookStep(BookState& state, const BookSettings& settings, const std::map<std::string, int>& ranks, const RegionIndex& index, const RegionSet& regions,
                   const RiskTable& table)
    : state_(state), settings_(settings), index_(index), regions_(regions), now_(*state.last_step) {
  make_views(table, ranks);
}

std::vector<Decision> BookStep::run(std::size_t most_kept) {
  most_kept_ = most_kept;
  expire_events();
  find_homes();
  for (View& v : views_) {
    follow_levels(v);
    lift_mutes(v);
    hold_back(v);
  }
  form_groups();
  match_groups();
  settle_events();
  settle_groups();
  for (Decision& d : late_) out_.push_back(std::move(d));
  for (Decision& d : held_) out_.push_back(std::move(d));
  return std::move(out_);
}

BookStep::Place BookStep::place_of(const std::string& code) {
  // Tracks, mutes and members mostly come in the order of their codes: where that holds, one comparison takes the place of a look into the index.
  if (next_rank_ < index_.by_code.size() && regions_.regions[index_.by_code[next_rank_]].code == code) return index_.by_code[next_rank_++];
  const auto found = index_.number.find(code);
  if (found != index_.number.end()) {
    next_rank_ = index_.rank[found->second] + 1;
    return found->second;
  }
  const auto [it, fresh] = stranger_number_.emplace(code, static_cast<Place>(regions_.regions.size() + strangers_.size()));
  if (fresh) strangers_.push_back(code);
  return it->second;
}

const std::string& BookStep::code_of(Place place) const {
  const std::size_t n = regions_.regions.size();
  return place < n ? regions_.regions[place].code : strangers_[place - n];
}

BookStep::View& BookStep::view_of(const std::string& hazard) { return views_[view_number_.at(hazard)]; }

void BookStep::make_views(const RiskTable& table, const std::map<std::string, int>& ranks) {
  for (const RiskRow& row : table.rows) {
    if (row.level >= Level::blue) state_.hazards[row.hazard];
  }
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [hazard, state] : state_.hazards) {
    const auto rank = ranks.find(hazard);
    order.emplace_back(rank == ranks.end() ? 0 : rank->second, hazard);
    for (const auto& [code, track] : state.tracks) place_of(code);
    for (const auto& [code, mute] : state.mutes) place_of(code);
  }
  std::sort(order.begin(), order.end());
  const std::size_t n = regions_.regions.size() + strangers_.size();
  for (const auto& [rank, hazard] : order) {
    view_number_[hazard] = views_.size();
    View v{hazard, &settings_.policy(hazard), &state_.hazards[hazard], {}, {}, {}, {}, {}, {}};
    v.rows.resize(n), v.tracks.resize(n), v.cleared.resize(n), v.warned.resize(n, Level::none), v.home.resize(n, kNoEvent);
    for (std::size_t a = 0; a < views_.size(); ++a) {
      const auto& inhibits = views_[a].policy->inhibits;
      if (std::find(inhibits.begin(), inhibits.end(), hazard) != inhibits.end()) v.inhibitors.push_back(a);
    }
    views_.push_back(std::move(v));
  }
  if (now_ - table.issue > settings_.table_age_limit) return;  // Unknown everywhere
  View* v = nullptr;
  for (const RiskRow& row : table.rows) {
    if (row.level == Level::unknown) continue;  // no answer and no row are the same
    if (!v || v->hazard != row.hazard) {
      const auto found = view_number_.find(row.hazard);
      if (found == view_number_.end()) continue;  // nothing stands and nothing is found
      v = &views_[found->second];
    }
    v->rows[row.region] = &row;
  }
}

void BookStep::expire_events() {
  std::vector<Alert> alive;
  for (Alert& a : state_.alerts) {
    if (a.expires > now_) {
      alive.push_back(std::move(a));
      continue;
    }
    View& v = view_of(a.hazard);
    bool gap = false;
    for (const AlertMember& m : a.members) {
      gap = gap || !v.rows[place_of(m.code)];
      v.state->tracks.erase(m.code);
    }
    const std::string ended = to_iso(a.expires);
    Decision d = decision(Action::expire, gap ? reasons::expired_gap : reasons::expired, std::move(a));
    d.alert.state = AlertState::ended;
    for (const AlertMember& m : d.alert.members) d.removed.push_back(m.code);
    d.detail = "the last message ran out at " + ended;
    out_.push_back(std::move(d));
  }
  state_.alerts = std::move(alive);
}

void BookStep::find_homes() {
  for (std::size_t e = 0; e < state_.alerts.size(); ++e) {
    View& v = view_of(state_.alerts[e].hazard);
    for (const AlertMember& m : state_.alerts[e].members) v.home[place_of(m.code)] = static_cast<std::int32_t>(e);
  }
}

namespace {

void stand(Track& t, Level level, const RiskRow& row) {
  t.level = level;
  t.valid = row.valid;
  t.evidence = row.evidence;
  t.lower_since.reset();
}

Seconds hold_of(const Track& t, const HazardPolicy& policy) { return t.lower_peak == Level::none ? policy.clear_hold : policy.downgrade_hold; }

// Moves a standing level; see AlertBook. False when nothing stands any more.
bool follow(Track& t, const RiskRow& row, const HazardPolicy& policy, TimePoint now) {
  t.last_known = now;
  if (row.level >= t.level) {
    stand(t, row.level, row);
    return true;
  }
  t.lower_peak = t.lower_since ? std::max(t.lower_peak, row.level) : row.level;
  if (!t.lower_since) t.lower_since = now;
  if (now - *t.lower_since < hold_of(t, policy)) return true;
  if (t.lower_peak == Level::none) return false;
  const TimePoint end = std::max(row.valid.end, t.valid.end);
  stand(t, t.lower_peak, row);
  t.valid.end = end;
  return true;
}

}  // namespace

void BookStep::follow_levels(View& v) {
  auto& tracks = v.state->tracks;
  for (auto it = tracks.begin(); it != tracks.end();) {
    const Place place = place_of(it->first);
    Track& t = it->second;
    const RiskRow* row = v.rows[place];
    bool stands = true;
    // What is in no event has no message that runs out: it ends with the same limit by itself.
    if (v.home[place] == kNoEvent) stands = now_ < std::max(t.valid.end, t.last_known + v.policy->unknown_limit);
    if (stands && row) {
      stands = follow(t, *row, *v.policy, now_);
      if (!stands) v.cleared[place] = row;
    } else if (!row) {
      t.lower_since.reset();
    }
    v.tracks[place] = stands ? &t : nullptr;
    it = stands ? std::next(it) : tracks.erase(it);
  }
  for (Place place = 0; place < regions_.regions.size(); ++place) {
    const RiskRow* row = v.rows[place];
    if (!row || row->level < Level::blue || v.tracks[place]) continue;
    Track& t = tracks[code_of(place)];
    t.last_known = now_;
    stand(t, row->level, *row);
    v.tracks[place] = &t;
  }
}

// A mute outlives what stands: a region whose level ran out for lack of data is still muted when data are back.
void BookStep::lift_mutes(View& v) {
  auto& mutes = v.state->mutes;
  for (auto it = mutes.begin(); it != mutes.end();) {
    const Place place = place_of(it->first);
    const RiskRow* row = v.rows[place];
    const Track* track = v.tracks[place];
    Mute& m = it->second;
    if (!row || row->level != Level::none) m.clear_since.reset();
    else if (!m.clear_since) m.clear_since = now_;
    const bool risen = track && track->level > m.up_to;
    const bool clear = !track && m.clear_since && now_ - *m.clear_since >= v.policy->clear_hold;
    it = risen || clear ? mutes.erase(it) : std::next(it);
  }
}

// Inhibitors come from what is warned of, never from what is itself held back: some warning always speaks for a region.
std::vector<std::size_t> BookStep::inhibitors_of(const View& v, Place place, Level level) const {
  std::vector<std::size_t> found;
  for (const std::size_t a : v.inhibitors) {
    const Level other = views_[a].warned[place];
    if (other >= level && other >= views_[a].policy->inhibits_from) found.push_back(a);
  }
  return found;
}

void BookStep::hold_back(View& v) {
  // Level, hazards that inhibit (none: muted) -> places.
  std::map<std::pair<Level, std::vector<std::size_t>>, std::vector<Place>> held;
  for (Place place = 0; place < v.tracks.size(); ++place) {
    if (v.tracks[place]) v.warned[place] = v.tracks[place]->level;
  }
  for (const auto& [code, mute] : v.state->mutes) {
    const Place place = place_of(code);
    if (!v.tracks[place]) continue;
    v.warned[place] = std::min(v.warned[place], mute.held_at);
    if (v.warned[place] == Level::none) held[{v.tracks[place]->level, {}}].push_back(place);
  }
  if (!v.inhibitors.empty()) {
    for (Place place = 0; place < v.tracks.size(); ++place) {
      if (v.warned[place] == Level::none || v.home[place] != kNoEvent) continue;
      std::vector<std::size_t> by = inhibitors_of(v, place, v.warned[place]);
      if (by.empty()) continue;
      v.warned[place] = Level::none;
      held[{v.tracks[place]->level, std::move(by)}].push_back(place);
    }
  }
  for (auto& [key, places] : held) {
    std::sort(places.begin(), places.end(), [&](Place a, Place b) { return code_of(a) < code_of(b); });
    Alert a;
    a.hazard = v.hazard;
    a.level = key.first;
    a.members = members_of(v, places);
    Decision d = decision(Action::hold, key.second.empty() ? reasons::muted : reasons::inhibited, std::move(a));
    for (const std::size_t by : key.second) d.inhibitors.push_back(views_[by].hazard);
    std::sort(d.inhibitors.begin(), d.inhibitors.end());
    d.detail = std::string(to_string(key.first)) + " held back in " + std::to_string(places.size()) + " region(s)";
    for (const std::string& by : d.inhibitors) d.detail += (by == d.inhibitors.front() ? ": " : ", ") + by;
    held_.push_back(std::move(d));
  }
}

}  // namespace guyu
