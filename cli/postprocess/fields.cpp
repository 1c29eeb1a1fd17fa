#include "cli/postprocess/fields.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "engine/config/param_spec.h"
#include "engine/core/error.h"
#include "engine/post/vicinity.h"
#include "engine/regrid/cell_size.h"
#include "ingest/reader.h"

namespace guyu::cli {

void PostprocessFiles::declare(Verb& verb) {
  verb.option("--input", inputs, "files that guyu inspect reads").required();
  verb.option("--out", out, "NetCDF file to write").required();
}

void PostprocessFiles::declare_selection(Verb& verb) {
  verb.option("--quantity", quantity, "only fields of this quantity, by the name that guyu inspect gives");
  verb.option("--level", level, "only fields of this level");
}

PostprocessInput read_fields(const std::vector<std::string>& paths, const std::string& quantity, const std::string& level) {
  PostprocessInput in;
  for (const std::string& path : paths) {
    ReadRequest request;
    if (!quantity.empty()) request.quantities = {quantity};
    if (!level.empty()) request.select = [&](const FieldMeta& m) { return m.level == level; };
    const FileSummary file = read_each(path, request, [&](Field&& f) {
      if ((quantity.empty() || f.meta.quantity.name == quantity) && (level.empty() || f.meta.level == level))
        in.fields.insert(std::make_shared<const Field>(std::move(f)));
    });
    for (const std::string& p : file.problems) fmt::print(stderr, "guyu: {}: {}\n", path, p);
    in.problems += file.problems.size();
  }
  if (in.fields.empty())
    throw Error(paths.front(), fmt::format("no field of quantity \"{}\", level \"{}\"", quantity, level), "guyu inspect lists what is there");
  for (const auto& [key, field] : in.fields) {
    if (!(field->grid() == in.grid()))
      throw Error(field->meta.source, fmt::format("{} stands on another grid than {}", key.describe(), in.fields.begin()->first.describe()),
                  "choose with --quantity and --level, or bring them together with guyu regrid");
  }
  return in;
}

std::vector<std::vector<FieldPtr>> by_member(const FieldSet& fields) {
  std::map<FieldKey, std::vector<FieldPtr>> groups;
  for (const auto& [key, field] : fields) {
    FieldKey without = key;
    without.member.reset();
    groups[without].push_back(field);
  }
  std::vector<std::vector<FieldPtr>> all;
  for (auto& [key, members] : groups) all.push_back(std::move(members));
  return all;
}

FieldPtr only_field(const FieldSet& fields, const std::string& quantity, const std::string& where) {
  FieldPtr found;
  for (const auto& [key, field] : fields) {
    if (key.quantity != quantity) continue;
    if (found)
      throw Error(where, fmt::format("more than one {}: {} and {}", quantity, FieldKey::of(found->meta).describe(), key.describe()), "choose with --level");
    found = field;
  }
  if (!found) throw Error(where, "there is no " + quantity, "guyu inspect lists what is there");
  return found;
}

double value_of(const std::string& text, const std::string& unit) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : parse_quantity(text, unit);
}

std::int64_t radius_in_cells(const Grid& grid, double radius_km) { return cells_in_radius(radius_km * 1000, cell_size_km(grid) * 1000); }

}  // namespace guyu::cli
