#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "alerts/cap/outgoing_message.h"

namespace guyu {

// language -> headline, description, instruction, sms, cell_broadcast, speech -> new text
using TextEdits = std::map<std::string, std::map<std::string, std::string>>;

// The message with a person's words in place of its own, signed anew by `sign` (empty: unsigned). Level, area and times cannot be edited: they are the
// evidence's. Throws Error for a language or a word that the message does not have, and for texts that CAP does not allow (a headline of 140 characters or
// more, a description that repeats it). Where the headline is edited and the short texts are not, they become the headline.
OutgoingMessage with_texts(const OutgoingMessage& message, const TextEdits& edits, const std::function<std::string(std::string_view)>& sign);

}  // namespace guyu
