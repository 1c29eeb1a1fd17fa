#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace guyu {

// A kind of file that is known by its content but holds no grid that Guyu reads: what it is, and what to do about it.
struct ForeignFormat {
  const char* what;
  const char* remedy;
};

// head: the first bytes of the file. nullopt when the content is of no kind that the table knows.
std::optional<ForeignFormat> foreign_format(std::span<const std::byte> head);

}  // namespace guyu
