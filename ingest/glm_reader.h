#pragma once
#include <string>

#include "engine/convection/flash_density.h"

namespace guyu {

// Flashes of one file of the Geostationary Lightning Mapper, level 2 (GOES-R Product Definition and Users' Guide, volume 5: OR_GLM-L2-LCFA), 20 seconds each:
// centroid and time of the first event of every flash of good quality; others are left out and counted in `notes`. The field of view is that of the
// instrument, 52 degrees north and south and 52 degrees of longitude to both sides of the satellite (Rudlosky et al. 2019, Geophysical Research Letters 46),
// not the wider one that the file states. Throws Error naming the file and what it lacks.
FlashRecord read_glm_flashes(const std::string& path);

}  // namespace guyu
