#include "cli/forecast/statistics.h"

#include <algorithm>

#include "cli/shipped_files.h"
#include "engine/core/error.h"
#include "models/rule_model.h"

namespace guyu::cli {
namespace {

constexpr const char* kDirection = "wind_from_direction";

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

std::vector<ZonalStatistic> statistics_named(const std::string& list, const std::string& word) {
  std::string without_blanks = list;
  std::erase(without_blanks, ' ');
  try {
    return parse_zonal_statistics(without_blanks);
  } catch (const Error& e) {
    throw Error("--statistic \"" + word + "\"", e.reason(),
                "known are max, min, median, p0 to p100, frac>=NUMBER; of one variable: \"wind_speed@10 m: max,p90\"");
  }
}

// The mean and the coverage are there anyway.
void add(const std::vector<ZonalStatistic>& some, std::vector<ZonalStatistic>& to) {
  for (const ZonalStatistic& s : some) {
    const bool there = std::any_of(to.begin(), to.end(), [&](const ZonalStatistic& t) { return t.name == s.name; });
    if (!there && s.kind != ZonalStatistic::Kind::mean && s.kind != ZonalStatistic::Kind::coverage) to.push_back(s);
  }
}

using OfVariables = std::vector<std::vector<ZonalStatistic>>;

void add_word(const std::string& word, const std::vector<Variable>& variables, OfVariables& out) {
  const std::size_t colon = word.find(':');
  const std::vector<ZonalStatistic> some = statistics_named(colon == std::string::npos ? word : word.substr(colon + 1), word);
  if (colon == std::string::npos) {
    for (std::size_t v = 0; v < variables.size(); ++v)
      if (variables[v].quantity != kDirection) add(some, out[v]);
    return;
  }
  const Variable wanted = parse_variable(trimmed(word.substr(0, colon)));
  if (wanted.quantity == kDirection) throw Error("--statistic \"" + word + "\"", "degrees have no extremes and no quantiles", "ask for those of wind_speed");
  bool found = false;
  for (std::size_t v = 0; v < variables.size(); ++v) {
    if (variables[v].quantity != wanted.quantity || (!wanted.level.empty() && variables[v].level != wanted.level)) continue;
    add(some, out[v]);
    found = true;
  }
  if (!found) throw Error("--statistic \"" + word + "\"", wanted.describe() + " is none of the variables", "name it in --variables");
}

void add_pack(const std::string& name, const std::vector<Variable>& variables, OfVariables& out, std::vector<std::string>& notes) {
  const RulePack pack = load_rule_pack(find_config_file(name, "rules", ""));
  for (const InputNeed& need : RuleModel(pack).needs()) {
    if (need.statistic.empty() || need.statistic == "mean" || need.window.count() > 0 || need.quantity == kDirection) continue;
    const std::vector<ZonalStatistic> one = parse_zonal_statistics(need.statistic);
    bool found = false;
    for (std::size_t v = 0; v < variables.size(); ++v) {
      if (variables[v].quantity != need.quantity) continue;
      add(one, out[v]);
      found = true;
    }
    if (!found) notes.push_back(pack.name + " asks for " + need.quantity + " (" + need.statistic + "), which is none of the variables");
  }
}

}  // namespace

void WantedStatistics::add_options(Verb& verb) {
  verb.option("--statistic", words,
              "over townships, besides the mean: max, min, p90, frac>=10.8 (of the canonical unit), parted by commas; of one variable as "
              "\"wind_speed@10 m: max,frac>=10.8\". May be given again");
  verb.option("--for", packs, "rule packs, names or files: the statistics that their rules ask for. May be given again");
}

OfVariables statistics_of(const WantedStatistics& wanted, const std::vector<Variable>& variables, std::vector<std::string>& notes) {
  OfVariables out(variables.size());
  for (const std::string& word : wanted.words) add_word(word, variables, out);
  for (const std::string& pack : wanted.packs) add_pack(pack, variables, out, notes);
  return out;
}

void add_statistics(SeriesLayout& layout, const SeriesLayout& as_forecast, const OfVariables& of_variables) {
  layout.statistics.resize(of_variables.size());
  for (std::size_t v = 0; v < of_variables.size(); ++v) {
    if (layout.of_variable[v] < 0) continue;
    const RegionSeries& mean = as_forecast.series[static_cast<std::size_t>(as_forecast.of_variable[v])];
    for (const ZonalStatistic& s : of_variables[v]) {
      RegionSeries series = mean;
      series.statistic = s.name;
      series.name = name_with_statistic(mean.name, s.name);
      series.long_name = mean.long_name + ", " + s.name + " over the area";
      layout.statistics[v].what.push_back(s);
      layout.statistics[v].series.push_back(layout.series.size());
      layout.series.push_back(std::move(series));
    }
  }
}

}  // namespace guyu::cli
