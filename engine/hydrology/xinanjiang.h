#pragma once

namespace guyu {

// The Xinanjiang model of one column (Zhao Ren-Jun 1992, J. Hydrology 135, 371-381): runoff where the soil is full, the depth at which it is full spread over
// the basin as a power law; evaporation from three layers; runoff split by a free-water store of the same kind. Amounts in mm over the column's area, rates of
// recession for a day.
struct XinanjiangParameters {
  double evaporation_factor = 1.0;                                 // K, of the potential evaporation
  double upper_mm = 20, lower_mm = 70, deep_mm = 60;               // tension water capacities WUM, WLM, WDM
  double curve = 0.3;                                              // B, of the capacity's distribution
  double deep_evaporation = 0.15;                                  // C
  double impervious = 0.01;                                        // IM, share of the area
  double free_mm = 20, free_curve = 1.2;                           // SM, EX
  double interflow_rate = 0.35, groundwater_rate = 0.35;           // KI, KG: of the free water in a day; together below 1
  double interflow_recession = 0.8, groundwater_recession = 0.98;  // CI, CG: what is left of a store after a day
  // Two-way split (Zhao 1980) instead of the free-water store: what falls no faster than this goes to the ground; 0: the three-way split.
  double stable_infiltration_mm_h = 0;
};
// Throws Error naming the parameter that lies outside its sense.
void check(const XinanjiangParameters& parameters);

// Warm state, mm over the pervious area; as a plane of each: xinanjiang_runoff.h.
struct XinanjiangState {
  double upper = 0, lower = 0, deep = 0;  // tension water
  double free = 0;                        // free water, over the whole pervious area
  double runoff_share = 0.01;             // FR, share of the area that makes runoff, of the last rain
  double interflow = 0, groundwater = 0;  // recession stores
};
// Full to this share in tension water, otherwise at rest.
XinanjiangState xinanjiang_state(const XinanjiangParameters& parameters, double fullness);
double stored_mm(const XinanjiangParameters& parameters, const XinanjiangState& state);  // over the whole area

struct XinanjiangFlux {
  double evaporation = 0;                              // actual
  double surface = 0, interflow = 0, groundwater = 0;  // that leave the column in this step, mm
  double runoff() const { return surface + interflow + groundwater; }
};
// What a length of step makes of the rates of a day; made once for all steps of that length.
struct XinanjiangStep {
  double days = 0;
  double drained_share = 0;                           // of the free water, in a step of one pulse
  double interflow_share = 0, groundwater_share = 0;  // that a recession store gives
};
XinanjiangStep xinanjiang_step_of(const XinanjiangParameters& parameters, double step_hours);
// One step. Rain and potential evaporation in mm over the step, both at least 0; rain of a step falls in pulses of at most 5 mm (Zhao's rule against the error
// of long steps). rain = evaporation + runoff + change of what is stored, to rounding. Missing (NaN) in gives missing out and leaves the state. O(pulses).
XinanjiangFlux xinanjiang_step(const XinanjiangParameters& parameters, const XinanjiangStep& step, XinanjiangState& state, double rain_mm,
                               double potential_evaporation_mm);
XinanjiangFlux xinanjiang_step(const XinanjiangParameters& parameters, XinanjiangState& state, double rain_mm, double potential_evaporation_mm,
                               double step_hours);

// What was not seen may have fallen: tension water that holds less than `level` of its capacities comes nearer to it, of whose distance the share `left`
// is left. Fuller layers stay as they are.
void come_near(const XinanjiangParameters& parameters, XinanjiangState& state, double level, double left);

// Share of the tension water capacity that is filled, 0..1.
double fullness(const XinanjiangParameters& parameters, const XinanjiangState& state);

}  // namespace guyu
