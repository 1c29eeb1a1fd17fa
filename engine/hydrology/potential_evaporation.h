#pragma once

namespace guyu {

// What the sun's radiation above the air could evaporate in a day, mm: Allen and others (1998), FAO-56, eqs. 21-25. Latitude in degrees, day of the
// year 1..366.
double radiation_evaporation_mm(double latitude, int day_of_year);

// Potential evaporation of a day, mm, from its mean air temperature (degrees C), latitude (degrees) and day of the year (1..366): the sun's radiation above the
// air times (T + 5) / 100, none below -5. Made for rainfall-runoff models: Oudin and others (2005), J. Hydrology 303, 290-306. NaN stays NaN.
double oudin_evaporation_mm(double temperature_c, double latitude, int day_of_year);

}  // namespace guyu
