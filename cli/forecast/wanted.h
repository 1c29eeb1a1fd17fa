#pragma once
#include <string>
#include <vector>

#include "cli/forecast/field_store.h"
#include "cli/verb.h"
#include "engine/forecast/catalogue.h"

namespace guyu::cli {

// What a verb asks of forecast files, as its options tell it.
struct WantedForecast {
  std::vector<std::string> files, variables;  // no variable: what a forecast of the weather is made of, as far as the files hold it
  std::string as_of;
  int hours = 240;
  void add_options(Verb& verb);  // the files, --variables, --as-of, --hours; this must live as long as the command
};

struct ChosenForecast {
  FieldStore store;
  ForecastRequest request;
  ForecastSelection selection;
  TimePoint newest{};  // reference time
};
// Lists the files and chooses the steps. Throws Error when they give none.
ChosenForecast choose_forecast(const WantedForecast& wanted);

// Files that words name: themselves, those in folders, those that patterns fit.
std::vector<std::string> files_named(const std::vector<std::string>& words);

}  // namespace guyu::cli
