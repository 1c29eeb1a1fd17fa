#include "alerts/store/message_table.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "alerts/store/row_time.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace {
constexpr std::array<std::string_view, 4> kMessageStates{"proposed", "approved", "rejected", "withdrawn"};
constexpr const char* kMessageColumns =
    "SELECT seq, identifier, revision, event, hazard, msg_type, reason, level, status, sent, expires, state, author, approver, content, xml FROM messages ";

// Takes the strings of the list "regions" and ends the reading there: keys are written in their order, so the texts come after it.
class RegionsReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<std::string> regions;
  bool complete = false;

  bool key(string_t& name) override {
    here_ = name == "regions";
    return true;
  }
  bool string(string_t& code) override {
    if (here_) regions.push_back(std::move(code));
    return true;
  }
  bool end_array() override {
    complete = complete || here_;
    return !here_;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& e) override { throw Error("", e.what()); }

 private:
  bool here_ = false;
};

StoredMessage message_row(const Statement& s, MessageTable::Parts parts = MessageTable::Parts::all) {
  StoredMessage m;
  m.seq = s.integer(0);
  m.message.identifier = s.text(1);
  m.message.revision = static_cast<int>(s.integer(2));
  m.message.event = s.text(3);
  m.message.hazard = s.text(4);
  m.message.msg_type = s.text(5);
  m.message.reason = s.text(6);
  m.message.level = static_cast<Level>(s.integer(7));
  m.message.status = run_status_named(s.text(8));
  m.message.sent = time_of(s.integer(9));
  m.message.expires = time_of(s.integer(10));
  m.state = message_state(s.text(11));
  m.author = s.text(12);
  m.approver = s.text(13);
  if (parts == MessageTable::Parts::all) read_content(s.text(14), m.message);
  else m.message.regions = regions_in_content(s.text(14));
  m.message.xml = s.text(15);
  return m;
}
}  // namespace

std::string_view to_string(MessageState state) { return kMessageStates[static_cast<std::size_t>(state)]; }
MessageState message_state(const std::string& name) {
  for (std::size_t i = 0; i < kMessageStates.size(); ++i)
    if (kMessageStates[i] == name) return static_cast<MessageState>(i);
  throw Error("", "unknown state of a message '" + name + "'");
}

std::string content_json(const OutgoingMessage& m) {
  nlohmann::json texts = nlohmann::json::array();
  for (const OutgoingText& t : m.texts) {
    texts.push_back({{"language", t.language},
                     {"headline", t.headline},
                     {"description", t.description},
                     {"instruction", t.instruction},
                     {"area", t.area},
                     {"sms", t.sms},
                     {"cell_broadcast", t.cell_broadcast},
                     {"speech", t.speech}});
  }
  return nlohmann::json{{"regions", m.regions}, {"texts", texts}}.dump();
}

void read_content(const std::string& text, OutgoingMessage& m) {
  const nlohmann::json j = nlohmann::json::parse(text);
  m.regions = j.at("regions").get<std::vector<std::string>>();
  m.texts.clear();
  for (const auto& t : j.at("texts")) {
    m.texts.push_back(
        {t.at("language"), t.at("headline"), t.at("description"), t.at("instruction"), t.at("area"), t.at("sms"), t.at("cell_broadcast"), t.at("speech")});
  }
}

std::vector<std::string> regions_in_content(const std::string& text) {
  RegionsReader reader;
  nlohmann::json::sax_parse(text, &reader);
  if (!reader.complete) throw Error("", "the content of a message names no regions");
  return std::move(reader.regions);
}

std::int64_t MessageTable::add(const OutgoingMessage& m, MessageState state, const std::string& author, TimePoint at) {
  const std::string digest = Hasher().bytes(m.xml.data(), m.xml.size()).hex();
  db_.prepare(
         "INSERT INTO messages(identifier, revision, event, hazard, msg_type, reason, level, status, sent, expires, state, author, content, xml, sha256) "
         "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .bind(m.identifier, m.revision, m.event, m.hazard, m.msg_type, m.reason, static_cast<int>(m.level), std::string(to_string(m.status)), seconds_of(m.sent),
            seconds_of(m.expires), to_string(state), author, content_json(m), m.xml, digest)
      .run();
  const std::int64_t seq = db_.last_row();
  audit_.append(at, author, "message", fmt::format("{}|{} {}", m.identifier, m.revision, digest));
  return seq;
}

void MessageTable::set_state(std::int64_t seq, MessageState state, const std::string& by, TimePoint at, const std::string& why) {
  const bool decides = state == MessageState::approved || state == MessageState::rejected;
  db_.prepare("UPDATE messages SET state = ?, approver = coalesce(?, approver) WHERE seq = ?")
      .bind(to_string(state), decides ? std::optional<std::string>(by) : std::nullopt, seq)
      .run();
  Statement s = db_.prepare("SELECT identifier, revision FROM messages WHERE seq = ?");
  s.bind(seq);
  if (!s.step()) throw Error(db_.path(), fmt::format("has no message number {}", seq));
  audit_.append(at, by, std::string(to_string(state)), fmt::format("{}|{}{}{}", s.text(0), s.integer(1), why.empty() ? "" : ": ", why));
}

std::optional<StoredMessage> MessageTable::newest(const std::string& identifier) {
  Statement s = db_.prepare(std::string(kMessageColumns) + "WHERE identifier = ? ORDER BY revision DESC LIMIT 1");
  s.bind(identifier);
  if (!s.step()) return {};
  return message_row(s);
}

std::optional<StoredMessage> MessageTable::first(const std::string& identifier) {
  Statement s = db_.prepare(std::string(kMessageColumns) + "WHERE identifier = ? ORDER BY revision LIMIT 1");
  s.bind(identifier);
  if (!s.step()) return {};
  return message_row(s);
}

std::optional<std::pair<std::int64_t, MessageState>> MessageTable::state_of(const std::string& identifier) {
  Statement s = db_.prepare("SELECT seq, state FROM messages WHERE identifier = ? ORDER BY revision DESC LIMIT 1");
  s.bind(identifier);
  if (!s.step()) return {};
  return std::pair(s.integer(0), message_state(s.text(1)));
}

std::optional<StoredMessage> MessageTable::at(std::int64_t seq, Parts parts) {
  Statement s = db_.prepare(std::string(kMessageColumns) + "WHERE seq = ?");
  s.bind(seq);
  if (!s.step()) return {};
  return message_row(s, parts);
}

std::vector<StoredMessage> MessageTable::of_event(const std::string& event) {
  std::vector<StoredMessage> found;
  Statement s = db_.prepare(std::string(kMessageColumns) + "WHERE event = ? ORDER BY seq");
  s.bind(event);
  while (s.step()) found.push_back(message_row(s));
  return found;
}

std::vector<StoredMessage> MessageTable::in_state(MessageState state, std::size_t most) {
  std::vector<StoredMessage> found;
  Statement s = db_.prepare(std::string(kMessageColumns) + "WHERE state = ? ORDER BY seq LIMIT ?");
  s.bind(to_string(state), most);
  while (s.step()) found.push_back(message_row(s));
  return found;
}

}  // namespace guyu
