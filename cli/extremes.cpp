#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "cli/app.h"
#include "cli/csv.h"
#include "cli/forecast/wanted.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/extremes/regional_gev.h"
#include "engine/extremes/window_maxima.h"
#include "ingest/csv_columns.h"
#include "ingest/region_series_reader.h"

namespace guyu::cli {
namespace {

struct ExtremesArguments {
  std::vector<std::string> series;
  std::string table, quantity = "precipitation_amount", name, method = "gev", out, maxima;
  std::vector<double> windows{1, 3, 6, 12, 24}, periods{2, 5, 10, 20, 50};
  double interval_min = 60, least_known = 0.9, share = 0.9, peaks_a_year = 3, separation_h = 48;
  int repeats = 200, region_digits = 0, seed = 1;
  bool alone = false;
};

struct Archive {
  std::vector<std::string> codes;
  std::unique_ptr<WindowMaxima> maxima;
  std::size_t steps = 0;
  std::vector<std::string> problems;
};

WindowMaximaOptions window_options(const ExtremesArguments& a, bool sums) {
  WindowMaximaOptions o;
  if (sums)
    for (const double h : a.windows) o.windows.emplace_back(std::llround(h * 3600));
  // A year may have had more than its share of the largest peaks.
  if (a.method == "gpd") o.peaks_a_year = static_cast<std::size_t>(std::ceil(5 * a.peaks_a_year));
  o.separation = Seconds(std::llround(a.separation_h * 3600));
  return o;
}

// Runs in order of time; of each run the steps before the next one begins.
Archive archive_of_files(const ExtremesArguments& a, const Quantity& quantity) {
  struct Run {
    std::string path;
    TimePoint reference{};
  };
  std::vector<Run> runs;
  Archive archive;
  for (const std::string& path : files_named(a.series)) runs.push_back({path, read_region_series(path, {{{"-", "", {}}}, {}, {}}).reference});
  std::stable_sort(runs.begin(), runs.end(), [](const Run& x, const Run& y) { return x.reference < y.reference; });
  std::unordered_map<std::string, std::size_t> place;
  TimePoint last = TimePoint::min();
  std::vector<float> values;
  const auto take = [&](const RegionSeriesFile& file, TimePoint until) {
    if (file.series.empty()) return;
    if (!archive.maxima) {
      archive.codes = file.codes;
      archive.maxima = std::make_unique<WindowMaxima>(archive.codes.size(), window_options(a, is_amount(quantity)));
      for (std::size_t r = 0; r < archive.codes.size(); ++r) place.emplace(archive.codes[r], r);
    }
    std::size_t strange = 0;
    for (const std::string& code : file.codes) strange += place.count(code) ? 0 : 1;
    if (strange > 0) archive.problems.push_back(fmt::format("{}: {} regions are not in the archive's first file", file.path, strange));
    for (const SeriesPiece& p : file.series.front().pieces) {
      const bool instant = p.interval.begin == p.interval.end;
      if (p.interval.begin >= until || (instant ? p.interval.end <= last : p.interval.begin < last)) continue;
      values.assign(archive.codes.size(), std::nanf(""));
      for (std::size_t k = 0; k < file.codes.size(); ++k)
        if (const auto at = place.find(file.codes[k]); at != place.end()) values[at->second] = p.values[k];
      archive.maxima->add(p.interval, values);
      last = p.interval.end;
      ++archive.steps;
    }
  };
  std::optional<RegionSeriesFile> held;
  for (const Run& run : runs) {
    RegionSeriesFile next = read_region_series(run.path, {{{quantity.name, "mean"}}, {}, {}});
    if (next.series.empty() || next.series.front().pieces.empty()) {
      archive.problems.push_back(run.path + ": holds no " + quantity.name);
      continue;
    }
    if (held) take(*held, next.series.front().pieces.front().interval.begin);
    held = std::move(next);
  }
  if (held) take(*held, TimePoint::max());
  if (!archive.maxima) throw Error(a.series.empty() ? "--series" : a.series.front(), "gives no " + quantity.name, "give files that guyu forecast has written");
  return archive;
}

// A number of the quantity's own range; NaN for what is no value, which counts as strange unless it is the usual sign of a missing one.
float value_of(const std::string& text, const Quantity& quantity, bool& strange) {
  char* end = nullptr;
  const double v = std::strtod(text.c_str(), &end);
  const bool number = !text.empty() && *end == '\0' && std::isfinite(v);
  strange = number ? v < quantity.plausible_min || v > quantity.plausible_max : !text.empty() && text != "NA" && !(*end == '\0' && std::isnan(v));
  return number && !strange ? static_cast<float>(v) : std::nanf("");
}

Archive archive_of_table(const ExtremesArguments& a, const Quantity& of, bool sums) {
  std::ifstream in(a.table);
  if (!in) throw Error(a.table, "cannot be read", "give a CSV file with the columns code, time, value");
  std::string line;
  std::getline(in, line);
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  std::vector<std::string> heading = csv_fields(line, ',');
  const auto column = [&](std::initializer_list<const char*> names) {
    for (std::size_t k = 0; k < heading.size(); ++k)
      for (const char* n : names)
        if (heading[k] == n) return static_cast<std::ptrdiff_t>(k);
    return std::ptrdiff_t{-1};
  };
  const std::ptrdiff_t code = column({"code"}), time = column({"time", "end"}), begin = column({"begin"}), value = column({"value"}),
                       quantity = column({"quantity"});
  if (code < 0 || time < 0 || value < 0) throw Error(a.table, "lacks one of the columns code, time, value", "its columns are " + line);
  struct Row {
    TimePoint begin, end;
    std::uint32_t region;
    float value;
    std::size_t line;
  };
  Archive archive;
  std::unordered_map<std::string, std::uint32_t> place;
  std::vector<Row> rows;
  std::size_t number = 1, bad = 0, strange = 0, first_strange = 0;
  const Seconds step(std::llround(60 * a.interval_min));
  while (std::getline(in, line)) {
    ++number;
    if (line.empty() || line == "\r") continue;
    const std::vector<std::string> f = csv_fields(line, ',');
    if (f.size() <= static_cast<std::size_t>(std::max({code, time, value, begin, quantity}))) {
      ++bad;
      continue;
    }
    if (quantity >= 0 && f[static_cast<std::size_t>(quantity)] != a.quantity) continue;
    Row row{};
    try {
      row.end = parse_time(f[static_cast<std::size_t>(time)]);
      row.begin = begin >= 0 ? parse_time(f[static_cast<std::size_t>(begin)]) : sums ? row.end - step : row.end;
    } catch (const Error& e) {
      throw Error(fmt::format("{}:{}", a.table, number), e.reason(), "write times as 2019-06-10T00:10:00Z");
    }
    const std::string& text = f[static_cast<std::size_t>(value)];
    bool odd = false;
    row.value = value_of(text, of, odd), row.line = number;
    if (odd && ++strange == 1) first_strange = number;
    const auto [at, fresh] = place.emplace(f[static_cast<std::size_t>(code)], static_cast<std::uint32_t>(archive.codes.size()));
    if (fresh) archive.codes.push_back(at->first);
    row.region = at->second;
    rows.push_back(row);
  }
  if (bad > 0) archive.problems.push_back(fmt::format("{}: {} lines have too few fields", a.table, bad));
  if (strange > 0)
    archive.problems.push_back(fmt::format("{}:{}: no value of {} ({:g} to {:g} {}) here and in {} lines in all: missing there", a.table, first_strange,
                                           of.name, of.plausible_min, of.plausible_max, of.unit, strange));
  if (rows.empty()) throw Error(a.table, "has no row of " + a.quantity, "give lines of code,time,value");
  std::stable_sort(rows.begin(), rows.end(), [](const Row& x, const Row& y) { return x.end != y.end ? x.end < y.end : x.begin < y.begin; });
  archive.maxima = std::make_unique<WindowMaxima>(archive.codes.size(), window_options(a, sums));
  std::vector<float> values;
  std::vector<std::size_t> told(archive.codes.size(), 0);  // number of the step that a region was told last
  for (std::size_t k = 0; k < rows.size();) {
    const Row& first = rows[k];
    values.assign(archive.codes.size(), std::nanf(""));
    for (; k < rows.size() && rows[k].end == first.end && rows[k].begin == first.begin; ++k) {
      if (told[rows[k].region] == archive.steps + 1)
        throw Error(fmt::format("{}:{}", a.table, rows[k].line), archive.codes[rows[k].region] + " at " + to_iso(first.end) + " is told twice",
                    "leave one line for a region and time; of members, levels or runs choose one");
      values[rows[k].region] = rows[k].value, told[rows[k].region] = archive.steps + 1;
    }
    try {
      archive.maxima->add({first.begin, first.end}, values);
    } catch (const Error& e) {
      throw Error(fmt::format("{}:{}", a.table, first.line), e.reason(), "give all regions the same steps, one after the other");
    }
    ++archive.steps;
  }
  return archive;
}

std::string hours_text(double h) { return fmt::format("{:g}h", h); }

// Levels by region of one window.
std::vector<SiteLevels> levels_of_window(const ExtremesArguments& a, const Archive& archive, std::size_t window) {
  const WindowMaxima& m = *archive.maxima;
  const std::size_t n = archive.codes.size();
  std::vector<SiteLevels> out(n);
  if (a.method == "gpd") {
    for (std::size_t r = 0; r < n; ++r)
      out[r] = peak_levels(archive.codes[r], m.peaks(window, r), m.known_years(window, r), a.peaks_a_year, a.periods, a.share,
                           static_cast<std::size_t>(a.repeats), static_cast<std::uint64_t>(a.seed));
    return out;
  }
  std::map<std::string, std::vector<std::size_t>> regions;
  for (std::size_t r = 0; r < n; ++r) regions[archive.codes[r].substr(0, static_cast<std::size_t>(a.region_digits))].push_back(r);
  RegionalOptions options;
  options.share_growth = !a.alone;
  options.seed = static_cast<std::uint64_t>(a.seed);
  for (const auto& [prefix, members] : regions) {
    std::vector<SiteRecord> sites;
    for (const std::size_t r : members) {
      SiteRecord site{archive.codes[r], {}};
      for (std::size_t y = 0; y < m.years().size(); ++y) site.maxima.push_back(m.largest(window, y, r, a.least_known));
      sites.push_back(std::move(site));
    }
    std::vector<SiteLevels> levels = regional_levels(sites, a.periods, a.share, static_cast<std::size_t>(a.repeats), options);
    for (std::size_t k = 0; k < members.size(); ++k) out[members[k]] = std::move(levels[k]);
  }
  return out;
}

std::string rounded(double v) { return std::isfinite(v) ? fmt::format("{:.4g}", v) : ""; }

int run(const ExtremesArguments& a) {
  const Quantity* quantity = find_quantity(a.quantity);
  if (!quantity) throw Error("--quantity", "there is no quantity '" + a.quantity + "'", "guyu rules quantities lists them");
  if (a.series.empty() == a.table.empty()) throw Error("extremes", "the archive is not told", "give --series FILES or --table FILE");
  const bool sums = is_amount(*quantity);
  ExtremesArguments args = a;
  std::sort(args.windows.begin(), args.windows.end());
  for (const double w : args.windows)
    if (!(w > 0)) throw Error("--windows", fmt::format("{:g} hours are no window", w), "give hours above 0, e.g. 1,3,6,12,24");
  for (const double p : args.periods)
    if (!(p > 1)) throw Error("--periods", fmt::format("{:g} years are no return period", p), "give years above 1, e.g. 2,5,10,20,50");
  const std::string name = !a.name.empty() ? a.name : a.quantity == "precipitation_amount" ? "rain" : a.quantity;
  Archive archive = a.table.empty() ? archive_of_files(args, *quantity) : archive_of_table(args, *quantity, sums);
  archive.maxima->finish();
  const WindowMaxima& m = *archive.maxima;

  std::string heading = "code";
  std::vector<std::string> lines;
  for (const std::string& code : archive.codes) lines.push_back(csv_text(code));
  std::string maxima = "code,window,year,largest,known\n";
  std::size_t empty = 0;
  std::map<std::string, std::size_t> reasons;
  for (std::size_t w = 0; w < m.windows(); ++w) {
    const std::string stem = name + "_" + (sums ? hours_text(args.windows[w]) : "max");
    heading += fmt::format(",{}_years [year],{}_own_share", stem, stem);
    for (const double p : args.periods)
      for (const char* end : {"", "_low", "_high"}) heading += fmt::format(",{}_{:g}yr{} [{}]", stem, p, end, quantity->unit);
    const std::vector<SiteLevels> levels = levels_of_window(args, archive, w);
    for (std::size_t r = 0; r < levels.size(); ++r) {
      lines[r] += fmt::format(",{},{}", levels[r].years, levels[r].levels.empty() ? "" : fmt::format("{:.2f}", levels[r].own_share));
      for (std::size_t p = 0; p < args.periods.size(); ++p) {
        if (levels[r].levels.empty()) lines[r] += ",,,";
        else lines[r] += "," + rounded(levels[r].levels[p].value) + "," + rounded(levels[r].levels[p].low) + "," + rounded(levels[r].levels[p].high);
      }
      if (levels[r].levels.empty()) ++empty, ++reasons[stem + ": " + levels[r].why];
      for (std::size_t y = 0; y < m.years().size() && !a.maxima.empty(); ++y)
        maxima += fmt::format("{},{},{},{},{}\n", csv_text(archive.codes[r]), stem, m.years()[y], rounded(m.largest(w, y, r, 0)),
                              std::isnan(m.largest(w, y, r, args.least_known)) ? 0 : 1);
    }
  }
  std::string table = heading + "\n";
  for (const std::string& line : lines) table += line + "\n";
  write_file_atomically(a.out, table);
  if (!a.maxima.empty()) write_file_atomically(a.maxima, maxima);
  for (const std::string& p : archive.problems) fmt::print(stderr, "guyu: {}\n", p);
  fmt::print("{}: {} regions, {} steps in {} calendar years\n", a.out, archive.codes.size(), archive.steps, m.years().size());
  for (const auto& [why, count] : reasons) fmt::print("  {} regions have no level of {}\n", count, why);
  return archive.problems.empty() && empty == 0 ? exit_done : exit_degraded;
}

}  // namespace

void add_extremes(Verb& guyu) {
  Verb verb = guyu.verb("extremes", "return levels of each township from an archive of township series, as attributes for rules");
  auto a = std::make_shared<ExtremesArguments>();
  verb.option("--series", a->series,
              "township series that guyu forecast has written: files, folders or quoted patterns; of each run the steps before the next one");
  verb.option("--table", a->table, "instead: CSV with the columns code, time (the end), value and, where steps differ, begin");
  verb.option("--interval", a->interval_min, "minutes that a value of --table is the amount of, when it has no column begin")
      .shows_default()
      .between(1.0, 1440.0);
  verb.option("--quantity", a->quantity, "what of; amounts are summed over windows, of others the values' maxima are taken").shows_default();
  verb.option("--as", a->name, "beginning of the columns' names; rain for precipitation_amount, else the quantity's name");
  verb.option("--windows", a->windows, "hours, parted by commas (1,3,6,12,24)").parted_by(',').words(1, 24);
  verb.option("--periods", a->periods, "years, parted by commas (2,5,10,20,50)").parted_by(',').words(1, 24);
  verb.option("--method", a->method, "gev: annual maxima with a growth curve shared by the region; gpd: peaks over a threshold, each region by itself")
      .shows_default()
      .one_of({"gev", "gpd"});
  verb.option("--region-digits", a->region_digits, "regions whose codes share so many first digits share their growth curve; 0: all do")
      .shows_default()
      .between(0, 64);
  verb.flag("--alone", a->alone, "no shared growth curve: each region by its own years, at least ten");
  verb.option("--least-known", a->least_known, "share of a year that must be known for its maximum to count").shows_default().between(0.0, 1.0);
  verb.option("--peaks", a->peaks_a_year, "gpd: peaks a year").shows_default().between(0.5, 20.0);
  verb.option("--separation", a->separation_h, "gpd: hours between peaks").shows_default().between(0.0, 1000.0);
  verb.option("--share", a->share, "chance that the bounds hold the level").shows_default().between(0.1, 0.999);
  verb.option("--repeats", a->repeats, "samples of the bootstrap; below 20: no bounds").shows_default().between(0, 100000);
  verb.option("--seed", a->seed, "of the random numbers").shows_default();
  verb.option("--maxima", a->maxima, "CSV file to write the annual maxima to");
  verb.option("--out", a->out, "CSV file to write: a cycle reads it as [regions] attribute_tables").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
