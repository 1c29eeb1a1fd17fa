#include "cli/field_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <utility>

#include "guyu_version.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {

std::string netcdf_name(std::string text) {
  for (char& c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return text;
}

// The fields of one variable of the output: a series whose steps rise.
struct Series {
  GridVariable variable;
  std::optional<int> member;
  std::vector<FieldPtr> fields;
  bool takes(const FieldMeta& m) const {
    const Interval last = variable.times.back();
    return variable.quantity == m.quantity && variable.level == m.level && member == m.member && variable.kind == m.kind && last.end < m.valid.end &&
           last.begin <= m.valid.begin;
  }
};

std::string free_name(const FieldMeta& m, std::set<std::string>& taken) {
  std::string name = netcdf_name(m.quantity.name);
  if (m.member) name += fmt::format("_member{}", *m.member);
  if (taken.count(name) && !m.level.empty()) name += "_" + netcdf_name(m.level);
  const std::string base = name;
  for (int k = 2; !taken.insert(name).second; ++k) name = fmt::format("{}_{}", base, k);
  return name;
}

std::vector<Series> series_of(const FieldSet& set) {
  std::vector<Series> all;
  std::set<std::string> taken;
  for (const auto& [key, field] : set) {
    const FieldMeta& m = field->meta;
    auto it = std::find_if(all.begin(), all.end(), [&](const Series& s) { return s.takes(m); });
    if (it == all.end()) {
      all.push_back({{free_name(m, taken), m.quantity.name, m.quantity, m.kind, {}, m.level}, m.member, {}});
      it = all.end() - 1;
    }
    it->variable.times.push_back(m.valid);
    it->fields.push_back(field);
  }
  return all;
}

}  // namespace

void write_fields(const std::string& path, const Grid& grid, const std::string& title, const std::vector<std::string>& inputs, const FieldSet& fields) {
  std::vector<Series> all = series_of(fields);
  const FieldMeta& first = fields.begin()->second->meta;
  const TimePoint issue = first.reference == TimePoint{} ? first.valid.end : first.reference;
  GridNetcdfWriter writer(path, grid, {title, kVersion, "", inputs, issue});
  for (const Series& s : all) writer.add(s.variable);
  for (std::size_t v = 0; v < all.size(); ++v) {
    for (std::size_t step = 0; step < all[v].fields.size(); ++step) writer.write(v, step, all[v].fields[step]->view());
  }
  writer.close();
}

}  // namespace guyu::cli
