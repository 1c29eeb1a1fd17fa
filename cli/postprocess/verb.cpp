#include "cli/verb.h"

#include "cli/app.h"
#include "cli/postprocess/fields.h"

namespace guyu::cli {

void add_postprocess(Verb& guyu) {
  Verb verb = guyu.verb("postprocess", "operators on grids: thresholds, neighbourhoods, percentiles, lapse rates, wet bulb, orographic rain");
  add_postprocess_grids(verb);
  add_postprocess_air(verb);
}

}  // namespace guyu::cli
