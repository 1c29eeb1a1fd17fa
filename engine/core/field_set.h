#pragma once
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/field.h"

namespace guyu {

// What tells one field from another. Order: quantity, level, member (none first), then end and begin of validity, so that the steps of a
// series stand together and rise.
struct FieldKey {
  std::string quantity, level;
  std::optional<int> member;
  Interval valid;
  static FieldKey of(const FieldMeta& meta) { return {meta.quantity.name, meta.level, meta.member, meta.valid}; }
  std::string describe() const;
  std::strong_ordering operator<=>(const FieldKey& o) const;
  bool operator==(const FieldKey& o) const { return (*this <=> o) == 0; }
};

// Shared, immutable fields by key, in the order of their keys. Lookups O(log fields).
class FieldSet {
 public:
  using Map = std::map<FieldKey, FieldPtr>;
  // Throws Error naming the key and both sources when it is there already.
  void insert(FieldPtr field);
  // nullptr when it is not there.
  FieldPtr find(const FieldKey& key) const;
  // Throws Error that lists the keys most like the one asked for.
  const FieldPtr& at(const FieldKey& key) const;
  // All fields of one quantity, level and member: a series that rises in time.
  std::vector<FieldPtr> series(std::string_view quantity, std::string_view level = {}, std::optional<int> member = {}) const;

  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  Map::const_iterator begin() const { return fields_.begin(); }
  Map::const_iterator end() const { return fields_.end(); }

 private:
  Map fields_;
};

}  // namespace guyu
