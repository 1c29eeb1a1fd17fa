#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace guyu {

// Why a value of a station is not used.
enum class QualityFlag { wrong_place, outside_domain, off_list, duplicate_code, duplicate_place, range, step, persistence, neighbours };
inline constexpr std::array kQualityFlags{QualityFlag::wrong_place,    QualityFlag::outside_domain,  QualityFlag::off_list,
                                          QualityFlag::duplicate_code, QualityFlag::duplicate_place, QualityFlag::range,
                                          QualityFlag::step,           QualityFlag::persistence,     QualityFlag::neighbours};

// "wrong-place", "outside-domain", "off-list", "duplicate-code", "duplicate-place", "range", "step", "persistence", "neighbours"
std::string_view quality_flag_name(QualityFlag flag);

}  // namespace guyu
