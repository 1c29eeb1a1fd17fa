#include "cli/evaporation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cli/forecast/wanted.h"
#include "engine/core/error.h"
#include "engine/regrid/apply.h"

namespace guyu::cli {
namespace {

constexpr const char* kPotential = "water_potential_evaporation_amount";
constexpr double kAssumed = 2;  // mm a day: this project's choice, low rather than high, so that soil is rather too wet
constexpr float kNotCovered = std::numeric_limits<float>::quiet_NaN();

}  // namespace

EvaporationArguments::EvaporationArguments() : mm_day(std::nan("")) {}

void EvaporationArguments::add_options(Verb& verb) {
  verb.option("--evaporation", files, "of xinanjiang: grids of water_potential_evaporation_amount; what they do not cover counts as none, and is told");
  verb.option("--evaporation-rate", mm_day, "of xinanjiang: mm a day of potential evaporation instead of grids (2)").between(0.0, 20.0);
}

Evaporation::Evaporation(const EvaporationArguments& a, const Ground& ground) : ground_(ground), out_(ground.grid.ny(), ground.grid.nx()) {
  if (a.files.empty()) {
    assumed_ = std::isnan(a.mm_day), mm_day_ = assumed_ ? kAssumed : a.mm_day;
    return;
  }
  if (!std::isnan(a.mm_day)) throw Error("--evaporation-rate", "is told as well as --evaporation", "give one of them");
  files_ = files_named(a.files);
  ReadRequest request;
  request.quantities = {kPotential};
  std::vector<std::string> problems;
  for (std::size_t f = 0; f < files_.size(); ++f)
    for (FieldPlace& p : list_fields(files_[f], request, problems)) {
      if (p.meta.valid.begin >= p.meta.valid.end)
        throw Error(files_[f], "its potential evaporation has no interval", "give amounts with the bounds of their time (CF: bounds, cell_methods sum)");
      if (!p.meta.member) amounts_.push_back({std::move(p), f});
    }
  if (amounts_.empty())
    throw Error(a.files.front(), std::string("has no ") + kPotential + " without members" + (problems.empty() ? "" : ": " + problems.front()),
                "give grids of potential evaporation, or --evaporation-rate");
  std::stable_sort(amounts_.begin(), amounts_.end(), [](const Amount& x, const Amount& y) { return x.place.meta.valid.begin < y.place.meta.valid.begin; });
}

const Plane& Evaporation::amount(std::size_t k) {
  if (held_ == k) return held_mm_;
  const std::string& path = files_[amounts_[k].file];
  const Field f = reader_for(path).read_at(path, amounts_[k].place);
  held_mm_ = Plane(ground_.grid.ny(), ground_.grid.nx());
  // Coarser than the ground as a rule: between its cells, not in steps.
  if (weights_of_ != f.grid().hash()) weights_ = compute_regrid_weights(f.grid(), ground_.grid, RegridMethod::bilinear), weights_of_ = f.grid().hash();
  apply_weights(weights_, f.view(), {MissingPolicy::renormalise, 0.5}, held_mm_.view());
  held_ = k;
  return held_mm_;
}

const Plane& Evaporation::over(const Interval& time) {
  const auto seconds = static_cast<double>(time.length().count());
  const auto cells = static_cast<double>(ground_.network->order().size());
  given_ += cells * seconds;
  std::fill(out_.values.begin(), out_.values.end(), files_.empty() ? static_cast<float>(mm_day_ * seconds / 86400) : 0.0F);
  if (files_.empty()) return out_;
  TimePoint covered = time.begin;
  for (std::size_t k = 0; k < amounts_.size() && covered < time.end; ++k) {
    const Interval& i = amounts_[k].place.meta.valid;
    if (i.end <= covered) continue;
    if (i.begin > covered) break;
    const TimePoint to = std::min(i.end, time.end);
    const auto part = static_cast<float>(static_cast<double>((to - covered).count()) / static_cast<double>(i.length().count()));
    const Plane& mm = amount(k);
    for (std::size_t c = 0; c < out_.values.size(); ++c) out_.values[c] += part * mm.values[c];
    covered = to;
  }
  if (covered < time.end) std::fill(out_.values.begin(), out_.values.end(), kNotCovered);
  for (const std::int32_t c : ground_.network->order())
    if (std::isnan(out_.values[static_cast<std::size_t>(c)])) missing_ += seconds;
  return out_;
}

std::string Evaporation::told() const {
  if (!files_.empty()) return fmt::format("potential evaporation of {} files", files_.size());
  return fmt::format("potential evaporation {:g} mm a day{}", mm_day_, assumed_ ? " (assumed)" : "");
}

}  // namespace guyu::cli
