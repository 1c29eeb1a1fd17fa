#pragma once

namespace guyu {

// Soil water of one column whose event runoff is that of the curve number, but which goes on from step to step: Michel, Andreassian and Perrin (2005), Soil
// Conservation Service Curve Number method: how to mend a wrong soil moisture accounting procedure, Water Resources Research 41, W02011. With the store V, the
// retention S and the level Sa above which rain runs off, of a little rain dP the share ((V - Sa)/S) (2 - (V - Sa)/S) runs off where V > Sa, nothing
// below. Rain in one step or in many gives the same. Amounts in mm.
struct SoilStore {
  double retention = 0;  // S, of moderate antecedent moisture: retention_mm(curve number)
  double dry_level = 0;  // Sa: what dry ground takes before it sheds any
  double full() const { return retention + dry_level; }
};
// From a curve number in (0, 100] of moderate moisture. Sa is the initial loss that the curve number of dry ground has (Chow and others 1988, eq. 5.5.10),
// which is a reading of this project's; 100 counts as 99.9.
SoilStore soil_store(double curve_number, double abstraction = 0.2);
// The store in which the initial loss is that of moderate moisture: there the runoff of an event is that of the curve number itself.
double moderate_water_mm(const SoilStore& store, double abstraction = 0.2);

// Rain runs in; gives the runoff. water stays in [0, full]. Never falls as rain or water grows. NaN stays NaN and leaves the water.
double soil_store_rain(const SoilStore& store, double& water, double rain_mm);
// The rain that makes this runoff from so much water, the exact inverse; for no runoff what is lost before any.
double soil_store_critical_rain(const SoilStore& store, double water, double runoff_mm);

}  // namespace guyu
