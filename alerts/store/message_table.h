#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerts/cap/outgoing_message.h"
#include "alerts/store/audit_log.h"
#include "alerts/store/sqlite.h"

namespace guyu {

enum class MessageState {
  proposed,   // waits for an approver
  approved,   // may go out
  rejected,   // an approver said no
  withdrawn,  // a newer proposal of its event took its place
};
std::string_view to_string(MessageState state);
MessageState message_state(const std::string& name);

struct StoredMessage {
  std::int64_t seq = 0;
  MessageState state = MessageState::proposed;
  std::string author, approver;
  OutgoingMessage message;
};

// Messages of the store. Their bytes never change; only state and approver do.
class MessageTable {
 public:
  MessageTable(Database& db, AuditLog& audit) : db_(db), audit_(audit) {}
  std::int64_t add(const OutgoingMessage& message, MessageState state, const std::string& author, TimePoint at);
  void set_state(std::int64_t seq, MessageState state, const std::string& by, TimePoint at, const std::string& why = {});
  std::optional<StoredMessage> newest(const std::string& identifier);  // its last revision
  std::optional<StoredMessage> first(const std::string& identifier);   // as it was before any edit
  // Number and state of its last revision, without reading the message.
  std::optional<std::pair<std::int64_t, MessageState>> state_of(const std::string& identifier);
  enum class Parts { all, no_texts };  // the texts are most of what reading a message takes
  std::optional<StoredMessage> at(std::int64_t seq, Parts parts = Parts::all);
  std::vector<StoredMessage> of_event(const std::string& event);                     // oldest first
  std::vector<StoredMessage> in_state(MessageState state, std::size_t most = 1000);  // oldest first

 private:
  Database& db_;
  AuditLog& audit_;
};

// The parts of a message that have no column of their own, as JSON.
std::string content_json(const OutgoingMessage& message);
void read_content(const std::string& json, OutgoingMessage& message);
std::vector<std::string> regions_in_content(const std::string& json);  // without reading the rest of it

}  // namespace guyu
