#include "cli/demo/place_names.h"

#include <array>
#include <string_view>

namespace guyu::cli::demo {
namespace {

using Words = std::string_view;  // characters of three bytes each
constexpr Words kFirst = "青白云龙石金清黄大长古新上下东西南北双三松竹梅桃柳枫";
constexpr Words kSecond = "溪山桥塘湖岭坪田江洲源泉港坝峰湾林坊陂浦岗沙渡冲井背垅村口";
constexpr Words kCountyFirst = "宁永安昌武";
constexpr Words kCountySecond = "川丰陵泽岩远原兴和乐河津";

std::string character(Words words, std::size_t k) { return std::string(words.substr(3 * k, 3)); }
constexpr std::size_t count(Words words) { return words.size() / 3; }

// Steps through all pairs in an order that mixes both characters: the stride has no common divisor with the number of pairs.
std::string pair(Words first, Words second, std::size_t n, std::size_t stride) {
  const std::size_t k = n * stride % (count(first) * count(second));
  return character(first, k / count(second)) + character(second, k % count(second));
}

static_assert(count(kFirst) * count(kSecond) == 754 && count(kCountyFirst) * count(kCountySecond) == 60);

}  // namespace

std::string township_stem(std::size_t n) { return pair(kFirst, kSecond, n, 201); }
std::string county_name(std::size_t n) { return pair(kCountyFirst, kCountySecond, n, 23) + (n % 10 < 6 ? "县" : n % 10 < 8 ? "市" : "区"); }

}  // namespace guyu::cli::demo
