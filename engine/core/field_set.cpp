#include "engine/core/field_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr std::size_t kNear = 4;  // keys that a missed lookup lists

// Smaller is nearer: first by how many of quantity, level and member differ, then by time.
std::pair<int, Seconds> distance(const FieldKey& a, const FieldKey& b) {
  const int differing = 4 * (a.quantity != b.quantity) + 2 * (a.level != b.level) + (a.member != b.member);
  return {differing, std::chrono::abs(a.valid.end - b.valid.end) + std::chrono::abs(a.valid.begin - b.valid.begin)};
}

std::string nearest(const FieldSet::Map& fields, const FieldKey& key) {
  std::vector<const FieldKey*> keys;
  for (const auto& [k, field] : fields) keys.push_back(&k);
  std::stable_sort(keys.begin(), keys.end(), [&](const FieldKey* a, const FieldKey* b) { return distance(*a, key) < distance(*b, key); });
  std::string text;
  for (std::size_t k = 0; k < std::min(kNear, keys.size()); ++k) text += (text.empty() ? "" : "; ") + keys[k]->describe();
  return keys.size() > kNear ? fmt::format("{}; and {} more", text, keys.size() - kNear) : text;
}

}  // namespace

std::string FieldKey::describe() const {
  std::string text = quantity;
  if (!level.empty()) text += " at " + level;
  if (member) text += fmt::format(", member {}", *member);
  return text + (valid.begin == valid.end ? ", " + to_iso(valid.end) : fmt::format(", {} to {}", to_iso(valid.begin), to_iso(valid.end)));
}

std::strong_ordering FieldKey::operator<=>(const FieldKey& o) const {
  return std::tie(quantity, level, member, valid.end, valid.begin) <=> std::tie(o.quantity, o.level, o.member, o.valid.end, o.valid.begin);
}

void FieldSet::insert(FieldPtr field) {
  FieldKey key = FieldKey::of(field->meta);
  const auto [it, added] = fields_.try_emplace(std::move(key), field);
  if (!added) throw Error(field->meta.source, "gives a second field for " + it->first.describe(), "the first came from " + it->second->meta.source);
}

FieldPtr FieldSet::find(const FieldKey& key) const {
  const auto it = fields_.find(key);
  return it == fields_.end() ? nullptr : it->second;
}

const FieldPtr& FieldSet::at(const FieldKey& key) const {
  const auto it = fields_.find(key);
  if (it != fields_.end()) return it->second;
  throw Error("", "there is no field " + key.describe(), fields_.empty() ? "no field was read at all" : "the nearest are " + nearest(fields_, key));
}

std::vector<FieldPtr> FieldSet::series(std::string_view quantity, std::string_view level, std::optional<int> member) const {
  std::vector<FieldPtr> out;
  const FieldKey first{std::string(quantity), std::string(level), member, {TimePoint::min(), TimePoint::min()}};
  for (auto it = fields_.lower_bound(first); it != fields_.end(); ++it) {
    if (it->first.quantity != quantity || it->first.level != level || it->first.member != member) break;
    out.push_back(it->second);
  }
  return out;
}

}  // namespace guyu
