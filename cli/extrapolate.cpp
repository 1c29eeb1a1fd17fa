#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/app.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "engine/cycle/observed_rain.h"
#include "engine/motion/optical_flow.h"
#include "engine/nowcast/advection.h"
#include "guyu_version.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"

namespace guyu::cli {
namespace {

constexpr Seconds kMotionSpan{20 * 60};  // older frames say little of the motion now
constexpr Seconds kLongestGap{60 * 60};  // echoes are not the same after it
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

// The frames that show the motion, oldest first. Holds no more than these, however many files are given in whatever order.
class FrameWindow {
 public:
  // Throws Error for another grid than before and for a second rain field of one time: which of them is meant?
  void add(Field rate) {
    if (!frames_.empty() && !(rate.grid() == frames_.back().grid()))
      throw Error(rate.meta.source, "lies on another grid than " + frames_.back().meta.source, "give frames of one radar product");
    const auto earlier = [](const Field& f, TimePoint t) { return f.meta.valid.end < t; };
    const auto place = std::lower_bound(frames_.begin(), frames_.end(), rate.meta.valid.end, earlier);
    if (place != frames_.end() && place->meta.valid.end == rate.meta.valid.end)
      throw Error(rate.meta.source, fmt::format("holds rain for {}, which {} holds already", to_iso(rate.meta.valid.end), place->meta.source),
                  "give one rain field for each time; see guyu inspect");
    frames_.insert(place, std::move(rate));
    while (frames_.size() > 2 && newest().meta.valid.end - frames_.front().meta.valid.end > kMotionSpan) frames_.erase(frames_.begin());
  }
  std::size_t size() const { return frames_.size(); }
  const Field& newest() const { return frames_.back(); }

  Motion motion() const {
    std::vector<FieldView<const float>> views;
    std::vector<TimePoint> times;
    for (const Field& f : frames_) {
      views.push_back(f.view());
      times.push_back(f.meta.valid.end);
    }
    if (const Seconds gap = times.back() - times[times.size() - 2]; gap > kLongestGap)
      throw Error(newest().meta.source, fmt::format("is {} min younger than the frame before: too long to see a motion", gap.count() / 60), "give consecutive frames");
    return estimate_motion(views, times);
  }

 private:
  std::vector<Field> frames_;
};

// A file that states its rain as a rate and as amounts too is taken at its rate.
void read_rain(const std::string& path, FrameWindow& frames, std::vector<std::string>& problems) {
  FileFields file = read_file(path, {{quantities::rainfall_rate().name, quantities::precipitation_amount().name}});
  problems.insert(problems.end(), file.problems.begin(), file.problems.end());
  const auto is_rate = [](const Field& f) { return f.meta.quantity == quantities::rainfall_rate(); };
  if (std::any_of(file.fields.begin(), file.fields.end(), is_rate)) std::erase_if(file.fields, [&](const Field& f) { return !is_rate(f); });
  for (const Field& f : file.fields) frames.add(as_rate(f));
}

int run(const ExtrapolateArguments& a) {
  const std::vector<Seconds> leads = parse_leads(a.leads);
  FrameWindow frames;
  std::vector<std::string> problems;
  for (const std::string& path : a.inputs) read_rain(path, frames, problems);
  for (const std::string& p : problems) fmt::print(stderr, "guyu: {}\n", p);
  if (frames.size() < 2) throw Error(a.inputs.front(), "one frame does not show a motion", "give two to four consecutive frames");
  const Field& newest = frames.newest();
  const TimePoint now = newest.meta.valid.end;
  const Motion motion = frames.motion();
  if (!motion.note.empty()) fmt::print(stderr, "guyu: motion: {}\n", motion.note);

  Provenance from{"rain extrapolated along its motion", kVersion, "", {}, now};
  for (const std::string& path : a.inputs) from.inputs.push_back(path + " " + hash_file(path));
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
  return problems.empty() ? exit_done : exit_degraded;
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
