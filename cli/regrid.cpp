#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>

#include "cli/app.h"
#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "engine/regrid/apply.h"
#include "guyu_version.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {

struct RegridArguments {
  std::string input, method = "bilinear", missing = "strict", out, cache;
  TargetGrid target;
  double least_valid = 0.5;
};

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

void write(const RegridArguments& a, const Grid& target, const FieldSet& set) {
  std::vector<Series> all = series_of(set);
  const FieldMeta& first = set.begin()->second->meta;
  const TimePoint issue = first.reference == TimePoint{} ? first.valid.end : first.reference;
  GridNetcdfWriter writer(a.out, target,
                          {fmt::format("fields brought to another grid ({}, missing: {})", a.method, a.missing), kVersion, "", {a.input}, issue});
  for (const Series& s : all) writer.add(s.variable);
  for (std::size_t v = 0; v < all.size(); ++v) {
    for (std::size_t step = 0; step < all[v].fields.size(); ++step) writer.write(v, step, all[v].fields[step]->view());
  }
  writer.close();
}

int run(const RegridArguments& a) {
  const RegridMethod method = parse_regrid_method(a.method);
  const MissingTreatment missing{parse_missing_policy(a.missing), a.least_valid};
  const Grid target = a.target.grid("regrid");
  FieldSet set;
  std::vector<std::string> problems;
  RegridWeights weights;
  std::optional<Grid> source;  // of the weights
  const FileSummary file = read_each(a.input, {}, [&](Field&& f) {
    if (!source || !(*source == f.grid())) {
      weights = load_or_compute_regrid_weights(a.cache, f.grid(), target, method);
      source = f.grid();
    }
    if (weights.entries.empty()) {
      problems.push_back(f.meta.quantity.name + ": its grid (" + source->describe() + ") does not meet the target");
      return;
    }
    try {
      set.insert(std::make_shared<const Field>(regrid(f, target, weights, missing)));
    } catch (const Error& e) {
      problems.push_back(e.reason());
    }
  });
  problems.insert(problems.end(), file.problems.begin(), file.problems.end());
  if (set.empty()) throw Error(a.input, problems.front(), "the target is " + target.describe());
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}: {}\n", a.input, p);
  write(a, target, set);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_regrid(Verb& guyu) {
  Verb verb = guyu.verb("regrid", "bring a file's fields to another grid");
  auto a = std::make_shared<RegridArguments>();
  verb.option("--input", a->input, "any file that guyu inspect reads").required();
  a->target.add_options(verb);
  verb.option("--method", a->method, "nearest, bilinear or conservative").shows_default();
  verb.option("--missing", a->missing, "strict: a missing source cell makes the target missing; renormalise: mean of the valid ones").shows_default();
  verb.option("--least-valid", a->least_valid, "renormalise: share of a target cell that must be valid").shows_default().between(0.0, 1.0);
  verb.option("--cache", a->cache, "folder that keeps the weights between calls");
  verb.option("--out", a->out, "NetCDF file to write").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
