#include "cli/forecast/step_fields.h"

#include <algorithm>
#include <limits>
#include <set>

#include "engine/core/error.h"
#include "engine/cycle/forecast_rain.h"
#include "engine/downscale/terrain_rule.h"
#include "engine/forecast/field_derivation.h"

namespace guyu::cli {

StepFields::StepFields(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, std::vector<std::string>& problems, bool levels)
    : store_(store), request_(request), selection_(selection), problems_(problems), with_levels_(levels) {
  for (std::size_t k = 0; k < store.entries().size(); ++k) {
    const FieldMeta& m = store.entries()[k].meta;
    if (m.quantity.name == "surface_altitude") orography_.push_back(k);
    if (m.quantity.name == "land_binary_mask") land_.push_back(k);
    const bool warm = m.quantity.name == "air_temperature";
    if (levels && (warm || m.quantity.name == "geopotential_height") && m.level.ends_with("Pa")) {
      auto& pair = levels_[{m.reference, m.member, m.valid.end}].try_emplace(m.level, -1, -1).first->second;
      (warm ? pair.first : pair.second) = static_cast<std::ptrdiff_t>(k);
    }
    if (m.quantity.name == "air_temperature" && m.level == "2 m") screen_.emplace(std::tuple(m.reference, m.member, m.valid.end), k);
  }
}

namespace {

bool of_one_moment(const ForecastStep& a, const ForecastStep& b) { return a.member == b.member && a.valid.end == b.valid.end && a.reference == b.reference; }

}  // namespace

void StepFields::go_to(std::size_t k) {
  constexpr std::size_t kAhead = 64;  // the store takes of them what it has processes for
  if (first_read_.empty()) order_reads();
  if (at_ && !of_one_moment(selection_.steps[*at_], selection_.steps[k])) store_.forget();
  at_ = k;
  store_.expect(std::span(reads_).subspan(first_read_[k], std::min(kAhead, reads_.size() - first_read_[k])));
}

// All that derived(), entry(), with_surroundings() and sums of amounts read for a step, but the ground, which is read once.
std::vector<std::size_t> StepFields::wanted_by(const ForecastStep& s) const {
  std::vector<std::size_t> wanted = s.entries;
  if (s.less) wanted.push_back(*s.less);
  if (more_) {
    const std::vector<std::size_t> more = more_(s);
    wanted.insert(wanted.end(), more.begin(), more.end());
  }
  const Variable& variable = request_.variables[s.variable];
  if (!needs_elevation(terrain_rule({variable.quantity, ""}, variable.level))) return wanted;
  const At at{s.reference, s.member, s.valid.end};
  if (const auto t = screen_.find(at); t != screen_.end()) wanted.push_back(t->second);
  if (!with_levels_) return wanted;
  if (const auto levels = levels_.find(at); levels != levels_.end())
    for (const auto& [level, pair] : levels->second)
      if (pair.first >= 0 && pair.second >= 0) wanted.insert(wanted.end(), {static_cast<std::size_t>(pair.first), static_cast<std::size_t>(pair.second)});
  return wanted;
}

void StepFields::order_reads() {
  std::set<std::size_t> known;                    // of this moment
  std::map<std::size_t, std::size_t> last_total;  // by variable: kept by those who sum
  for (std::size_t k = 0; k < selection_.steps.size(); ++k) {
    const ForecastStep& s = selection_.steps[k];
    if (k > 0 && !of_one_moment(selection_.steps[k - 1], s)) known.clear();
    first_read_.push_back(reads_.size());
    for (const std::size_t entry : wanted_by(s)) {
      const auto kept = last_total.find(s.variable);
      if (s.kind == TimeKind::accumulation && kept != last_total.end() && kept->second == entry) continue;
      if (known.insert(entry).second) reads_.push_back(entry);
    }
    if (s.kind == TimeKind::accumulation) last_total[s.variable] = s.entries.front();
  }
}

FieldPtr StepFields::derived(const ForecastStep& s) {
  std::vector<FieldPtr> inputs;
  for (const std::size_t k : s.entries) inputs.push_back(store_.read(k));
  return derive_field(selection_.plans[s.variable], request_.variables[s.variable], inputs);
}

// Of the same grid: the newest reference is as good as any, the ground does not move.
FieldPtr StepFields::unmoved(const std::vector<std::size_t>& entries, std::map<std::string, FieldPtr>& kept, const Grid& grid) {
  const std::string key = grid.hash();
  if (const auto it = kept.find(key); it != kept.end()) return it->second;
  FieldPtr found;
  for (const std::size_t k : entries) {
    try {
      const FieldPtr f = store_.read(k);
      if (f->grid() == grid) {
        found = f;
        break;
      }
    } catch (const Error& e) {
      problems_.push_back(e.what());
    }
  }
  return kept[key] = found;
}

StepField StepFields::with_surroundings(const ForecastStep& s, FieldPtr field) {
  StepField in{field, unmoved(orography_, kept_orography_, field->grid()), unmoved(land_, kept_land_, field->grid()), nullptr, {}};
  if (field->meta.quantity.name == "air_temperature") in.temperature = field;
  // The rest is for rules that follow the ground; what cannot be read there takes nothing else with it.
  const Variable& wanted = request_.variables[s.variable];
  if (!needs_elevation(terrain_rule({wanted.quantity, ""}, wanted.level))) return in;
  const auto read = [&](std::size_t k) -> FieldPtr {
    try {
      return store_.read(k);
    } catch (const Error& e) {
      problems_.push_back(e.what());
      return nullptr;
    }
  };
  if (const auto t = screen_.find({s.reference, s.member, s.valid.end}); !in.temperature && t != screen_.end()) in.temperature = read(t->second);
  if (in.temperature && !(in.temperature->grid() == field->grid())) in.temperature = nullptr;
  if (!with_levels_) return in;
  for (const auto& [level, pair] : levels_[{s.reference, s.member, s.valid.end}]) {
    if (pair.first < 0 || pair.second < 0) continue;
    const FieldPtr t = read(static_cast<std::size_t>(pair.first)), z = read(static_cast<std::size_t>(pair.second));
    if (t && z && t->grid() == field->grid() && z->grid() == field->grid()) in.levels.emplace_back(t, z);
  }
  return in;
}

std::vector<LapseLevel> lapse_levels(const StepField& in) {
  std::vector<LapseLevel> views;
  for (const auto& [t, z] : in.levels) views.push_back({t->view(), z->view()});
  return views;
}

float amount_between(float whole, float part) {
  const float d = whole - part;
  return d >= -kForecastRounding_mm ? std::max(d, 0.0F) : std::numeric_limits<float>::quiet_NaN();  // also for NaN
}

FieldPtr amount_between(const FieldPtr& whole, const FieldPtr& part, const Interval& valid) {
  if (!part) return whole;
  if (!(part->grid() == whole->grid())) throw Error(whole->meta.source, "totals of " + whole->meta.quantity.name + " stand on different grids");
  Field difference = whole->clone();
  for (std::size_t k = 0; k < difference.values().size(); ++k) difference.values()[k] = amount_between(difference.values()[k], part->values()[k]);
  difference.meta.valid = valid;  // radiation asks where the sun stood
  return std::make_shared<const Field>(std::move(difference));
}

FieldPtr StepAmounts::of(const ForecastStep& s, StepFields& fields) {
  Last& last = last_[s.variable];
  if (last.amount && last.whole == s.entries.front() && last.less == s.less) return last.amount;
  auto& kept = totals_[s.variable];
  const auto total = [&](std::size_t entry) {
    const auto it = kept.find(entry);
    return it != kept.end() ? it->second : kept[entry] = fields.entry(entry);
  };
  const FieldPtr amount = amount_between(total(s.entries.front()), s.less ? total(*s.less) : nullptr, s.valid);
  std::erase_if(kept, [&](const auto& t) { return t.first != s.entries.front(); });
  last = {s.entries.front(), s.less, amount};
  return amount;
}

}  // namespace guyu::cli
