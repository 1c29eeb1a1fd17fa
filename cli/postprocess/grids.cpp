#include <fmt/format.h>

#include <functional>
#include <memory>

#include "cli/app.h"
#include "cli/field_file.h"
#include "cli/postprocess/fields.h"
#include "engine/core/error.h"
#include "engine/core/plane.h"
#include "engine/post/neighbourhood.h"
#include "engine/post/percentiles.h"
#include "engine/post/threshold.h"
#include "engine/post/vicinity.h"

namespace guyu::cli {
namespace {

struct GridArguments {
  PostprocessFiles files;
  std::vector<std::string> thresholds;
  std::vector<double> percentiles{10, 50, 90};
  std::string comparison = ">", shape = "square", edge = "cut", statistic = "max";
  double fuzzy_factor = 1, radius_km = 0;
  bool over_members = false;
};

int finish(const GridArguments& a, const PostprocessInput& in, const std::string& title, const FieldSet& out) {
  write_fields(a.files.out, in.grid(), title, a.files.inputs, out);
  return in.problems == 0 ? exit_done : exit_degraded;
}

// Each field by itself.
using Operator = std::function<void(FieldView<const float> in, FieldView<float> out)>;
FieldSet each(const PostprocessInput& in, const Operator& what) {
  FieldSet out;
  for (const auto& [key, field] : in.fields) {
    Field f(field->grid(), field->meta);
    what(field->view(), f.view());
    out.insert(std::make_shared<const Field>(std::move(f)));
  }
  return out;
}

std::string joined(const std::string& level, const std::string& more) { return level.empty() ? more : level + ", " + more; }

int run_threshold(const GridArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, a.files.quantity, a.files.level);
  const Comparison comparison = parse_comparison(a.comparison);
  const std::int64_t radius = a.radius_km > 0 ? radius_in_cells(in.grid(), a.radius_km) : 0;
  FieldSet out;
  for (const std::vector<FieldPtr>& members : by_member(in.fields)) {
    for (const std::string& text : a.thresholds) {
      FieldMeta meta = members[0]->meta;
      const std::string unit = meta.quantity.unit;
      const double value = value_of(text, unit);
      const Threshold threshold = a.fuzzy_factor < 1 ? fuzzy_threshold(value, a.fuzzy_factor) : exact_threshold(value);
      meta.quantity = {
          fmt::format("probability_of_{}{}_{}_threshold", meta.quantity.name, radius > 0 ? "_in_vicinity" : "", is_below(comparison) ? "below" : "above"), "1",
          0, 1};
      meta.level = joined(meta.level, fmt::format("{} {} {}", a.comparison, value, unit));
      std::vector<Field> truths;
      for (const FieldPtr& m : members) {
        Field truth(m->grid(), meta);
        truth.meta.member = m->meta.member;
        apply_threshold(m->view(), threshold, comparison, truth.view());
        if (radius > 0) {
          const Field seen = truth.clone();
          vicinity(seen.view(), radius, VicinityStatistic::maximum, std::nullopt, truth.view());
        }
        truths.push_back(std::move(truth));
      }
      if (a.over_members) {
        std::vector<FieldView<const float>> views;
        for (const Field& t : truths) views.push_back(t.view());
        Field mean(in.grid(), meta);
        mean.meta.member.reset();
        mean_of_planes(views, mean.view());
        truths.clear();
        truths.push_back(std::move(mean));
      }
      for (Field& t : truths) out.insert(std::make_shared<const Field>(std::move(t)));
    }
  }
  return finish(a, in, fmt::format("where the value is {} a threshold{}", a.comparison, a.over_members ? ", share of members" : ""), out);
}

int run_vicinity(const GridArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, a.files.quantity, a.files.level);
  const VicinityStatistic statistic = parse_vicinity_statistic(a.statistic);
  const std::int64_t radius = radius_in_cells(in.grid(), a.radius_km);
  return finish(a, in, fmt::format("{} of the square within {} cells", a.statistic, radius),
                each(in, [&](FieldView<const float> f, FieldView<float> out) { vicinity(f, radius, statistic, std::nullopt, out); }));
}

int run_neighbourhood(const GridArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, a.files.quantity, a.files.level);
  const Neighbourhood hood{parse_neighbourhood_shape(a.shape), radius_in_cells(in.grid(), a.radius_km),
                           a.edge == "extend" ? NeighbourhoodEdge::extend : NeighbourhoodEdge::cut};
  FieldSet out;
  for (const auto& [key, field] : in.fields) {
    Field f(field->grid(), field->meta);
    if (key.quantity == "wind_from_direction") neighbourhood_mean_direction(field->view(), hood, {}, f.view());
    else neighbourhood_mean(field->view(), hood, {}, f.view());
    out.insert(std::make_shared<const Field>(std::move(f)));
  }
  return finish(a, in, fmt::format("mean of the {} within {} cells", a.shape, hood.radius), out);
}

int run_percentiles(const GridArguments& a) {
  const PostprocessInput in = read_fields(a.files.inputs, a.files.quantity, a.files.level);
  FieldSet out;
  const auto keep = [&](std::vector<Field>& fields) {
    for (Field& f : fields) out.insert(std::make_shared<const Field>(std::move(f)));
  };
  const auto blank = [&](const Field& like) {
    std::vector<Field> fields;
    for (const double p : a.percentiles) {
      fields.emplace_back(like.grid(), like.meta);
      fields.back().meta.level = joined(like.meta.level, fmt::format("percentile {}", p));
    }
    return fields;
  };
  const auto views = [](std::vector<Field>& fields) {
    std::vector<FieldView<float>> all;
    for (Field& f : fields) all.push_back(f.view());
    return all;
  };
  if (a.radius_km > 0) {
    const std::int64_t radius = radius_in_cells(in.grid(), a.radius_km);
    for (const auto& [key, field] : in.fields) {
      std::vector<Field> of = blank(*field);
      neighbourhood_percentiles(field->view(), radius, a.percentiles, views(of));
      keep(of);
    }
    return finish(a, in, fmt::format("percentiles of the circle within {} cells", radius), out);
  }
  for (const std::vector<FieldPtr>& members : by_member(in.fields)) {
    std::vector<FieldView<const float>> planes;
    for (const FieldPtr& m : members) planes.push_back(m->view());
    std::vector<Field> of = blank(*members[0]);
    for (Field& f : of) f.meta.member.reset();
    percentiles_of_planes(planes, a.percentiles, views(of));
    keep(of);
  }
  return finish(a, in, "percentiles over the members", out);
}

}  // namespace

void add_postprocess_grids(Verb& postprocess) {
  {
    Verb verb = postprocess.verb("threshold", "where values exceed thresholds, and in what share of members");
    auto a = std::make_shared<GridArguments>();
    a->files.declare(verb), a->files.declare_selection(verb);
    verb.option("--threshold", a->thresholds, "\"10 mm\", or a number in the quantity's own unit; several parted by commas").parted_by(',').required();
    verb.option("--comparison", a->comparison, ">, >=, < or <=").shows_default();
    verb.option("--fuzzy-factor", a->fuzzy_factor, "truth rises from threshold x factor to threshold x (2 - factor); 1: a step")
        .shows_default()
        .between(0.0, 1.0);
    verb.option("--vicinity-km", a->radius_km, "true where it is true anywhere in the square of this half side").at_least_zero();
    verb.flag("--over-members", a->over_members, "the mean over members: a probability");
    verb.action([a] { return run_threshold(*a); });
  }
  {
    Verb verb = postprocess.verb("vicinity", "greatest, least, mean or spread of what lies around");
    auto a = std::make_shared<GridArguments>();
    a->files.declare(verb), a->files.declare_selection(verb);
    verb.option("--radius-km", a->radius_km, "half side of the square").required();
    verb.option("--statistic", a->statistic, "max, min, mean or std").shows_default();
    verb.action([a] { return run_vicinity(*a); });
  }
  {
    Verb verb = postprocess.verb("neighbourhood", "mean of what lies around; directions as vectors");
    auto a = std::make_shared<GridArguments>();
    a->files.declare(verb), a->files.declare_selection(verb);
    verb.option("--radius-km", a->radius_km, "half side of the square or radius of the circle").required();
    verb.option("--shape", a->shape, "square, circle or weighted-circle").shows_default();
    verb.option("--edge", a->edge, "beyond the grid: cut, nothing; extend, its edge's values").shows_default().one_of({"cut", "extend"});
    verb.action([a] { return run_neighbourhood(*a); });
  }
  {
    Verb verb = postprocess.verb("percentiles", "percentiles over members or of what lies around");
    auto a = std::make_shared<GridArguments>();
    a->files.declare(verb), a->files.declare_selection(verb);
    verb.option("--percentiles", a->percentiles, "per cent, parted by commas").parted_by(',').shows_default();
    verb.option("--radius-km", a->radius_km, "of the circle around each cell instead of over members").at_least_zero();
    verb.action([a] { return run_percentiles(*a); });
  }
}

}  // namespace guyu::cli
