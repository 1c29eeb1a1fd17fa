#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/forecast/field_store.h"
#include "engine/downscale/lapse_rate.h"
#include "engine/forecast/catalogue.h"

namespace guyu::cli {

// A coarse field with what bringing it to finer terrain needs.
struct StepField {
  FieldPtr field;
  FieldPtr orography;                                 // of the model, m, on the field's grid; may be absent
  FieldPtr land;                                      // land_binary_mask of the model on the field's grid; may be absent
  FieldPtr temperature;                               // 2 m of the same run, member and time, on the field's grid; may be absent
  std::vector<std::pair<FieldPtr, FieldPtr>> levels;  // temperature and height of pressure levels of that time, when asked for
};

// The fields of a selection's steps, read when they are asked for, or before. What cannot be read throws Error; orographies that cannot be are named in
// `problems`.
class StepFields {
 public:
  // `levels`: step fields come with the model's pressure levels.
  StepFields(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, std::vector<std::string>& problems, bool levels);

  // Further entries that a step is read with, for go_to() to have them decoded too; said before the first of it.
  using MoreEntries = std::function<std::vector<std::size_t>(const ForecastStep&)>;
  void read_also(MoreEntries more) { more_ = std::move(more); }
  // To the selection's step k, in ascending order, some may be left out: lets the fields of another time go, and has those of the steps to come decoded
  // meanwhile.
  void go_to(std::size_t k);

  // Derived where it must be; for accumulations see amount().
  FieldPtr derived(const ForecastStep& step);
  // A field of the store, by its index.
  FieldPtr entry(std::size_t k) { return store_.read(k); }
  StepField with_surroundings(const ForecastStep& step, FieldPtr field);

 private:
  std::vector<std::size_t> wanted_by(const ForecastStep& step) const;
  void order_reads();
  FieldPtr unmoved(const std::vector<std::size_t>& entries, std::map<std::string, FieldPtr>& kept, const Grid& grid);
  FieldStore& store_;
  const ForecastRequest& request_;
  const ForecastSelection& selection_;
  std::vector<std::string>& problems_;
  std::vector<std::size_t> orography_, land_;
  using At = std::tuple<TimePoint, std::optional<int>, TimePoint>;                         // run, member, valid time
  std::map<At, std::map<std::string, std::pair<std::ptrdiff_t, std::ptrdiff_t>>> levels_;  // temperature and height by level; -1: none
  bool with_levels_;
  std::map<At, std::size_t> screen_;                            // 2 m temperature by run, member and time
  std::map<std::string, FieldPtr> kept_orography_, kept_land_;  // by hash of the grid
  // Entries that the steps will ask for, each where it is first asked for; those of step k begin at first_read_[k].
  std::vector<std::size_t> reads_, first_read_;
  MoreEntries more_;
  std::optional<std::size_t> at_;  // the step of the last go_to()
};

// Views of the levels, for the lapse rate.
std::vector<LapseLevel> lapse_levels(const StepField& in);

// Amount of a step from a running total and the total that it began with: a difference below zero is rounding when it is small, else unknown.
float amount_between(float whole, float part);
// The same of fields; `part` may be null: then the total itself. Its valid time becomes `valid`. Throws Error when they stand on different grids.
FieldPtr amount_between(const FieldPtr& whole, const FieldPtr& part, const Interval& valid);

// Amounts of steps in their order, as fields. Interpolation is linear, so that totals can be taken from each other before it. Of each variable the last total
// stays in memory, for the next step may take it away, and the last amount.
class StepAmounts {
 public:
  FieldPtr of(const ForecastStep& step, StepFields& fields);

 private:
  struct Last {
    std::size_t whole = 0;
    std::optional<std::size_t> less;
    FieldPtr amount;
  };
  std::map<std::size_t, std::map<std::size_t, FieldPtr>> totals_;  // by variable, then by entry
  std::map<std::size_t, Last> last_;                               // by variable
};

}  // namespace guyu::cli
