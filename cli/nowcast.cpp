#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>

#include "cli/app.h"
#include "cli/ensemble/member_team.h"
#include "cli/ensemble/plane_order.h"
#include "cli/rain_frames.h"
#include "cli/verb.h"
#include "cli/verify/inputs.h"
#include "engine/core/error.h"
#include "engine/nowcast/advection.h"
#include "engine/nowcast/ensemble.h"
#include "engine/nowcast/exceedance.h"
#include "engine/nowcast/region_ensemble.h"
#include "engine/regrid/cell_size.h"
#include "guyu_version.h"
#include "products/grid_netcdf.h"
#include "products/region_ensemble_netcdf.h"

namespace guyu::cli {
namespace {

struct NowcastArguments {
  std::vector<std::string> inputs, forecast;
  std::string out, table, thresholds = "1,5,10,20,50", windows, exceedance, cache;
  std::uint64_t seed = 1;
  std::string matching = "cdf";
  int step_min = 5;
  bool without_members = false, sprog = false, forecast_arrived = false;
  RegionSource regions;
  EnsembleOptions ensemble;
};

std::vector<float> parse_numbers(const std::string& option, const std::string& text) {
  std::vector<float> numbers;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    float x = 0;
    const auto [rest, error] = std::from_chars(text.data() + at, text.data() + end, x);
    if (error != std::errc() || rest != text.data() + end || !(x > 0) || !std::isfinite(x))
      throw Error(option, "'" + text.substr(at, end - at) + "' is no positive number", "give numbers parted by commas: 1,5,10");
    numbers.push_back(x);
    at = end + 1;
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// Windows in minutes; none given: 30 and 60 min and the whole lead, as far as they fit.
std::vector<Seconds> windows_of(const NowcastArguments& a, Seconds lead) {
  std::vector<Seconds> windows;
  for (const float minutes : parse_numbers("--windows", a.windows)) {
    if (double{minutes} * 60 > static_cast<double>(lead.count()))
      throw Error("--windows", fmt::format("{:g} min is longer than the nowcast of {} min", minutes, lead.count() / 60), "raise --leads");
    windows.emplace_back(std::llround(double{minutes} * 60));
    if (windows.back() < Seconds(1))
      throw Error("--windows", fmt::format("{:g} min is shorter than a second", minutes), "give minutes parted by commas: 30,60");
  }
  if (a.windows.empty()) windows = {Seconds(1800), Seconds(3600), lead};
  std::erase_if(windows, [&](Seconds w) { return w > lead; });
  std::sort(windows.begin(), windows.end());
  windows.erase(std::unique(windows.begin(), windows.end()), windows.end());
  return windows;
}

// The regions' part of a nowcast, when regions were given.
struct RegionPart {
  RegionSet regions;
  ZonalWeights weights;
  std::optional<RegionEnsemble> ensemble;

  RegionPart(const NowcastArguments& a, const Field& newest, int members) : regions(read_regions(a.regions)) {
    for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);
    weights = load_or_compute_zonal_weights(a.cache, newest.grid(), regions);
    ensemble.emplace(weights, newest.view(), members, a.ensemble.steps, a.ensemble.cascade.step);
  }
  void write(const NowcastArguments& a, const Provenance& from) const {
    static const std::vector<float> quantiles{0.1F, 0.25F, 0.5F, 0.75F, 0.9F};
    std::vector<RegionProbability> windows;
    for (const Seconds w : windows_of(a, a.ensemble.steps * a.ensemble.cascade.step))
      windows.push_back(region_probability(*ensemble, w, parse_numbers("--thresholds", a.thresholds), quantiles));
    std::filesystem::path path = a.table;
    if (path.empty()) path = std::filesystem::path(a.out).replace_extension("").string() + "_regions.nc";
    write_region_ensemble_netcdf(path.string(), regions, *ensemble, windows, from);
  }
};

// The deterministic nowcast goes the same way as a member: carried along, nothing else. What a forecast can tell is not guessed at.
void run_deterministic(const RainFrames& frames, const Motion& motion, const EnsembleOptions& o, bool with_forecast, const EnsembleSink& sink) {
  Extrapolator extrapolator(frames.newest().view(), motion);
  if (!with_forecast && o.motion.scale > 0) extrapolator.look_beyond(o.motion);
  Field ahead(frames.newest().grid(), frames.newest().meta);
  for (int s = 1; s <= o.steps; ++s) {
    extrapolator.step_to(s * o.cascade.step, ahead.view());
    sink(0, s, std::as_const(ahead).view());
  }
}

// The files that --forecast names.
std::vector<std::string> forecast_files(const NowcastArguments& a, std::vector<std::string>& problems) {
  std::vector<std::string> files;
  for (const std::string& word : a.forecast) {
    try {
      for (const std::string& f : verify::named_files(word)) files.push_back(f);
    } catch (const Error& e) {  // the nowcast stands alone then
      fmt::print(stderr, "guyu: forecast: {}\n", e.what());
      problems.push_back(e.what());
    }
  }
  return files;
}

int run(NowcastArguments a, MemberTeam& team) {
  EnsembleOptions& o = a.ensemble;
  o.seed = a.seed;
  o.matching = a.matching == "none" ? Matching::none : a.matching == "mean" ? Matching::mean : Matching::cdf;
  o.cascade.step = Seconds(60 * a.step_min);
  const RainFrames frames = RainFrames::read(a.inputs, 1);
  const Field& newest = frames.newest();
  const TimePoint now = newest.meta.valid.end;
  o.motion.cell_km = cell_size_km(newest.grid());
  const Motion motion = frames.motion();
  if (!motion.note.empty()) fmt::print(stderr, "guyu: motion: {}\n", motion.note);

  const bool deterministic = o.members == 0;
  const int members = std::max(o.members, 1);
  const Provenance from{deterministic ? "rain extrapolated along its motion" : fmt::format("ensemble nowcast of rain, {} members, seed {}", members, o.seed),
                        kVersion, "", hashed(a.inputs), now};
  GridNetcdfWriter writer(a.out, newest.grid(), from);
  std::vector<Interval> times;
  for (int s = 1; s <= o.steps; ++s) times.push_back({now + s * o.cascade.step, now + s * o.cascade.step});
  const auto variable = [&](const std::string& name, const std::string& long_name, const Quantity& quantity, int axis) {
    return writer.add({name, long_name, quantity, TimeKind::instant, times, "surface", axis});
  };
  std::optional<std::size_t> rate, mean;
  if (!a.without_members)
    rate = variable("rainfall_rate", deterministic ? "rain rate extrapolated along the motion of the echoes" : "rain rate, possible futures",
                    quantities::rainfall_rate(), members);
  if (a.sprog) mean = variable("rainfall_rate_sprog", "rain rate with each scale fading as fast as it is forgotten", quantities::rainfall_rate(), 0);
  const std::vector<float> thresholds = parse_numbers("--exceedance", a.exceedance);
  std::vector<std::size_t> chance;
  for (const float t : thresholds)
    chance.push_back(variable(fmt::format("probability_rainfall_rate_{:g}", t), fmt::format("probability that the rain rate reaches {:g} mm h-1", t),
                              {"probability", "1"}, 0));
  std::optional<Exceedance> exceedance;
  if (!thresholds.empty()) exceedance.emplace(newest.grid().ny(), newest.grid().nx(), o.steps, thresholds);
  std::optional<RegionPart> regions;
  if (!a.regions.path.empty()) regions.emplace(a, newest, members);

  std::vector<std::string> problems = frames.problems();
  MemberTask task;
  task.frames = frames.fields();
  task.times = frames.times();
  task.motion = motion;
  task.options = o;
  task.forecast_files = forecast_files(a, problems);
  task.forecast_arrived = a.forecast_arrived;
  task.planes = rate || exceedance;
  if (regions) task.weights = regions->weights;
  TaskBlend blend = read_blend(task);
  for (const std::string& n : blend.notes) fmt::print(stderr, "guyu: forecast: {}\n", n);
  for (const std::string& p : blend.problems) fmt::print(stderr, "guyu: {}\n", p);
  problems.insert(problems.end(), blend.problems.begin(), blend.problems.end());

  PlaneOrder in_order(o.steps, newest.grid().ny(), newest.grid().nx(), a.out,
                      [&](int m, int s, FieldView<const float> p) { writer.write(*rate, static_cast<std::size_t>(s - 1), p, static_cast<std::size_t>(m)); });
  const auto take_plane = [&](int m, int s, FieldView<const float> p) {
    if (rate) in_order.take(m, s, p);
    if (exceedance) exceedance->add(s, p);
  };
  if (deterministic) {
    run_deterministic(frames, motion, o, blend.blend.has_value(), [&](int m, int s, FieldView<const float> p) {
      if (blend.blend) p = (*blend.blend)(m, s, p);
      take_plane(m, s, p);
      if (regions) regions->ensemble->add(m, s, p);
    });
  } else {
    std::vector<int> all(static_cast<std::size_t>(members));
    std::iota(all.begin(), all.end(), 0);
    MemberTaker taker;
    taker.plane = take_plane;
    taker.table = [&](int m, MemberTable&& t) {
      if (regions) regions->ensemble->put(m, t.rates, t.coverages);
    };
    const TeamWork work = team.make(task, blend, team.size() > 1 ? member_key(task, blend) : "", all, taker);
    for (const std::string& p : work.problems) fmt::print(stderr, "guyu: {}\n", p);
  }
  Field plane(newest.grid(), newest.meta);
  if (mean)
    run_sprog(frames.views(), frames.times(), motion, o,
              [&](int, int s, FieldView<const float> p) { writer.write(*mean, static_cast<std::size_t>(s - 1), p); });
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    for (int s = 1; s <= o.steps; ++s) {
      exceedance->probability(k, s, members, plane.view());
      writer.write(chance[k], static_cast<std::size_t>(s - 1), std::as_const(plane).view());
    }
  }
  writer.close();
  if (regions) regions->write(a, from);
  return problems.empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_nowcast(Verb& guyu, Comm& comm) {
  Verb verb = guyu.verb("nowcast", "an ensemble of possible futures of the rain, from a few radar frames");
  auto a = std::make_shared<NowcastArguments>();
  EnsembleOptions& o = a->ensemble;
  verb.option("--input", a->inputs, "frames of any known format; three or four consecutive ones serve best").required();
  verb.option("--forecast", a->forecast,
              "forecast files, folders or patterns: the members go on as this forecast, scale by scale, as its skill grows over theirs");
  verb.flag("--forecast-arrived", a->forecast_arrived, "use only what had arrived at the newest frame's time (FILE.arrival, else the file's time)");
  verb.option("--members", o.members, "members; 0: the deterministic extrapolation").between(0, 1000);
  verb.option("--seed", a->seed, "of the random numbers; the same seed gives the same members");
  verb.option("--step", a->step_min, "minutes between steps").between(1, 60);
  verb.option("--leads", o.steps, "number of steps").between(1, 1440);
  verb.option("--out", a->out, "NetCDF file: rainfall_rate(member, time, y, x) in mm/h on the input grid").required();
  verb.flag("--no-members", a->without_members, "leave the members' grids out of --out");
  verb.flag("--sprog", a->sprog, "add rainfall_rate_sprog(time, y, x), the S-PROG mean");
  verb.option("--exceedance", a->exceedance, "rates in mm/h, parted by commas: add the probability that each is reached");
  Option regions = verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON: add a table of the regions");
  Option code = verb.option("--code", a->regions.code_column, "column with the regions' codes").needs(regions);
  regions.needs(code);
  verb.option("--name", a->regions.name_column, "column with the regions' names");
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  verb.option("--table", a->table, "the regions' NetCDF file; without it <out>_regions.nc");
  verb.option("--windows", a->windows, "minutes, parted by commas: rain adds up over windows of these lengths");
  verb.option("--thresholds", a->thresholds, "mm, parted by commas: amounts whose probability is told for each window");
  verb.option("--cache", a->cache, "folder that keeps the regions' weights between calls");
  verb.option("--scales", o.cascade.scales, "number of scales").between(1, 16);
  verb.option("--matching", a->matching, "what members share with the newest frame: none, mean (rate) or cdf (all rates)").one_of({"none", "mean", "cdf"});
  verb.option("--locality", o.cascade.locality, "1: noise as strong as the rain around varies, 0: the same everywhere").between(0.0, 1.0);
  verb.option("--motion-spread", o.motion.scale, "times the error of the motion in Bowler and others (2006), 1.3 without it; 0: all members move alike")
      .between(0.0, 10.0);
  verb.option("--lagged", o.lagged, "of the members, so many start from the frame before the newest").between(0, 1000);
  verb.option("--trend", o.cascade.trend, "growth and decay of the last step go on by this share").between(0.0, 1.0);
  verb.action([a, &comm]() -> int {
    if (comm.rank() > 0) return serve_members(comm), exit_done;
    MemberTeam team(comm);
    return run(*a, team);
  });
}

}  // namespace guyu::cli
