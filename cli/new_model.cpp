#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "cli/app.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "models/computed_series.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

// The skeletons are a whole small model, the mean rain rate against a rate, so that everything about it runs before it is changed. @NAME@, @TITLE@, @TYPE@.
constexpr const char* kModelSource = R"text(// @TITLE@: say here in a sentence what it tells.
#include "hpc/parallel/parallel_for.h"
#include "models/models.h"

namespace guyu {
namespace {

class @TYPE@ final : public SeriesModel {
 public:
  const ModelInfo& info() const override {
    static const ModelInfo info{
        "@NAME@",
        "@TITLE@",
        "author (year), journal or standard: where the equation stands",
        {{"precipitation_amount", "mean", Seconds(3 * 3600)}},  // what it needs: quantity, statistic, how far back
        {},                                                     // what it looks at where there is any
        {{"rate", ParamType::number, "Rain rate at which the ratio is 1, mm/h (source of the number)", "20", "", 0.1, 500}},
        "@NAME@",  // the quantity that it gives, with a line in engine/core/quantity.cpp
        "mean",
        {},                      // names of what it remembers from cycle to cycle
        "precipitation_amount",  // more of this never lowers the result ...
        false,                   // ... (true: less of it)
        "@NAME@"};               // the pack that decides on it
    return info;
  }

  Result compute(const HazardInputs& in, const ModelParams& params, const ModelState&) const override {
    Result result{{{info().quantity, "1", 0, 1000}, info().statistic, TimeKind::mean, {}, {}, in.horizon}, {}, {}};
    const HazardSeries* rain = in.find_series("precipitation_amount", "mean");
    if (!rain) return result;  // nothing is known, so nothing is told
    result.series.observed_to = rain->observed_to, result.series.horizon = rain->horizon;
    for (const SeriesPiece& p : rain->pieces) {
      if (p.interval.end <= in.issue - info().inputs[0].history) continue;
      const auto hours = static_cast<float>(static_cast<double>(p.interval.length().count()) / 3600);
      const float scale = 1 / (hours * static_cast<float>(params.at("rate")));
      // NaN (missing) stays NaN; the coverage says how much of the area is known.
      const auto ratio = [&](const std::vector<float>& mm) {
        std::vector<float> out(in.regions);
        parallel_for(static_cast<std::int64_t>(in.regions), 1024, [&](std::int64_t begin, std::int64_t end) {
          for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) out[r] = mm[r] * scale;
        });
        return out;
      };
      SeriesPiece made{p.interval, p.origin, ratio(p.values), p.coverage, {}};
      for (const std::vector<float>& member : p.members) made.members.push_back(ratio(member));
      result.series.pieces.push_back(std::move(made));
    }
    return result;
  }
};

}  // namespace

const SeriesModel& @NAME@_model() {
  static const @TYPE@ model;
  return model;
}

}  // namespace guyu
)text";

constexpr const char* kModelTest =
    R"text(// What holds for every model (missing input, stronger driver, order of regions, threads) is in every_model_test.cpp: here stand its own numbers.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "models/computed_series.h"

using namespace guyu;

BOOST_AUTO_TEST_SUITE(@NAME@_model)

BOOST_AUTO_TEST_CASE(a_published_number_or_a_hand_calculation_comes_out) {
  const SeriesModel& model = series_model("@NAME@");
  const TimePoint issue = parse_time("2024-07-01T00:00:00Z");
  HazardInputs in{issue, issue + Seconds(3600), 1};
  in.series.push_back({quantities::precipitation_amount(), "mean", TimeKind::accumulation, {}, issue, issue + Seconds(3600)});
  in.series[0].pieces.push_back({{issue, issue + Seconds(3600)}, Origin::forecast, {30}, {1}, {}});
  const HazardSeries made = model.compute(in, default_params(model), {}).series;
  BOOST_REQUIRE(made.pieces.size() == 1U);
  BOOST_TEST(made.pieces[0].values[0] == 1.5F, boost::test_tools::tolerance(1e-6F));  // 30 mm/h by 20 mm/h
}

BOOST_AUTO_TEST_SUITE_END()
)text";

constexpr const char* kModelPack = R"text(# @TITLE@. Say here which figures are published and which are this project's own.
name = "@TITLE@"
hazard = "@NAME@"
source = "where the thresholds stand"
edition = "unknown"
verified = false
use = "grade"
quantity = "@NAME@"

[[rule]]
level = "yellow"
threshold = "1"
within = "6 h"
)text";

constexpr const char* kModelPage = R"text(# @TITLE@

`[[model]] name = "@NAME@"`, pack `@NAME@`.

## What it means

A sentence for the forecaster: what a value of 1 says, and what it does not say.

## Inputs

| input | statistic | history |
|---|---|---|
| precipitation_amount | mean | 3 h |

## Equation

ratio = rain rate / `rate`

## Source

Author (year), title, journal; what was checked against it, and how.

## Limits

What is not in it; where it was not tried.

## Example

```toml
[[model]]
name = "@NAME@"
rate = 25

[rules]
packs = ["@NAME@"]
```
)text";

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& words) {
  for (const auto& [word, by] : words)
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) text.replace(at, word.size(), by);
  return text;
}

void check_model_name(const std::string& name) {
  const bool letters = std::all_of(
      name.begin(), name.end(), [](char c) { return std::islower(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c)) || c == '_'; });
  if (name.empty() || !letters || std::isdigit(static_cast<unsigned char>(name[0])) || name[0] == '_' || name.back() == '_' ||
      name.find("__") != std::string::npos || name.size() > 60)
    throw Error("new model", "\"" + name + "\" is no name of a model", "use small letters, digits and single underscores, as soil_erosion");
  for (const SeriesModel* m : series_models())
    if (m->info().name == name) throw Error("new model", "there is a model \"" + name + "\" already", "guyu models shows it");
}

int new_model(const std::string& name, const std::string& root) {
  check_model_name(name);
  if (!fs::exists(root + "/models/model_registry.cpp"))
    throw Error(root, "is no source tree of the program: it has no models/model_registry.cpp", "go to the source tree, or name it with --root");
  std::string title, type;
  for (std::size_t k = 0; k < name.size(); ++k) {
    const bool starts = k == 0 || name[k - 1] == '_';
    const auto upper = static_cast<char>(std::toupper(static_cast<unsigned char>(name[k])));
    title += name[k] == '_' ? ' ' : k == 0 ? upper : name[k];
    if (name[k] != '_') type += starts ? upper : name[k];
  }
  const std::vector<std::pair<std::string, std::string>> words{{"@NAME@", name}, {"@TITLE@", title}, {"@TYPE@", type + "Model"}};
  const std::vector<std::pair<std::string, const char*>> files{{"models/" + name + ".cpp", kModelSource},
                                                               {"tests/models/" + name + "_test.cpp", kModelTest},
                                                               {"configs/rules/" + name + ".toml", kModelPack},
                                                               {"docs/models/" + name + ".md", kModelPage}};
  for (const auto& [file, text] : files)
    if (fs::exists(fs::path(root) / file)) throw Error(file, "is there already", "choose another name, or remove it");
  for (const auto& [file, text] : files) {
    write_file_atomically((fs::path(root) / file).string(), filled(text, words));
    fmt::print("{}\n", file);
  }
  fmt::print(
      "\nAdd these lines, by name:\n"
      "  models/models.h             const SeriesModel& {0}_model();\n"
      "  models/model_registry.cpp   &{0}_model(),\n"
      "  engine/core/quantity.cpp    {{\"{0}\", \"1\", 0, 1000}},\n"
      "then cmake --preset release (it finds the new files), build, and remake docs/config-reference.md with guyu config --describe.\n",
      name);
  return exit_done;
}

}  // namespace

void add_new(Verb& guyu) {
  Verb made = guyu.verb("new", "write the skeleton of something new");
  Verb verb = made.verb("model", "a model of a hazard: its source, test, rule pack and page");
  auto name = std::make_shared<std::string>(), root = std::make_shared<std::string>(".");
  verb.option("name", *name, "of the model and of the quantity that it gives: soil_erosion").required();
  verb.option("--root", *root, "source tree of the program").shows_default();
  verb.action([name, root] { return new_model(*name, *root); });
}

}  // namespace guyu::cli
