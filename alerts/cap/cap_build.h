#pragma once
#include <pugixml.hpp>
#include <string>

#include "alerts/cap/cap_values.h"

// Words for writing a CAP document with pugixml; for the sources of this folder only.
namespace guyu::cap {

inline void add(pugi::xml_node parent, const char* name, const std::string& value) { parent.append_child(name).text().set(value.c_str()); }
inline void add_pair(pugi::xml_node parent, const char* name, const std::string& key, const std::string& value) {
  pugi::xml_node node = parent.append_child(name);
  add(node, "valueName", key);
  add(node, "value", value);
}

// The declaration and an element that is the root.
inline pugi::xml_node start(pugi::xml_document& document, const char* root, const char* space) {
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node node = document.append_child(root);
  if (*space) node.append_attribute("xmlns") = space;
  return node;
}

inline std::string written(const pugi::xml_document& document) {
  struct Text : pugi::xml_writer {
    std::string bytes;
    void write(const void* data, std::size_t size) override { bytes.append(static_cast<const char*>(data), size); }
  } text;
  document.save(text, " ", pugi::format_indent, pugi::encoding_utf8);
  return std::move(text.bytes);
}

}  // namespace guyu::cap
