#include "alerts/cap/national_message.h"
#include "alerts/cap/xml_input.h"
#include "alerts/cap/xml_nodes.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
std::string word(const xmlNode* parent, std::string_view name) {
  const xmlNode* n = xml::child(parent, name);
  return n ? std::string(xml::trimmed(xml::text(n))) : std::string();
}
}  // namespace

NationalAck read_national_ack(std::string_view bytes, const std::string& place) {
  const XmlInput input = read_xml(bytes);
  if (!input.document) throw Error(place, "is no acknowledgement: " + input.rule + ": " + input.detail);
  const xmlNode* root = xmlDocGetRootElement(input.document.get());
  NationalAck ack;
  if (xml::name(root) == "alert") {
    const std::string type = word(root, "msgType");
    if (type != "Ack" && type != "Error") throw Error(place, "is an alert of type '" + type + "', not an acknowledgement");
    ack.accepted = type == "Ack";
    ack.status = type;
    ack.note = word(root, "note");
    ack.identifier = word(root, "references");
    return ack;
  }
  const xmlNode* data = xml::name(root) == "msg" ? xml::child(root, "data") : nullptr;
  const xmlNode* rows = data ? xml::child(data, "rows") : nullptr;
  if (!rows || !xml::child(rows, "status")) throw Error(place, "is no acknowledgement: no msg/data/rows/status in it");
  ack.status = word(rows, "status");
  ack.accepted = ack.status == "0";
  ack.error_code = word(rows, "error_code");
  ack.note = word(rows, "note");
  ack.identifier = word(rows, "identifier");
  return ack;
}

}  // namespace guyu
