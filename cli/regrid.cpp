#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "cli/app.h"
#include "cli/field_file.h"
#include "cli/target_grid.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "engine/forecast/wind_rotation.h"
#include "engine/regrid/apply.h"
#include "ingest/reader.h"

namespace guyu::cli {
namespace {

struct RegridArguments {
  std::string input, method = "bilinear", missing = "strict", out, cache;
  TargetGrid target;
  double least_valid = 0.5;
};

// Wind along the axes of the source's grid means nothing on another grid: pairs are turned to east and north as they come.
class WindPairs {
 public:
  explicit WindPairs(std::function<void(Field&&)> sink) : sink_(std::move(sink)) {}

  void operator()(Field&& f) {
    const std::string& name = f.meta.quantity.name;
    if ((name != "x_wind" && name != "y_wind") || f.grid().is_latlon()) return sink_(std::move(f));
    FieldKey key = FieldKey::of(f.meta);
    key.quantity = name == "x_wind" ? "y_wind" : "x_wind";
    const auto partner = waiting_.find(key);
    if (partner == waiting_.end()) {
      waiting_.emplace(FieldKey::of(f.meta), std::move(f));
      return;
    }
    const bool is_x = f.meta.quantity.name == "x_wind";
    Field x = is_x ? std::move(f) : std::move(partner->second), y = is_x ? std::move(partner->second) : std::move(f);
    waiting_.erase(partner);
    if (!rotation_ || !(*grid_ == x.grid())) rotation_.emplace(x.grid()), grid_ = x.grid();
    rotation_->apply(x.view(), y.view());
    x.meta.quantity = *find_quantity("eastward_wind");
    y.meta.quantity = *find_quantity("northward_wind");
    sink_(std::move(x));
    sink_(std::move(y));
  }
  void finish(std::vector<std::string>& problems) const {
    for (const auto& [key, field] : waiting_)
      problems.push_back(key.describe() + " stands without its other component: its direction on the ground cannot be told");
  }

 private:
  std::function<void(Field&&)> sink_;
  std::map<FieldKey, Field> waiting_;
  std::optional<WindRotation> rotation_;
  std::optional<Grid> grid_;
};

void write(const RegridArguments& a, const Grid& target, const FieldSet& set) {
  write_fields(a.out, target, fmt::format("fields brought to another grid ({}, missing: {})", a.method, a.missing), {a.input}, set);
}

int run(const RegridArguments& a) {
  const RegridMethod method = parse_regrid_method(a.method);
  const MissingTreatment missing{parse_missing_policy(a.missing), a.least_valid};
  const Grid target = a.target.grid("regrid");
  FieldSet set;
  std::vector<std::string> problems;
  RegridWeights weights;
  std::optional<Grid> source;  // of the weights
  WindPairs pairs([&](Field&& f) {
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
  const FileSummary file = read_each(a.input, {}, [&](Field&& f) { pairs(std::move(f)); });
  pairs.finish(problems);
  problems.insert(problems.end(), file.problems.begin(), file.problems.end());
  if (set.empty()) throw Error("", problems.front(), "the target is " + target.describe());
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
