#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "cli/forecast/step_fields.h"
#include "engine/core/field.h"
#include "engine/core/plane.h"
#include "engine/forecast/catalogue.h"

namespace guyu::cli {

// A conformal grid of square cells over another grid and `margin_m` beyond it: oblique stereographic about its middle.
Grid square_cells_over(const Grid& grid, double cell_m, double margin_m);

// The rain that the ground adds to a forecast's amounts, beyond what the model's own ground has added (engine/post/orographic_enhancement.h, as guyu
// postprocess orographic makes it): the rate over the true ground less that over the model's, both with the model's air at one pressure level, times the
// length of the step. Ridges that the model has drawn out flat are drawn together again, and where its ground is the true one nothing changes. It falls only
// where the forecast has rain (kLeastRate_mm_h in the mean), for the ground feeds on it, and takes no more away than there is. The rate is the mean of
// those at the step's ends where both are there, else that of one.
class OrographicRain {
 public:
  static constexpr double kLeastRate_mm_h = 0.1;
  // `over`: the grid that amounts are brought to; `cell_m`: of the grid that the ground is seen on. `level`: e.g. "850 hPa". The air is taken from the
  // store's fields, humidity derived where it must be. Throws Error when the store holds no such air, or the level is none of pressure.
  OrographicRain(FieldStore& store, const ForecastRequest& request, bool arrivals_count, const Grid& over, double cell_m,
                 const std::vector<std::string>& elevation, const std::string& level, std::vector<std::string>& problems);
  OrographicRain(const OrographicRain&) = delete;
  OrographicRain& operator=(const OrographicRain&) = delete;

  // mm to be added to a step's amount, on a grid of square cells; missing where the air is not known. nullptr when there is no air at either end of the
  // step. `rain`: the step's amount on the model's grid; `orography`: of the model, may be null: then the true elevation averaged to its cells. O(cells).
  FieldPtr added(const ForecastStep& step, const Field& rain, const FieldPtr& orography);
  // Entries of the store that added() reads for a step, after those of the step before it.
  std::vector<std::size_t> air_of(const ForecastStep& step) const;
  // Steps that were left as they are, and why.
  std::vector<std::string> notes() const;

 private:
  using At = std::tuple<TimePoint, std::optional<int>, TimePoint>;  // run, member, valid time
  const Plane* rate_at(const At& at, const FieldPtr& orography);
  const Plane& model_height(const Grid& grid, const FieldPtr& orography);
  Plane on_cells(const Grid& from, FieldView<const float> plane);

  Grid cells_;
  double cell_m_;
  std::vector<std::string> tiles_;
  Field height_;
  float pressure_pa_;
  std::string level_;
  ForecastRequest request_;
  ForecastSelection selection_;
  StepFields fields_;
  std::vector<std::string>& problems_;
  std::map<At, std::array<const ForecastStep*, 4>> air_;  // temperature, humidity, eastward and northward wind
  std::map<At, std::optional<Plane>> rates_;              // of the ends of the last step
  std::map<std::string, Plane> model_heights_;            // by hash of the grid
  std::size_t told_ = 0, without_air_ = 0, with_one_end_ = 0;
  bool own_ground_ = false;  // of a model without orography
};

}  // namespace guyu::cli
