#include "alerts/dispatch/delivery_queue.h"

#include <algorithm>
#include <numeric>

namespace guyu {
namespace {
constexpr Seconds kReceiptsMayTake{2};
std::size_t rank_of(int level) { return static_cast<std::size_t>(level + 1); }
}  // namespace

void DeliveryQueue::add(const OutboxRow& row) {
  if (rows_.count(row.seq)) return;
  rows_.emplace(row.seq, row);
  numbers_.emplace(row.key, row.seq);
  ends_.insert({row.expires, row.seq});
  if (row.state == OutboxState::queued) queued_.insert({row.queued_at, row.seq});
  if (row.state == OutboxState::accepted && ahead_.insert({row.changed_at, row.seq}).second) ++ahead_at_[rank_of(static_cast<int>(row.level))];
  const LaneKey key{row.event, row.target};
  lanes_[key].rows.insert(row.seq);
  replan(key);
}

void DeliveryQueue::drop(std::int64_t seq) {
  const auto found = rows_.find(seq);
  if (found == rows_.end()) return;
  const LaneKey key{found->second.event, found->second.target};
  ends_.erase({found->second.expires, seq});
  queued_.erase({found->second.queued_at, seq});
  flying_.erase(seq);
  end_ahead(found->second);
  numbers_.erase(found->second.key);
  Lane& lane = lanes_.at(key);
  lane.rows.erase(seq);
  if (lane.next && lane.next->second == seq) {
    later_.erase(*lane.next);
    due_.erase({-lane.urgency, seq});
    lane.next.reset();
  }
  rows_.erase(found);
  if (lane.rows.empty()) lanes_.erase(key);
  else replan(key);
}

// Names the lane's next row: of those that may go, the one whose time comes first.
void DeliveryQueue::replan(const LaneKey& key) {
  Lane& lane = lanes_.at(key);
  if (lane.next) {
    later_.erase(*lane.next);
    due_.erase({-lane.urgency, lane.next->second});
    lane.next.reset();
  }
  lane.urgency = 0;
  bool closed = false;  // what comes after the first queued row waits
  for (const std::int64_t seq : lane.rows) {
    if (flying_.count(seq)) {
      lane.next.reset();
      return;
    }
    const OutboxRow& row = rows_.at(seq);
    lane.urgency = std::max(lane.urgency, static_cast<int>(row.level));
    if (closed) continue;
    const std::pair<TimePoint, std::int64_t> offer{row.next_attempt, seq};
    if (!lane.next || offer < *lane.next) lane.next = offer;
    closed = row.state == OutboxState::queued;
  }
  if (lane.next) later_.insert(*lane.next);
}

void DeliveryQueue::end_ahead(const OutboxRow& row) {
  if (ahead_.erase({row.changed_at, row.seq}) > 0) --ahead_at_[rank_of(static_cast<int>(row.level))];
}

// Whether the way is full for what is no severer.
bool DeliveryQueue::enough_ahead(int urgency) const {
  if (pace_.unreceipted == 0) return false;
  return std::accumulate(ahead_at_.begin() + static_cast<std::ptrdiff_t>(rank_of(urgency)), ahead_at_.end(), std::size_t{0}) >= pace_.unreceipted;
}

void DeliveryQueue::refill(TimePoint now) {
  while (!ahead_.empty() && (ahead_.begin()->first + kReceiptsMayTake <= now || ahead_.begin()->first > now)) end_ahead(rows_.at(ahead_.begin()->second));
  while (!later_.empty() && later_.begin()->first <= now) {
    const std::int64_t seq = later_.begin()->second;
    later_.erase(later_.begin());
    const OutboxRow& row = rows_.at(seq);
    due_.insert({-lanes_.at({row.event, row.target}).urgency, seq});
  }
  if (pace_.per_minute <= 0) return;
  const double most = std::max(1.0, pace_.per_minute / 6);  // a burst of ten seconds
  if (!tokens_at_) tokens_ = most;
  else if (now > *tokens_at_) tokens_ = std::min(most, tokens_ + static_cast<double>((now - *tokens_at_).count()) * pace_.per_minute / 60);
  tokens_at_ = now;
}

std::vector<OutboxRow> DeliveryQueue::take(TimePoint now, std::size_t most) {
  refill(now);
  std::vector<OutboxRow> taken;
  for (auto it = due_.begin(); it != due_.end() && taken.size() < most;) {
    const OutboxRow& row = rows_.at(it->second);
    if (enough_ahead(-it->first)) break;  // and for all that follow
    if (row.expires <= now) {             // run_out() ends it
      ++it;
      continue;
    }
    if (pace_.per_minute > 0) {
      if (tokens_ < 1) break;
      tokens_ -= 1;
    }
    taken.push_back(row);
    flying_.insert(row.seq);
    lanes_.at({row.event, row.target}).next.reset();
    it = due_.erase(it);
  }
  return taken;
}

void DeliveryQueue::put_back(std::int64_t seq, TimePoint next_attempt) {
  const auto found = rows_.find(seq);
  if (found == rows_.end()) return;
  flying_.erase(seq);
  found->second.next_attempt = next_attempt;
  replan({found->second.event, found->second.target});
}

void DeliveryQueue::clock_set_back(TimePoint now) {
  for (auto& [seq, row] : rows_) {
    if (row.next_attempt <= now || row.changed_at <= now || flying_.count(seq) || is_repeat(row.key)) continue;
    row.next_attempt = now;
    replan({row.event, row.target});
  }
}

std::int64_t DeliveryQueue::number_of(const std::string& key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? 0 : found->second;
}

std::vector<OutboxRow> DeliveryQueue::run_out(TimePoint now) const {
  std::vector<OutboxRow> rows;
  for (const auto& [end, seq] : ends_) {
    if (end > now) break;
    if (!flying_.count(seq)) rows.push_back(rows_.at(seq));
  }
  return rows;
}

std::vector<OutboxRow> DeliveryQueue::accepted_before(std::int64_t seq) const {
  std::vector<OutboxRow> rows;
  const auto found = rows_.find(seq);
  if (found == rows_.end()) return rows;
  for (const std::int64_t other : lanes_.at({found->second.event, found->second.target}).rows) {
    if (other >= seq) break;
    if (rows_.at(other).state == OutboxState::accepted && !flying_.count(other)) rows.push_back(rows_.at(other));
  }
  return rows;
}

std::optional<TimePoint> DeliveryQueue::next_due() const {
  if (!due_.empty()) return TimePoint::min();
  if (later_.empty()) return {};
  return later_.begin()->first;
}

const OutboxRow* DeliveryQueue::find(std::int64_t seq) const {
  const auto found = rows_.find(seq);
  return found == rows_.end() ? nullptr : &found->second;
}

std::optional<TimePoint> DeliveryQueue::oldest_queued() const {
  if (queued_.empty()) return {};
  return queued_.begin()->first;
}

}  // namespace guyu
