#include "alerts/dispatch/desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "alerts/cap/alarm_notice.h"
#include "alerts/dispatch/routing.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

bool is_extension(const std::string& reason) { return reason == reasons::extension || reason == reasons::gap_extension || reason == reasons::hold_extension; }

constexpr Seconds kNoticeLives = std::chrono::hours(24);  // of an alarm: later it is no news

std::string digits_of(TimePoint t) {
  std::string digits;
  for (const char c : to_compact(t))
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

// With 100,000 events that stay as they are, saying so of each would be most of what a cycle keeps: of so many it is only counted.
constexpr std::size_t kMostKeptLines = 1000;

}  // namespace

Desk::Desk(AlertStore& store, AlertFolder folder, const StationConfig& station)
    : store_(store), folder_(std::move(folder)), station_(station), archive_(folder_.regions()) {
  if (!station.key.empty()) signer_ = std::make_shared<SignerPool>(station.key, station.certificate);
  recall_context();
}

// What the newest cycle left in the store: the book, and how its messages are made.
void Desk::recall_context() {
  context_.reset();
  composer_.reset();
  composer_for_.clear();
  held_.clear(), holding_.clear();
  BookSettings settings;
  if (const auto newest = store_.newest_cycle()) {
    context_ = evidence_from_json(newest->evidence, store_.db().path());
    settings = context_->settings.book;
    last_cycle_ = newest->issue;
    interval_ = context_->interval;
  }
  book_ = AlertBook(settings, store_.book().read().value_or(BookState{}));
  stale_ = false;
}

const Composer& Desk::composer() {
  if (!context_) throw Error("", "no cycle was handed over yet", "start guyu run");
  const std::string wanted = context_->regions + settings_json(context_->settings);
  if (!composer_ || composer_for_ != wanted) {
    composer_ = std::make_unique<Composer>(context_->settings, archive_.get(context_->regions), signer_);
    composer_for_ = wanted;
  }
  return *composer_;
}

DeskAnswer Desk::work(const InboxItem& item, TimePoint now) {
  if (const auto before = store_.answer(item.name)) return answer_from_json(*before, store_.db().path());
  if (stale_) recall_context();
  try {
    return item.name.find(".cycle.") != std::string::npos ? cycle(item, now) : command(item, now);
  } catch (...) {
    store_.audit().reload();
    changes_ = {}, dismissed_.clear();
    if (stale_) {
      try {
        recall_context();
      } catch (const Error&) {}  // the next item tries again, and says so
    }
    throw;
  }
}

DeskAnswer Desk::cycle(const InboxItem& item, TimePoint now) {
  Handover h = handover_from_bytes(item.text, "inbox/" + item.name);
  if (last_cycle_ && h.risk.issue < *last_cycle_)
    throw unusable(item, fmt::format("is of {}; the alerts have gone on to {}", to_iso(h.risk.issue), to_iso(*last_cycle_)),
                   "give an earlier cycle a folder of its own");
  const std::shared_ptr<const RegionSet> regions = archive_.get(h.regions);
  // The book is stepped in place: what goes wrong from here on sends it back to what the store holds.
  stale_ = true;
  if (!(book_.settings() == h.settings.book)) book_ = AlertBook(h.settings.book, std::move(book_).take_state());
  const TimePoint at = std::max(h.risk.issue, book_.last_step().value_or(h.risk.issue));
  DeskAnswer answer;
  std::vector<Decision> decisions = book_.step(h.risk, *regions, at, kMostKeptLines);
  const std::size_t kept = book_.kept(), decided = decisions.size() + (kept > kMostKeptLines ? kept - kMostKeptLines : 0);
  const std::string evidence = evidence_json(h, decisions), author = h.author;
  context_ = std::move(h);
  const Heartbeat beat = heartbeat(context_->risk, *regions, book_.active().size(), at);
  context_->risk.rows.clear();
  context_->risk.trails.clear();
  std::vector<Prepared> prepared = prepare(std::move(decisions), answer);

  Transaction transaction(store_.db());
  store_.book().write(book_.state());
  store_.add_cycle(item.name, context_->risk.issue, now, evidence);
  for (Prepared& p : prepared) {
    keep(item.name, p, author, now, answer);
    p = {};  // of 100,000 messages the bytes are a gigabyte
  }
  answer.text = fmt::format("{} decisions, {} active", decided, book_.active().size());
  if (kept > kMostKeptLines) answer.text += fmt::format(" ({} stay as they are, of which {} are listed)", kept, kMostKeptLines);
  const OutgoingMessage sign_of_life = composer().compose(beat);
  enqueue(store_.messages().add(sign_of_life, MessageState::approved, author, now), sign_of_life, now);
  store_.finish_item(item.name, "cycle", now, to_json(answer));
  transaction.commit();
  stale_ = false;
  held_ = std::exchange(holding_, {});
  try {
    show_file(folder_.root + "/heartbeat.xml", sign_of_life.xml);
  } catch (const Error& e) {  // the store has it, the channels send it
    answer.warnings.emplace_back(e.what());
  }
  last_cycle_ = context_->risk.issue;
  interval_ = context_->interval;
  return answer;
}

// Issue time, which configuration's cycle it was, and which of those: no two cycles share a name, not even two of one second. Digits alone, as in all
// identifiers of this form.
std::string Desk::heartbeat_name(TimePoint issue) {
  const BookSettings& book = context_->settings.book;
  const auto source = std::stoul(Hasher().text(context_->config).short_hex().substr(0, 4), nullptr, 16);
  const std::string start = fmt::format("2.49.0.1.{}.{}.{}.0.{}", book.country, book.authority, digits_of(issue), source);
  for (int n = 1;; ++n) {
    std::string name = fmt::format("{}.{}", start, n);
    if (!store_.messages().state_of(name)) return name;
  }
}

Heartbeat Desk::heartbeat(const RiskTable& risk, const RegionSet& regions, std::size_t active, TimePoint sent) {
  std::vector<char> evaluated(regions.regions.size()), unknown(regions.regions.size());
  std::optional<Seconds> age;
  for (const RiskRow& r : risk.rows) {
    (r.level == Level::unknown ? unknown : evaluated)[r.region] = 1;
    if (r.evidence.data_age != Seconds::max()) age = std::min(age.value_or(r.evidence.data_age), r.evidence.data_age);
  }
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < regions.regions.size(); ++i)
    if (unknown[i] || !evaluated[i]) missing.push_back(regions.regions[i].code);
  const std::size_t listed = std::min(missing.size(), Heartbeat::kMostListed);
  std::partial_sort(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(listed), missing.end());
  const AuditHead head = store_.audit_head();
  return {heartbeat_name(risk.issue),
          risk.issue,
          sent,
          sent + std::max({station_.heartbeat_missed, 2 * context_->interval, Seconds{60}}),
          static_cast<std::size_t>(std::count(evaluated.begin(), evaluated.end(), 1)),
          active,
          missing.size(),
          age,
          fmt::format("{}:{}", head.seq, head.hash),
          {missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(listed)}};
}

// Receivers know only of messages that were approved: references to others go, and so does the need for an update or a cancel of what nobody was told.
void Desk::adapt(Prepared& p) {
  Decision& d = p.decision;
  if (!d.has_message() || d.references.empty()) return;
  std::vector<MessageRef> told;
  for (const MessageRef& r : d.references) {
    const auto m = store_.messages().state_of(r.identifier);
    if (m && m->second == MessageState::proposed) p.withdrawn.push_back(m->first);
    if (m && m->second == MessageState::approved) told.push_back(r);
  }
  if (told.size() == d.references.size()) return;
  d.references = std::move(told);
  if (!d.references.empty()) return;
  if (d.action == Action::update) d.action = Action::issue;
  if (d.action == Action::cancel) d.identifier.clear();
}

bool Desk::needs_review(const Decision& d) const {
  const Approval& a = station_.approval;
  if (!a.review || std::max(d.alert.level, d.previous_level) < a.review_from) return false;
  if (!a.hazards.empty() && std::find(a.hazards.begin(), a.hazards.end(), d.alert.hazard) == a.hazards.end()) return false;
  return !(is_extension(d.reason) && d.action == Action::update);  // it only says that the approved message still holds
}

// Adapting reads the store, which is one thread's; writing and signing are most of the time and go side by side.
std::vector<Desk::Prepared> Desk::prepare(std::vector<Decision> decisions, DeskAnswer& answer) {
  std::vector<Prepared> prepared(decisions.size());
  std::vector<std::size_t> speaking;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    prepared[i].decision = std::move(decisions[i]);
    adapt(prepared[i]);
    if (prepared[i].decision.has_message()) speaking.push_back(i);
  }
  if (speaking.empty()) return prepared;
  const Composer& pen = composer();
  std::vector<std::vector<std::string>> warnings(speaking.size());
  parallel_for(static_cast<std::int64_t>(speaking.size()), 16, [&](std::int64_t begin, std::int64_t end) {
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      Prepared& p = prepared[speaking[k]];
      p.message = pen.compose(p.decision, warnings[k]);
      p.state = needs_review(p.decision) ? MessageState::proposed : MessageState::approved;
    }
  });
  for (const auto& w : warnings) answer.warnings.insert(answer.warnings.end(), w.begin(), w.end());
  return prepared;
}

// Whether regions are held back that were not before, or are no more. A cycle says so of all that stand; only what is new is kept.
bool Desk::news(const Decision& hold) {
  std::string key = fmt::format("{}\n{}\n{}", hold.alert.hazard, hold.reason, static_cast<int>(hold.alert.level)), regions;
  for (const std::string& by : hold.inhibitors) key += "\n" + by;
  for (const AlertMember& m : hold.alert.members) regions += m.code + "\n";
  const auto before = held_.find(key);
  const bool same = before != held_.end() && before->second == regions;
  holding_[std::move(key)] = std::move(regions);
  return !same;
}

void Desk::keep(const std::string& item, Prepared& p, const std::string& author, TimePoint now, DeskAnswer& answer) {
  const Decision& d = p.decision;
  if (d.action == Action::keep) {
    answer.lines.push_back(line_of(d, "", ""));
    return;
  }
  if (d.action == Action::hold && !news(d)) {
    answer.lines.push_back(line_of(d, "", ""));
    return;
  }
  const std::string actor = d.who.empty() ? author : d.who;
  for (const std::int64_t seq : p.withdrawn)
    store_.messages().set_state(seq, MessageState::withdrawn, actor, now, "a newer message of its event took its place");
  if (d.action != Action::hold) store_.set_event(d.alert, d.alert.state, now);
  store_.add_decision(item, d, now, actor);
  if (p.message) {
    const std::int64_t seq = store_.messages().add(*p.message, p.state, actor, now);
    if (p.state == MessageState::approved) enqueue(seq, *p.message, now);
  }
  if (answer.lines.size() >= kMostListed) ++answer.unlisted;
  else answer.lines.push_back(p.message ? line_of(d, std::string(to_string(p.state)), headline_of(*p.message)) : line_of(d, "", ""));
}

// One row per channel and target that the message is for: by its own content, or because earlier messages of the event go there. A cancel
// takes what was not sent yet out of the way, and is for those only who have heard of the event.
void Desk::enqueue(std::int64_t seq, const OutgoingMessage& m, TimePoint now) {
  const bool cancel = m.msg_type == "Cancel", heartbeat = m.hazard == kHeartbeatHazard;
  for (const ChannelConfig& c : station_.channels) {
    const bool routed = is_routed(c.route, m);
    for (const std::string& target : c.targets) {
      std::vector<OutboxRow> lane;
      if (heartbeat) lane = store_.outbox().open_in_lane(m.event, c.name, target);
      else if (m.msg_type != "Alert") lane = store_.outbox().of_lane(m.event, c.name, target);
      bool heard = false, goes_there = false;
      for (const OutboxRow& r : lane) {
        heard = heard || r.attempts > 0;
        goes_there = goes_there || r.state != OutboxState::superseded;
        const bool unsent = r.state == OutboxState::queued && r.attempts == 0;
        if (!unsent || !(cancel || heartbeat || is_repeat(r.key))) continue;
        store_.outbox().set(r.seq, OutboxState::superseded, now, now, "a later message of the event made it pointless");
        changes_.changed.push_back(r.seq);
      }
      if (!(heartbeat ? routed : cancel ? heard : routed || goes_there)) continue;
      add_delivery(seq, m, c.name, target, now, first_attempt(c.route, m, now, station_.utc_offset_minutes));
    }
  }
}

void Desk::add_delivery(std::int64_t seq, const OutgoingMessage& m, const std::string& channel, const std::string& target, TimePoint now,
                        TimePoint first_attempt) {
  OutboxRow row;
  row.key = delivery_key(m.identifier, m.revision, channel, target);
  const auto number = store_.outbox().add(row.key, seq, m.event, channel, target, now, first_attempt);
  if (!number) return;
  row.seq = *number, row.message = seq;
  row.event = m.event, row.channel = channel, row.target = target;
  row.queued_at = row.changed_at = now, row.next_attempt = first_attempt;
  row.level = m.level, row.msg_type = m.msg_type, row.hazard = m.hazard;
  row.sent = m.sent, row.expires = m.expires;
  changes_.added.push_back(std::move(row));
}

void Desk::tell_alarm(const AlarmWord& alarm, TimePoint now) {
  const auto channel =
      std::find_if(station_.channels.begin(), station_.channels.end(), [&](const ChannelConfig& c) { return c.name == station_.alarm_channel; });
  if (channel == station_.channels.end() || alarm.name.ends_with("." + channel->name)) return;
  const std::size_t told = store_.messages().of_event(alarm_event(alarm.name, alarm.since)).size();
  if (told > (alarm.over ? 1U : 0U)) return;
  CapSettings cap = context_ ? context_->settings.cap : CapSettings{};
  if (!context_) cap.utc_offset_minutes = station_.utc_offset_minutes;
  const std::vector<std::string>& statuses = channel->route.statuses;
  if (statuses.empty() || std::find(statuses.begin(), statuses.end(), "actual") != statuses.end())
    cap.status = RunStatus::actual;  // the system itself is no drill
  else cap.status = statuses.front() == "test" ? RunStatus::test : RunStatus::exercise;
  const BookSettings book = context_ ? context_->settings.book : BookSettings{};
  AlarmNotice notice{fmt::format("2.49.0.1.{}.{}.{}.0.{}", book.country, book.authority, digits_of(now), store_.audit_head().seq + 1),
                     alarm.name,
                     alarm.detail,
                     alarm.over,
                     alarm.since,
                     now,
                     now + kNoticeLives};
  std::string xml = write_alarm_notice(notice, cap);
  if (signer_) xml = signer_->sign(xml);
  const OutgoingMessage m = alarm_message(notice, cap, std::move(xml));
  const std::int64_t seq = store_.messages().add(m, MessageState::approved, "dispatch", now);
  for (const std::string& target : channel->targets) add_delivery(seq, m, channel->name, target, now, now);
}

}  // namespace guyu
