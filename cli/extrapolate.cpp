#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/app.h"
#include "cli/rain_frames.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "engine/nowcast/advection.h"
#include "engine/regrid/cell_size.h"
#include "guyu_version.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {

constexpr int kLongestLead_min = 1440;

struct ExtrapolateArguments {
  std::vector<std::string> inputs;
  std::string leads = "15,30,45,60", out;
  MotionSpread spread;
};

std::vector<Seconds> parse_leads(const std::string& text) {
  std::vector<Seconds> leads;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    int minutes = 0;
    const auto [rest, error] = std::from_chars(text.data() + at, text.data() + end, minutes);
    if (error != std::errc() || rest != text.data() + end || minutes < 1 || minutes > kLongestLead_min)
      throw Error("--leads", "'" + text.substr(at, end - at) + "' is no lead",
                  fmt::format("give whole minutes from 1 to {}, parted by commas: 15,30,60", kLongestLead_min));
    leads.emplace_back(minutes * 60);
    at = end + 1;
  }
  std::sort(leads.begin(), leads.end());
  leads.erase(std::unique(leads.begin(), leads.end()), leads.end());
  return leads;
}

int run(ExtrapolateArguments a) {
  const std::vector<Seconds> leads = parse_leads(a.leads);
  const RainFrames frames = RainFrames::read(a.inputs);
  const Field& newest = frames.newest();
  const TimePoint now = newest.meta.valid.end;
  const Motion motion = frames.motion();
  if (!motion.note.empty()) fmt::print(stderr, "guyu: motion: {}\n", motion.note);

  Provenance from{"rain extrapolated along its motion", kVersion, "", hashed(a.inputs), now};
  GridNetcdfWriter writer(a.out, newest.grid(), from);
  GridVariable rate{"rainfall_rate", "rain rate extrapolated along the motion of the echoes", quantities::rainfall_rate(), TimeKind::instant, {}, "surface"};
  for (const Seconds lead : leads) rate.times.push_back({now + lead, now + lead});
  const std::size_t variable = writer.add(rate);
  Extrapolator extrapolator(newest.view(), motion);
  a.spread.cell_km = cell_size_km(newest.grid());
  if (a.spread.scale > 0) extrapolator.look_beyond(a.spread);
  Field ahead(newest.grid(), newest.meta);
  for (std::size_t k = 0; k < leads.size(); ++k) {
    extrapolator.step_to(leads[k], ahead.view());
    writer.write(variable, k, std::as_const(ahead).view());
  }
  writer.close();
  return frames.problems().empty() ? exit_done : exit_degraded;
}

}  // namespace

void add_extrapolate(Verb& guyu) {
  Verb verb = guyu.verb("extrapolate", "carry the newest radar frame along the motion of its echoes");
  auto a = std::make_shared<ExtrapolateArguments>();
  verb.option("--input", a->inputs, "two or more frames of any known format").required();
  verb.option("--leads", a->leads, "minutes after the newest frame, parted by commas");
  verb.option("--motion-spread", a->spread.scale,
              "times the error of the motion in Bowler and others (2006), 1.3 without it: so far beyond the view rain is continued; 0: only what was seen")
      .between(0.0, 10.0);
  verb.option("--out", a->out, "NetCDF file: rainfall_rate(time, y, x) in mm/h on the input grid").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
