#pragma once
#include <span>

namespace guyu {

// The members of one ensemble on one set of places: equally long spans, one a member, NaN = missing. A place
// is judged only where every member and the observation are known: with members left out here and there, no
// two places would have the same ensemble.
using EnsembleView = std::span<const std::span<const float>>;

}  // namespace guyu
