#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

#include "cli/app.h"
#include "cli/verb.h"
#include "models/computed_series.h"

namespace guyu::cli {
namespace {

std::string words_of(const std::vector<InputNeed>& needs) {
  std::string out;
  for (const InputNeed& n : needs) {
    out += (out.empty() ? "" : ", ") + n.quantity + (n.statistic.empty() ? " (of regions)" : " " + n.statistic);
    if (n.history.count() > 0) out += fmt::format(", {:g} h back", static_cast<double>(n.history.count()) / 3600);
  }
  return out;
}

int list_models(const std::vector<std::string>& names) {
  std::vector<const SeriesModel*> models;
  for (const std::string& name : names) models.push_back(&series_model(name));
  if (names.empty()) models = series_models();
  for (const SeriesModel* m : models) {
    const ModelInfo& i = m->info();
    fmt::print("{}: {}\n  source    {}\n  gives     {} {}{}\n  from      {}\n", i.name, i.title, i.source, i.quantity, i.statistic,
               i.pack.empty() ? "" : ", on which the pack " + i.pack + " decides", words_of(i.inputs));
    if (!i.optional.empty()) fmt::print("  and       {}, where given\n", words_of(i.optional));
    if (!i.state.empty()) fmt::print("  remembers {}\n", fmt::join(i.state, ", "));
    for (const ParamSpec& p : i.params) fmt::print("  {:<22} {:<8} {}\n", p.key, p.fallback.value_or(""), p.doc);
  }
  return exit_done;
}

}  // namespace

void add_models(Verb& guyu) {
  Verb verb = guyu.verb("models", "the models that compute what rule packs decide on: inputs, parameters, sources");
  auto names = std::make_shared<std::vector<std::string>>();
  verb.option("name", *names, "models; all of them when none is named");
  verb.action([names] { return list_models(*names); });
}

}  // namespace guyu::cli
