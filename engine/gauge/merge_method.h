#pragma once
#include <array>
#include <string>
#include <string_view>

namespace guyu {

// From the plainest to the one that asks most of the gauges; each falls back to the one before it.
enum class MergeMethod { radar_alone, mean_field_bias, conditional, external_drift };
inline constexpr std::array kMergeMethods{MergeMethod::radar_alone, MergeMethod::mean_field_bias, MergeMethod::conditional, MergeMethod::external_drift};

// "none", "mean-field-bias", "conditional", "ked"
std::string_view merge_method_name(MergeMethod method);
// Throws Error listing the choices.
MergeMethod parse_merge_method(const std::string& name);

}  // namespace guyu
