#include "alerts/cap/outgoing_message.h"

namespace guyu {

OutgoingMessage outgoing_message(const Decision& d, const CapWriter& writer, std::string xml) {
  const CapSettings& settings = writer.settings();
  OutgoingMessage m;
  m.identifier = d.identifier;
  m.event = d.alert.event;
  m.hazard = d.alert.hazard;
  m.msg_type = cap_message_type(d.action);
  m.reason = d.reason;
  m.level = d.alert.level;
  m.status = settings.status;
  m.sent = d.sent;
  m.expires = d.alert.expires;
  const std::vector<std::string> names = writer.names(d);
  for (const AlertMember& member : d.alert.members) m.regions.push_back(member.code);
  for (const MessageText& text : settings.texts) {
    if (!text.is_for(d.alert.hazard)) continue;
    const std::string prefix(status_prefix(text, settings.status));
    Wording w = wording(text, d, names, settings.utc_offset_minutes, prefix);
    ShortTexts s = short_texts(text, d, names, settings.utc_offset_minutes, prefix);
    m.texts.push_back({text.language, std::move(w.headline), std::move(w.description), std::move(w.instruction), std::move(w.area), std::move(s.sms),
                       std::move(s.cell_broadcast), std::move(s.speech)});
  }
  m.xml = std::move(xml);
  return m;
}

}  // namespace guyu
