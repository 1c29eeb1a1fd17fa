#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "alerts/dispatch/station_config.h"
#include "alerts/store/outbox.h"

namespace guyu {

// The open rows of one channel, in the order in which they may be sent. Memory only: the store is what counts, this mirrors it.
//
// Rows of one event and target form a lane and go out in their order: a later one waits until the earlier is accepted. Among lanes the one in which the
// severest waits goes first, then the oldest. O(log rows + rows of its lane) per call and row.
//
// What the next station has accepted stands in its queue, where no level overtakes another. So no more goes ahead of the receipts than Pace::unreceipted, at
// each level and above. A receiver that sends none is waited for no longer than two seconds.
class DeliveryQueue {
 public:
  explicit DeliveryQueue(Pace pace) : pace_(pace) {}

  void add(const OutboxRow& row);  // queued or accepted (waiting for its receipt)
  // The row is final, or superseded: it is forgotten.
  void drop(std::int64_t seq);

  // Rows to send now; they count as in flight until they are put back or dropped.
  std::vector<OutboxRow> take(TimePoint now, std::size_t most);
  // The attempt is over, or was not made: as before it, to be tried at `next_attempt`. What the store says otherwise comes by drop() and add().
  void put_back(std::int64_t seq, TimePoint next_attempt);

  // The clock has been set back to `now`: what was put off by it since then is due, or it would wait for as long as the clock went back. Repeats wait their
  // time.
  void clock_set_back(TimePoint now);

  // Rows whose message has run out and that are not in flight; the caller drops them.
  std::vector<OutboxRow> run_out(TimePoint now) const;
  // Accepted rows of the same lane before this one.
  std::vector<OutboxRow> accepted_before(std::int64_t seq) const;

  std::optional<TimePoint> next_due() const;
  const OutboxRow* find(std::int64_t seq) const;
  std::int64_t number_of(const std::string& key) const;  // 0: not here
  bool in_flight(std::int64_t seq) const { return flying_.count(seq) > 0; }
  std::size_t size() const { return rows_.size(); }
  std::size_t flying() const { return flying_.size(); }
  // The oldest row that is not waiting for a receipt only.
  std::optional<TimePoint> oldest_queued() const;

 private:
  struct Lane {
    std::set<std::int64_t> rows;  // by age
    std::optional<std::pair<TimePoint, std::int64_t>> next;
    int urgency = 0;  // the severest level that waits in it: a red update is not held up by the yellow that goes before it
  };
  using LaneKey = std::pair<std::string, std::string>;  // event, target
  void replan(const LaneKey& key);
  void refill(TimePoint now);
  void end_ahead(const OutboxRow& row);
  bool enough_ahead(int urgency) const;

  Pace pace_;
  std::unordered_map<std::int64_t, OutboxRow> rows_;
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::set<std::int64_t> flying_;
  std::map<LaneKey, Lane> lanes_;
  std::set<std::pair<TimePoint, std::int64_t>> later_;  // one row per lane
  std::set<std::pair<int, std::int64_t>> due_;          // -urgency, seq
  std::set<std::pair<TimePoint, std::int64_t>> ends_;
  std::set<std::pair<TimePoint, std::int64_t>> queued_;
  std::set<std::pair<TimePoint, std::int64_t>> ahead_;  // accepted a moment ago, by that time
  std::array<std::size_t, 6> ahead_at_{};               // how many of each level, from Unknown up
  double tokens_ = 0;                                   // of the rate limit
  std::optional<TimePoint> tokens_at_;
};

}  // namespace guyu
