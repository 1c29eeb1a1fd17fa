#pragma once
#include <array>

namespace guyu {

// The Canadian Forest Fire Weather Index System, by the equations of Van Wagner and Pickett (1985), Equations and FORTRAN program for the Canadian Forest Fire
// Weather Index System, Forestry Technical Report 33 (numbers of equations below), and Van Wagner (1987), Technical Report 35. From weather at local noon
// and the rain of the 24 hours before it; the codes stand for the afternoon's peak of danger. NaN in, NaN out.
struct NoonWeather {
  double temperature_c = 0, humidity_percent = 0, wind_km_h = 0, rain_mm = 0;
  int month = 1;  // 1 to 12
};

// What the ground remembers: fine fuel moisture code (0 to 101, of litter, about a day), duff moisture code (of loose humus, about 12 days) and drought code
// (of deep humus, about 52 days). Higher is drier.
struct MoistureCodes {
  double ffmc = 85, dmc = 6, dc = 15;  // three days after snow has gone, as the system starts
};

// How long the days are, by month, as the drying of duff (hours, Le) and of deep humus (Lf) takes them. The report's own tables are those of Canada; for
// other latitudes those of Lawson and Armitage (2008), Weather guide for the Canadian Forest Fire Danger Rating System, appendix 3: for the duff code bands
// that are parted at 30 N, 10 N, 10 S and 30 S, for the drought code at 20 N and 20 S. NaN: Canada's.
double duff_day_length(double latitude, int month);
double drought_day_factor(double latitude, int month);

// The codes a day on. Equations 1 to 10 (FFMC), 11 to 17 (DMC), 18 to 23 (DC). Humidity is held between 0 and 100 %, DMC drying below -1.1 degC and DC drying
// below -2.8 degC stand still.
MoistureCodes next_codes(const MoistureCodes& before, const NoonWeather& weather, double latitude);

double initial_spread_index(double ffmc, double wind_km_h);  // equations 24 to 26
double buildup_index(double dmc, double dc);                 // 27
double fire_weather_index(double isi, double bui);           // 28 to 30

}  // namespace guyu
