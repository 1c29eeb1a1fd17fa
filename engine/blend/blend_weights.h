#pragma once

namespace guyu {

// What a level of the blend is made of: member * m + forecast * f, both with variance 1.
struct BlendWeights {
  float member = 1, forecast = 0;
};

// nowcast: correlation of the nowcast's signal with what will be, at this scale and lead (1 at the start, 0 when nothing is left);
// forecast: that of the forecast. Taken as two witnesses whose errors are independent, the least-squares estimate of what will be gives the forecast the
// weight f = r_f (1 - r_n^2) / (1 - r_n^2 r_f^2). The member, which holds the nowcast's signal and noise for all that is not known, has the rest such that the
// variance stays 1: m^2 + 2 m f c + f^2 = 1, with c the correlation of the two fields. So scales that the nowcast still knows follow the radar, those
// that only the forecast knows follow it, and those that neither knows stay noise of full strength: nothing is smeared. Sources: Bowler, Pierce, Seed
// (2006), section 4 (weights by skill); Seed, Pierce, Norman (2013), Water Resour. Res. 49.
BlendWeights blend_weights(double nowcast, double forecast, double between);

}  // namespace guyu
