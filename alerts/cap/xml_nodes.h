#pragma once
#include <libxml/tree.h>

#include <string>
#include <string_view>
#include <vector>

// Short words for libxml2's tree; for the sources of this folder only.
namespace guyu::xml {

inline std::string_view view(const xmlChar* text) { return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view(); }
inline const xmlChar* chars(const char* text) { return reinterpret_cast<const xmlChar*>(text); }
inline std::string_view name(const xmlNode* node) { return view(node->name); }
inline std::string_view space(const xmlNode* node) { return node->ns ? view(node->ns->href) : std::string_view(); }
inline bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }
inline std::string_view trimmed(std::string_view text) {
  const std::size_t a = text.find_first_not_of(" \t\r\n");
  return a == std::string_view::npos ? std::string_view() : text.substr(a, text.find_last_not_of(" \t\r\n") - a + 1);
}

inline const xmlNode* first_element(const xmlNode* parent) {
  const xmlNode* n = parent->children;
  while (n && n->type != XML_ELEMENT_NODE) n = n->next;
  return n;
}
inline const xmlNode* next_element(const xmlNode* node) {
  const xmlNode* n = node->next;
  while (n && n->type != XML_ELEMENT_NODE) n = n->next;
  return n;
}

// The element's own text; what stands inside child elements does not count.
inline std::string text(const xmlNode* node) {
  std::string all;
  for (const xmlNode* n = node->children; n; n = n->next) {
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) all += view(n->content);
  }
  return all;
}

inline const xmlNode* child(const xmlNode* parent, std::string_view called) {
  const xmlNode* n = first_element(parent);
  while (n && name(n) != called) n = next_element(n);
  return n;
}

}  // namespace guyu::xml
