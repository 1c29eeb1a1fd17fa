#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/ground.h"
#include "cli/verb.h"
#include "engine/hydrology/runoff_model.h"
#include "engine/hydrology/xinanjiang_parameters.h"

namespace guyu::cli {

// How the ground sheds water and how it is led, as the options of a verb tell it.
struct RunoffArguments {
  std::string runoff = "curve-number", curve_number, parameters, classes;
  double abstraction = 0.2;
  ChannelOptions channels;
  // --runoff, --curve-number, --abstraction, --parameters, --parameter-classes, --channel-from, --channel-width, --manning
  void add_options(Verb& verb);
  bool xinanjiang() const { return runoff == "xinanjiang"; }
};

// One number for all cells, or a raster's area means. Throws Error for numbers out of (0, 100].
Plane curve_numbers(const Ground& ground, const std::string& number_or_file);

// For people: Xinanjiang, and what its parameters, those of a file or without one the built-in set, were fitted to.
std::string fitted_text(const std::string& parameters_path, const std::vector<XinanjiangSoil>& soils);

struct RunoffChoice {
  std::unique_ptr<RunoffModel> model;
  std::string told;    // for people: the model, and of Xinanjiang what its parameters were fitted to
  Plane soil_class{};  // of Xinanjiang: the [[soil]] of each cell; NaN: none
};
// daily_recession: of the curve number's soil, and how fast any soil comes near wet under unknown rain. Throws Error when what the model needs is not told.
RunoffChoice runoff_choice(const Ground& ground, const RunoffArguments& arguments, double daily_recession = 0.9);

}  // namespace guyu::cli
