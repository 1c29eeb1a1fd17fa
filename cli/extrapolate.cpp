#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/app.h"
#include "engine/core/error.h"
#include "engine/cycle/observed_rain.h"
#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "guyu_version.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {

constexpr Seconds kMotionSpan{20 * 60};  // older frames say little of the motion now
constexpr int kLongestLead_min = 1440;

struct ExtrapolateArguments {
  std::vector<std::string> inputs;
  std::string leads = "15,30,45,60", out;
};

std::vector<Seconds> parse_leads(const std::string& text) {
  std::vector<Seconds> leads;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    int minutes = 0;
    const auto [rest, error] = std::from_chars(text.data() + at, text.data() + end, minutes);
    if (error != std::errc() || rest != text.data() + end || minutes < 1 || minutes > kLongestLead_min)
      throw Error("--leads", "'" + text.substr(at, end - at) + "' is no lead", fmt::format("give whole minutes from 1 to {}, parted by commas: 15,30,60", kLongestLead_min));
    leads.emplace_back(minutes * 60);
    at = end + 1;
  }
  std::sort(leads.begin(), leads.end());
  leads.erase(std::unique(leads.begin(), leads.end()), leads.end());
  return leads;
}

// Every rain field of the files as a rate, oldest first; of one time the one that stands last.
std::vector<Field> read_rates(const std::vector<std::string>& paths) {
  std::vector<Field> rates;
  for (const std::string& path : paths) {
    const std::size_t before = rates.size();
    for (const Field& f : read_file(path, {{quantities::rainfall_rate().name, quantities::precipitation_amount().name}}).fields) rates.push_back(as_rate(f));
    if (rates.size() == before) throw Error(path, "holds no rain", "give files with rainfall_rate or precipitation_amount; see guyu inspect");
  }
  std::stable_sort(rates.begin(), rates.end(), [](const Field& a, const Field& b) { return a.meta.valid.end < b.meta.valid.end; });
  std::vector<Field> single;
  for (Field& f : rates) {
    if (!single.empty() && single.back().meta.valid.end == f.meta.valid.end) single.back() = std::move(f);
    else single.push_back(std::move(f));
  }
  return single;
}

int run(const ExtrapolateArguments& a) {
  const std::vector<Seconds> leads = parse_leads(a.leads);
  std::vector<Field> frames = read_rates(a.inputs);
  if (frames.size() < 2) throw Error(a.inputs.front(), "one frame does not show a motion", "give two to four consecutive frames");
  const Field& newest = frames.back();
  const TimePoint now = newest.meta.valid.end;
  std::vector<FieldView<const float>> views;
  std::vector<TimePoint> times;
  for (const Field& f : frames) {
    if (!(f.grid() == newest.grid())) throw Error(f.meta.source, "lies on another grid than " + newest.meta.source, "give frames of one radar product");
    if (now - f.meta.valid.end > kMotionSpan && &f != &frames[frames.size() - 2]) continue;  // but never fewer than two
    views.push_back(f.view());
    times.push_back(f.meta.valid.end);
  }
  const Motion motion = estimate_motion(views, times);
  if (!motion.note.empty()) fmt::print(stderr, "guyu: motion: {}\n", motion.note);

  Provenance from{"rain extrapolated along its motion", kVersion, "", {}, now};
  for (const std::string& path : a.inputs) from.inputs.push_back(path);
  GridNetcdfWriter writer(a.out, newest.grid(), from);
  GridVariable rate{"rainfall_rate", "rain rate extrapolated along the motion of the echoes", quantities::rainfall_rate(), TimeKind::instant, {}, "surface"};
  for (const Seconds lead : leads) rate.times.push_back({now + lead, now + lead});
  const std::size_t variable = writer.add(rate);
  Extrapolator extrapolator(newest.view(), motion);
  Field ahead(newest.grid(), newest.meta);
  for (std::size_t k = 0; k < leads.size(); ++k) {
    extrapolator.step_to(leads[k], ahead.view());
    writer.write(variable, k, std::as_const(ahead).view());
  }
  writer.close();
  return exit_done;
}

}  // namespace

void add_extrapolate(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("extrapolate", "carry the newest radar frame along the motion of its echoes");
  auto a = std::make_shared<ExtrapolateArguments>();
  verb->add_option("--input", a->inputs, "two or more frames of any known format")->required();
  verb->add_option("--leads", a->leads, "minutes after the newest frame, parted by commas");
  verb->add_option("--out", a->out, "NetCDF file: rainfall_rate(time, y, x) in mm/h on the input grid")->required();
  verb->callback([&action, a] { action = [a] { return run(*a); }; });
}

}  // namespace guyu::cli
