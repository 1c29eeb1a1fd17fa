#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace guyu {

// Decodes base64 that has one spelling only: spare bits are zero, padding is right, white space may break lines, nothing else stands in
// it. Nothing when it is otherwise: a changed byte in a signature must never go unnoticed.
std::optional<std::string> decode_canonical_base64(std::string_view text);
std::string encode_base64(std::string_view bytes, std::size_t line_length = 0);  // 0: one line

}  // namespace guyu
