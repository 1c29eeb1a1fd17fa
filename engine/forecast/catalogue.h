#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/core/interval_parts.h"
#include "engine/forecast/derived.h"

namespace guyu {

// A forecast field that a file holds, without its values.
struct ForecastEntry {
  FieldMeta meta;
  std::string path;
  std::uint64_t position = 0;  // for the reader
  TimePoint arrival{};         // when the file was there
};

// What is asked of the forecasts.
struct ForecastRequest {
  std::vector<Variable> variables;  // also such as must be derived
  TimePoint as_of{};                // files that arrived later, and runs of a later reference time, do not exist
  Interval valid;                   // wanted valid times (begin, end]
  Seconds usual_cycle{0};           // runs follow each other so often; 0: as the two latest do
};

// One step of a variable and member, from one run.
struct ForecastStep {
  std::size_t variable = 0;  // of the request
  std::optional<int> member;
  TimePoint reference{};
  Interval valid;
  TimeKind kind = TimeKind::instant;
  // Entries whose values are combined. Instants, means and extremes: one for each of the plan's needed variables, in their order.
  // Accumulations: the stated total and, where `less` is set, the one to take from it.
  std::vector<std::size_t> entries;
  std::optional<std::size_t> less;
};

struct ForecastSelection {
  std::vector<DerivationPlan> plans;  // of each variable of the request
  std::vector<ForecastStep> steps;    // by member, time, variable; the steps of a variable and member never overlap
  std::vector<std::string> notes;     // what is late, partial, filled from older runs, or not there at all
};

// Chooses, for each variable and member, its steps from the newest run that had arrived, and after the end of that run's steps those of the
// one before it, and so on. An older run's amount is used only where its own intervals begin at or after the newer run's end, so that nothing is counted
// twice. A run that is older than expected, ends before the one before it, or lacks members that it had, is named in the notes; so are members of the newest
// run that lack steps which others have, and a step that is not there between others of closer spacing. Such holes are filled by the same member of the newest
// older run that has the very time: an instant of that time, or an interval that lies wholly in the hole. A total that goes on after a hole tells it already, as
// part of a longer step, and stays so. Runs whose values are of another kind (instants, means) than the newest run's are left out and named.
// O(entries log entries + steps^2 per variable and member).
ForecastSelection select_forecast(std::span<const ForecastEntry> entries, const ForecastRequest& request);

}  // namespace guyu
