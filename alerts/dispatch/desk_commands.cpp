#include <fmt/format.h>

#include <algorithm>

#include "alerts/cap/cap_edit.h"
#include "alerts/dispatch/desk.h"
#include "engine/core/error.h"

// The desk's second half: what operators ask of it.
namespace guyu {

// The user that the file belongs to; its own user and root may speak for another.
std::string Desk::speaker(const InboxItem& item, const Command& c) const {
  if (c.as.empty() || c.as == item.owner) return item.owner;
  if (item.owner != "root" && item.owner != current_user()) throw unusable(item, item.owner + " may not speak for " + c.as);
  return c.as;
}

StoredMessage Desk::message_named(const std::string& subject) {
  auto m = store_.messages().newest(subject);
  if (!m) throw Error("", "there is no message " + subject, "guyu alerts list shows them");
  return *std::move(m);
}

std::string Desk::event_named(const std::string& subject) {
  if (const auto m = store_.messages().newest(subject)) return m->message.event;
  if (!store_.event(subject)) throw Error("", "there is no event or message " + subject, "guyu alerts list shows them");
  return subject;
}

std::function<std::string(std::string_view)> Desk::sign() const {
  if (!signer_) return {};
  return [pool = signer_](std::string_view xml) { return pool->sign(xml); };
}

DeskAnswer Desk::command(const InboxItem& item, TimePoint now) {
  const Command c = command_from_json(item.text, "inbox/" + item.name);
  DeskAnswer answer;
  const TimePoint at = std::max(now, book_.last_step().value_or(now));
  try {
    const std::string who = speaker(item, c);
    Transaction transaction(store_.db());
    if (c.verb == "approve") {
      answer = approve(c, who, now);
    } else if (c.verb == "resend") {
      answer = resend(c, who, now);
    } else if (c.verb == "dismiss") {
      answer = dismiss(c, who, now);
    } else {
      std::optional<Decision> decision;
      if (c.verb == "cancel") {
        const std::string event = event_named(c.subject);
        stale_ = true;
        decision = book_.cancel(event, who, c.why, at);
      } else if (c.verb == "reject") {
        const StoredMessage m = message_named(c.subject);
        if (m.state != MessageState::proposed) throw Error("", fmt::format("{} is {}, not proposed", c.subject, to_string(m.state)));
        store_.messages().set_state(m.seq, MessageState::rejected, who, now, c.why);
        answer.text = c.subject + " rejected";
        // The event of a Cancel has ended in the book; what receivers have of it runs out by itself.
        const bool ended = m.message.msg_type == "Cancel";
        Told told;
        for (const StoredMessage& other : store_.messages().of_event(m.message.event)) {
          if (other.state != MessageState::approved || other.message.expires <= at) continue;
          told.level = other.message.level;
          told.messages.push_back(other.message.identifier);
        }
        stale_ = !ended;
        if (!ended) decision = book_.reject(m.message.event, m.message.level, who, c.why, at, told);
      } else if (c.verb == "edit") {
        const auto m = store_.messages().newest(c.subject);
        if (m && m->state == MessageState::proposed) {
          answer = edit_proposal(c, *m, who, now);
        } else {
          const std::string event = event_named(c.subject);
          stale_ = true;
          decision = book_.edit(event, who, at);
        }
      } else {
        throw Error("", "there is no command '" + c.verb + "'", "approve, reject, edit, cancel, resend or dismiss");
      }
      if (decision) {
        Prepared p = std::move(prepare({*std::move(decision)}, answer).front());
        if (c.verb == "edit" && p.message) *p.message = with_texts(*p.message, c.texts, sign());
        keep(item.name, p, who, now, answer);
        store_.book().write(book_.state());
        answer.text = fmt::format("{}: {}", c.verb,
                                  answer.lines.empty()                      ? "nothing to tell"
                                  : answer.lines.back().state == "proposed" ? "waits for approval"
                                                                            : "done");
      }
    }
    store_.finish_item(item.name, "command", now, to_json(answer));
    transaction.commit();
    stale_ = false;
  } catch (const StoreError&) {
    throw;
  } catch (const Error& e) {  // the operator's mistake: told, and nothing changed
    store_.audit().reload();
    changes_ = {}, dismissed_.clear();
    if (stale_) recall_context();
    answer = {};
    answer.error = e.what();
    Transaction transaction(store_.db());
    store_.audit().append(now, item.owner, "refused command", c.verb + " " + c.subject + ": " + e.what());
    store_.finish_item(item.name, "command", now, to_json(answer));
    transaction.commit();
  }
  return answer;
}

DeskAnswer Desk::approve(const Command& c, const std::string& who, TimePoint now) {
  const StoredMessage m = message_named(c.subject);
  if (m.state != MessageState::proposed) throw Error("", fmt::format("{} is {}, not proposed", c.subject, to_string(m.state)));
  const auto& approvers = station_.approval.approvers;
  if (!approvers.empty() && std::find(approvers.begin(), approvers.end(), who) == approvers.end()) throw Error("", who + " is not among the approvers");
  if (who == m.author) throw Error("", who + " wrote this message", "another person must approve it");
  if (m.message.expires <= now) throw Error("", c.subject + " has run out at " + to_iso(m.message.expires));
  store_.messages().set_state(m.seq, MessageState::approved, who, now, c.why);
  enqueue(m.seq, m.message, now);
  return {{}, c.subject + " approved by " + who, {}, {}};
}

DeskAnswer Desk::resend(const Command& c, const std::string& who, TimePoint now) {
  const StoredMessage m = message_named(c.subject);
  if (m.state != MessageState::approved) throw Error("", fmt::format("{} is {}, not approved", c.subject, to_string(m.state)));
  if (m.message.expires <= now) throw Error("", c.subject + " has run out at " + to_iso(m.message.expires));
  std::size_t rows = 0;
  for (const OutboxRow& r : store_.outbox().of_message(m.seq)) {
    if (!c.channel.empty() && r.channel != c.channel) continue;
    store_.outbox().set(r.seq, OutboxState::queued, now, now, "sent again for " + who);
    changes_.changed.push_back(r.seq);
    ++rows;
  }
  if (rows == 0) throw Error("", c.subject + " has no delivery" + (c.channel.empty() ? "" : " on " + c.channel));
  store_.audit().append(now, who, "resend", fmt::format("{} {}", c.subject, c.channel));
  return {{}, fmt::format("{} deliveries are sent again", rows), {}, {}};
}

// Says that somebody knows of it and has done what there was to do: the delivery stays as it ended, its alarm need not stand any longer.
DeskAnswer Desk::dismiss(const Command& c, const std::string& who, TimePoint now) {
  const std::string why = c.why.empty() ? "" : ": " + c.why;
  if (c.subject == "unapproved_expired") {
    if (!store_.clear(c.subject, now)) throw Error("", "the alarm " + c.subject + " does not stand", "guyu alerts list shows those that do");
    store_.audit().append(now, who, "dismiss", c.subject + why);
    dismissed_.push_back(c.subject);
    return {{}, "the alarm " + c.subject + " is over", {}, {}};
  }
  std::size_t rows = 0;
  for (const OutboxRow& r : store_.outbox().dead()) {
    const bool of_message = r.key.size() > c.subject.size() && r.key.compare(0, c.subject.size(), c.subject) == 0 && r.key[c.subject.size()] == '|';
    if (!of_message && r.channel != c.subject) continue;
    if (!c.channel.empty() && r.channel != c.channel) continue;
    store_.outbox().dismiss(r.seq);
    store_.audit().append(now, who, "dismiss", r.key + why);
    ++rows;
  }
  if (rows == 0) throw Error("", c.subject + " has no dead letter" + (c.channel.empty() ? "" : " on " + c.channel), "guyu alerts list shows them");
  return {{}, fmt::format("{} dead letter(s) dismissed", rows), {}, {}};
}

DeskAnswer Desk::edit_proposal(const Command& c, const StoredMessage& proposal, const std::string& who, TimePoint now) {
  OutgoingMessage m = with_texts(proposal.message, c.texts, sign());
  ++m.revision;
  store_.messages().set_state(proposal.seq, MessageState::withdrawn, who, now, "edited");
  store_.messages().add(m, MessageState::proposed, who, now);
  return {{}, fmt::format("{} has revision {} now and waits for approval", c.subject, m.revision), {}, {}};
}

}  // namespace guyu
