#include "engine/region/risk_table.h"

#include <array>

namespace guyu {
namespace {
constexpr std::array<std::string_view, 6> kEnglish{"Unknown", "None", "Blue", "Yellow", "Orange", "Red"};
constexpr std::array<std::string_view, 6> kChinese{"未知", "无", "蓝色", "黄色", "橙色", "红色"};
}  // namespace

std::string_view to_string(Level level) { return kEnglish[static_cast<std::size_t>(static_cast<int>(level) + 1)]; }
std::string_view to_string(Answer answer) { return answer == Answer::yes ? "yes" : answer == Answer::no ? "no" : "unknown"; }
std::string_view chinese_name(Level level) { return kChinese[static_cast<std::size_t>(static_cast<int>(level) + 1)]; }

std::string common_unit(const std::vector<const RiskRow*>& rows) {
  const std::string* unit = nullptr;
  for (const RiskRow* r : rows) {
    if (!r) continue;
    if (unit && *unit != r->evidence.unit) return "";
    unit = &r->evidence.unit;
  }
  return unit ? *unit : "";
}

}  // namespace guyu
