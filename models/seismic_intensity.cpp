// Shaking of an earthquake that has happened, as township intensity: a rapid report and no early warning.
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/models.h"

namespace guyu {
namespace {

constexpr float kNotFelt = 1, kStrongest = 12;

class SeismicIntensity final : public SeriesModel {
 public:
  const ModelInfo& info() const override {
    static const ModelInfo info{
        "seismic_intensity",
        "Shaking of the newest earthquakes by township",
        "attenuation relations of Wang and others (2000), or those behind GB 18306-2015 (engine/seismic); scale of GB/T 17742",
        {{"earthquake_intensity", "", {}}, {"earthquake_age", "", {}}},
        {{"site_intensity_increment", "", {}}},
        {{"stands", ParamType::duration, "So long after the earthquake its shaking is told; then nothing is known any more", "6 h", "", 600, 7 * 86400}},
        "seismic_intensity",
        "mean",
        {},
        "earthquake_intensity",
        false,
        "shaking"};
    return info;
  }

  Result compute(const HazardInputs& in, const ModelParams& params, const ModelState&) const override {
    Result result{{*find_quantity(info().quantity), info().statistic, TimeKind::instant, {}, {}, in.issue}, {}, {}};
    const RegionAttribute *intensity = in.find_attribute("earthquake_intensity"), *age = in.find_attribute("earthquake_age"),
                          *site = in.find_attribute("site_intensity_increment");
    if (!intensity || !age) return result;
    float hours = std::numeric_limits<float>::quiet_NaN();  // the same in all regions that know it
    for (const float h : age->values)
      if (!std::isnan(h) && !(h >= hours)) hours = h;
    if (!(hours >= 0)) return result;
    const TimePoint origin = in.issue - Seconds(std::llround(3600 * double{hours})), end = origin + Seconds(std::llround(params.at("stands")));
    if (end <= in.issue) {
      result.notes.push_back("the newest earthquake, of " + to_iso(origin) + ", is too old to be told");
      return result;
    }
    SeriesPiece felt{{in.issue, end}, Origin::extrapolated, {}, {}, {}};
    for (std::size_t r = 0; r < in.regions; ++r) {
      const float more = site && !std::isnan(site->values[r]) ? site->values[r] : 0.0F;  // average ground where the site is not known
      const float v = std::isnan(age->values[r]) ? age->values[r] : intensity->values[r] + more;
      felt.values.push_back(std::isnan(v) ? v : std::clamp(v, kNotFelt, kStrongest));
      felt.coverage.push_back(std::isnan(v) ? 0.0F : 1.0F);
    }
    if (origin < in.issue) {
      result.series.pieces.push_back(felt);
      result.series.pieces.back().interval = {origin, in.issue};
      result.series.pieces.back().origin = Origin::observed;
    }
    result.series.pieces.push_back(std::move(felt));
    result.series.observed_to = origin, result.series.horizon = end;
    return result;
  }
};

}  // namespace

const SeriesModel& seismic_intensity_model() {
  static const SeismicIntensity model;
  return model;
}

}  // namespace guyu
