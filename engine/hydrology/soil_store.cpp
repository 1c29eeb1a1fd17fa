#include "engine/hydrology/soil_store.h"

#include <algorithm>
#include <cmath>

#include "engine/hydrology/curve_number.h"

namespace guyu {

SoilStore soil_store(double curve_number, double abstraction) {
  const double cn = std::min(curve_number, 99.9);
  return {retention_mm(cn), abstraction * retention_mm(curve_number_for(cn, AntecedentMoisture::dry))};
}

double moderate_water_mm(const SoilStore& store, double abstraction) { return std::max(0.0, store.dry_level - abstraction * store.retention); }

double soil_store_rain(const SoilStore& store, double& water, double rain) {
  if (std::isnan(rain) || std::isnan(water)) return std::nan("");
  const double before = std::clamp(water, 0.0, store.full()), loss = std::min(rain, std::max(0.0, store.dry_level - before)), rest = rain - loss;
  if (rest <= 0) {
    water = before + rain;
    return 0;
  }
  // What is left of the room R falls as dR/dP = -(R/S)^2: 1/R grows by P/S^2.
  const double room = std::min(store.retention, store.full() - before), squared = store.retention * store.retention;
  const double left = room / (1 + rest * room / squared);
  water = store.full() - left;
  return std::clamp(rest - (room - left), 0.0, rain);
}

double soil_store_critical_rain(const SoilStore& store, double water, double runoff) {
  if (std::isnan(runoff) || std::isnan(water)) return std::nan("");
  const double before = std::clamp(water, 0.0, store.full()), loss = std::max(0.0, store.dry_level - before);
  if (runoff <= 0) return loss;
  // R x^2 + (S^2 - R^2 - Q R) x - Q S^2 = 0, by the form without cancellation.
  const double room = std::min(store.retention, store.full() - before), squared = store.retention * store.retention;
  const double b = squared - room * room - runoff * room, root = std::sqrt(b * b + 4 * room * runoff * squared);
  return loss + (b >= 0 ? 2 * runoff * squared / (b + root) : (root - b) / (2 * room));
}

}  // namespace guyu
