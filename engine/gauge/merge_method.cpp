#include "engine/gauge/merge_method.h"

#include "engine/core/error.h"

namespace guyu {

std::string_view merge_method_name(MergeMethod method) {
  switch (method) {
    case MergeMethod::mean_field_bias: return "mean-field-bias";
    case MergeMethod::conditional: return "conditional";
    case MergeMethod::external_drift: return "ked";
    case MergeMethod::radar_alone: break;
  }
  return "none";
}

MergeMethod parse_merge_method(const std::string& name) {
  std::string choices;
  for (const MergeMethod m : kMergeMethods) {
    if (merge_method_name(m) == name) return m;
    choices += (choices.empty() ? "" : ", ") + std::string(merge_method_name(m));
  }
  throw Error("", "there is no merging method '" + name + "'", "choose one of " + choices);
}

}  // namespace guyu
