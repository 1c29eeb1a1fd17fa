#include "ingest/text_encoding.h"

#include <iconv.h>

#include <optional>

namespace guyu {
namespace {

// nullopt when the text is not wholly in the encoding.
std::optional<std::string> from_encoding(std::string in, const char* encoding) {
  const iconv_t cd = iconv_open("UTF-8", encoding);
  if (cd == iconv_t(-1)) return std::nullopt;
  std::string out(in.size() * 3 + 4, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size(), room = out.size();
  const std::size_t rc = iconv(cd, &from, &left, &to, &room);
  iconv_close(cd);
  if (rc == static_cast<std::size_t>(-1)) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

}  // namespace

std::string as_utf8(const std::string& raw) {
  for (const char* encoding : {"UTF-8", "GB18030"}) {
    if (auto text = from_encoding(raw, encoding)) return text->rfind("\xef\xbb\xbf", 0) == 0 ? text->substr(3) : *text;
  }
  return raw;
}

}  // namespace guyu
