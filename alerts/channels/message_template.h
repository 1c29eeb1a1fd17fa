#pragma once
#include <string>
#include <vector>

#include "alerts/channels/channel.h"

namespace guyu {

// Text with {placeholders} for topics, subjects and addresses of one message.
//   {hazard} {level} {status} {msg_type} {event} {identifier} {language} {headline} {region} {target}
// level and status are lower case; language and headline are those of the first text. {region} is the region's code, the leading digits that all regions have
// in common (in China: the county, city or province), or "many" where there are none.
class MessageTemplate {
 public:
  // Throws Error naming `place` for an unknown placeholder or a brace without its partner.
  MessageTemplate(const std::string& text, const std::string& place);
  // `topic`: the values are made fit for one level of an MQTT topic (/, +, # and white space become -).
  std::string fill(const Delivery& delivery, bool topic = false) const;
  bool needs_texts() const;  // {headline} or {language} is in it

 private:
  struct Part {
    bool placeholder;
    std::string text;
  };
  std::vector<Part> parts_;
};

// "330106001000, 330106002000" -> "330106"; see above.
std::string common_region(const std::vector<std::string>& codes);

}  // namespace guyu
