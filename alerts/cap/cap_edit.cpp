#include "alerts/cap/cap_edit.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "alerts/cap/message_text.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

std::string* word_of(OutgoingText& t, const std::string& name) {
  if (name == "headline") return &t.headline;
  if (name == "description") return &t.description;
  if (name == "instruction") return &t.instruction;
  if (name == "sms") return &t.sms;
  if (name == "cell_broadcast") return &t.cell_broadcast;
  if (name == "speech") return &t.speech;
  return nullptr;
}

void edit_text(OutgoingText& t, const std::map<std::string, std::string>& words) {
  for (const auto& [name, value] : words) {
    std::string* word = word_of(t, name);
    if (!word) throw Error("", "'" + name + "' cannot be edited", "headline, description, instruction, sms, cell_broadcast or speech");
    if (value.empty()) throw Error("", name + " (" + t.language + ") is empty", "say something, or leave it as it is");
    *word = value;
  }
  if (words.count("headline")) {
    for (const char* name : {"sms", "cell_broadcast", "speech"})
      if (!words.count(name)) *word_of(t, name) = t.headline;
  }
  if (character_count(t.headline) >= 140) throw Error("", "the headline (" + t.language + ") has 140 characters or more", "make it shorter");
  if (t.description == t.headline) throw Error("", "the description (" + t.language + ") repeats the headline", "say what is expected, where and when");
  if (character_count(t.sms) > 140) throw Error("", "the SMS text (" + t.language + ") has more than 140 characters", "make it shorter");
  if (character_count(t.cell_broadcast) > 615) throw Error("", "the cell broadcast text (" + t.language + ") has more than 615 characters", "make it shorter");
}

}  // namespace

OutgoingMessage with_texts(const OutgoingMessage& message, const TextEdits& edits, const std::function<std::string(std::string_view)>& sign) {
  OutgoingMessage m = message;
  pugi::xml_document document;
  if (!document.load_buffer(m.xml.data(), m.xml.size())) throw Error(m.identifier, "its XML cannot be read");
  pugi::xml_node alert = document.child("alert");
  for (const auto& edit : edits) {
    const std::string& language = edit.first;
    const auto text = std::find_if(m.texts.begin(), m.texts.end(), [&](const OutgoingText& t) { return t.language == language; });
    const pugi::xml_node info =
        alert.find_child([&](const pugi::xml_node& n) { return std::string_view(n.name()) == "info" && language == n.child_value("language"); });
    if (text == m.texts.end() || !info) throw Error("", m.identifier + " has no text in " + language);
    edit_text(*text, edit.second);
    info.child("headline").text().set(text->headline.c_str());
    info.child("description").text().set(text->description.c_str());
    info.child("instruction").text().set(text->instruction.c_str());
  }
  alert.remove_child(alert.find_child([](const pugi::xml_node& n) { return std::string_view(n.name()).ends_with("Signature"); }));
  std::ostringstream out;
  document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
  m.xml = sign ? sign(out.str()) : out.str();
  return m;
}

}  // namespace guyu
