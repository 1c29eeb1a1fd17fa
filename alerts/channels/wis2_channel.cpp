// WIS2 notifications (WMO WIS2 Notification Message Encoding, conformance class core): GeoJSON over MQTT that tells where the CAP file is, with its digest, and
// carries it where it is small. The broker's acknowledgement is "accepted"; WIS2 knows no receipts. The id is made from the delivery's key, so that a repeat is
// seen as one.
#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerts/cap/canonical_base64.h"
#include "alerts/cap/cap_reader.h"
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/message_template.h"
#include "alerts/channels/mqtt_session.h"
#include "alerts/channels/registry.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using nlohmann::json;
constexpr std::size_t kInline = 4096;  // of content that a notification may carry

const unsigned char* bytes(const std::string& s) { return reinterpret_cast<const unsigned char*>(s.data()); }

// RFC 4122, version 5 form: named by the key.
std::string uuid_of(const std::string& key) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> h{};
  const std::string name = "guyu:" + key;
  SHA1(bytes(name), name.size(), h.data());
  h[6] = static_cast<unsigned char>((h[6] & 0x0FU) | 0x50U);
  h[8] = static_cast<unsigned char>((h[8] & 0x3FU) | 0x80U);
  std::string id;
  for (std::size_t i = 0; i < 16; ++i) id += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", h[i]);
  return id;
}

// The box around all polygons; null where the message has none.
json bounds(const std::string& xml) {
  const CapReading read = read_cap(xml);
  double west = 1e9, south = 1e9, east = -1e9, north = -1e9;
  for (const CapInfo& info : read.message.infos)
    for (const CapArea& area : info.areas)
      for (const CapPolygon& polygon : area.polygons)
        for (const Point& p : polygon.ring) west = std::min(west, p.x), east = std::max(east, p.x), south = std::min(south, p.y), north = std::max(north, p.y);
  if (west > east) return nullptr;
  const json ring = json::array({{west, south}, {east, south}, {east, north}, {west, north}, {west, south}});
  return {{"type", "Polygon"}, {"coordinates", json::array({ring})}};
}

class Wis2Channel : public Channel {
 public:
  Wis2Channel(const ConfigTable& t, const ChannelContext& context)
      : status_(t), now_(context.now), topic_(t.text("topic"), t.place("topic")), base_url_(t.text("base_url")), dataset_(t.text("dataset")),
        metadata_(t.text("metadata_id")), settings_(mqtt_settings(t, "guyu-" + context.name)), session_(settings_) {
    if (base_url_.empty())
      throw Error(t.place("base_url"), "a notification must say where the file is", "name the address under which the files of a [[feed]] are served");
    if (base_url_.back() != '/') base_url_ += '/';
  }

  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    const auto deadline = std::chrono::steady_clock::now() + settings_.timeout;
    std::vector<Outcome> outcomes(batch.size());
    std::vector<MqttMessage> messages;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (auto refusal = status_.refusal(*batch[i].message)) outcomes[i] = *refusal;
      else messages.push_back({topic_.fill(batch[i], true), notification(batch[i])}), places.push_back(i);
    }
    const auto faults = session_.publish(messages, deadline);
    for (std::size_t k = 0; k < places.size(); ++k)
      outcomes[places[k]] = faults[k] ? Outcome{Verdict::retry, *faults[k], {}} : Outcome{Verdict::accepted, "acknowledged by the broker", {}};
    return outcomes;
  }

  std::vector<Receipt> receipts() override {
    session_.serve(std::chrono::milliseconds(0));  // keeps the session alive
    return {};
  }

  bool needs_texts() const override { return topic_.needs_texts(); }

 private:
  std::string notification(const Delivery& d) const {
    const OutgoingMessage& m = *d.message;
    std::array<unsigned char, SHA512_DIGEST_LENGTH> digest{};
    SHA512(bytes(m.xml), m.xml.size(), digest.data());
    json properties{{"pubtime", to_iso(now_())},
                    {"data_id", dataset_ + "/" + m.identifier},
                    {"datetime", to_iso(m.sent)},
                    {"integrity", {{"method", "sha512"}, {"value", encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()})}}}};
    if (!metadata_.empty()) properties["metadata_id"] = metadata_;
    if (m.xml.size() <= kInline) properties["content"] = {{"encoding", "utf-8"}, {"value", m.xml}, {"size", m.xml.size()}};
    // Every message is a file of its own, so each link is canonical; CAP's own references tell what an Update or a Cancel is about.
    const json links =
        json::array({{{"href", base_url_ + m.identifier + ".xml"}, {"rel", "canonical"}, {"type", "application/cap+xml"}, {"length", m.xml.size()}}});
    return json{{"id", uuid_of(d.key)},     {"conformsTo", {"http://wis.wmo.int/spec/wnm/1/conf/core"}},
                {"type", "Feature"},        {"geometry", bounds(m.xml)},
                {"properties", properties}, {"links", links}}
        .dump();
  }

  AcceptedStatus status_;
  std::function<TimePoint()> now_;
  MessageTemplate topic_;
  std::string base_url_, dataset_, metadata_;
  MqttSettings settings_;
  MqttSession session_;
};

}  // namespace

ChannelKind wis2_kind() {
  using P = ParamType;
  TableSpec spec{"wis2", "WIS2 notifications over MQTT.", true, false, mqtt_params()};
  spec.params.push_back(
      {"topic", P::text, "Topic below WIS2's hierarchy, with the centre's own id in it", "origin/a/wis2/xx-centre/data/core/weather/advisories-warnings"});
  spec.params.push_back({"base_url", P::text, "Address under which the CAP files are served; the file name is added"});
  spec.params.push_back({"dataset", P::text, "First part of each data_id", "guyu/alerts"});
  spec.params.push_back({"metadata_id", P::text, "Identifier of the discovery metadata record; empty: none", ""});
  spec.params.push_back(AcceptedStatus::param());
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<Wis2Channel>(t, c); }, no_targets};
}

}  // namespace guyu
