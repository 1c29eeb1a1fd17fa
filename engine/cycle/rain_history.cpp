#include "engine/cycle/rain_history.h"

#include <netcdf.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/cycle/state_file.h"

namespace guyu {
namespace {

long long seconds_of(TimePoint t) { return t.time_since_epoch().count(); }

}  // namespace

RainHistory::RainHistory(std::string region_hash, std::size_t regions) : region_hash_(std::move(region_hash)), regions_(regions) {}

bool RainHistory::covers(const Interval& interval) const {
  return std::any_of(slots_.begin(), slots_.end(), [&](const RainSlot& s) { return s.interval.begin < interval.end && interval.begin < s.interval.end; });
}

bool RainHistory::add(RainSlot slot) {
  assert(slot.amount_mm.size() == regions_ && slot.coverage.size() == regions_);
  assert(slot.interval.begin < slot.interval.end);
  if (covers(slot.interval)) return false;
  const auto at = std::lower_bound(slots_.begin(), slots_.end(), slot.interval.begin, [](const RainSlot& s, TimePoint t) { return s.interval.begin < t; });
  slots_.insert(at, std::move(slot));
  return true;
}

void RainHistory::forget_before(TimePoint t) {
  std::erase_if(slots_, [&](const RainSlot& s) { return s.interval.end <= t; });
}

void RainHistory::forget(const Interval& interval) {
  std::erase_if(slots_, [&](const RainSlot& s) { return s.interval.begin < interval.end && interval.begin < s.interval.end; });
}

void RainHistory::save(const std::string& path) const {
  AtomicFile target(path);
  StateFile nc(path);
  nc.check(nc_create(target.temporary_path().c_str(), NC_NETCDF4 | NC_CLOBBER, &nc.id));
  int slot_dim = 0, region_dim = 0, begin = 0, end = 0, amount = 0, coverage = 0, source = 0;
  nc.check(nc_def_dim(nc.id, "slot", slots_.size(), &slot_dim));
  nc.check(nc_def_dim(nc.id, "region", regions_, &region_dim));
  const int dims[2] = {slot_dim, region_dim};
  nc.check(nc_def_var(nc.id, "begin", NC_INT64, 1, &slot_dim, &begin));
  nc.check(nc_def_var(nc.id, "end", NC_INT64, 1, &slot_dim, &end));
  nc.check(nc_def_var(nc.id, "source", NC_STRING, 1, &slot_dim, &source));
  nc.check(nc_def_var(nc.id, "precipitation_amount", NC_FLOAT, 2, dims, &amount));
  nc.check(nc_def_var(nc.id, "coverage", NC_FLOAT, 2, dims, &coverage));
  constexpr char kTime[] = "seconds since 1970-01-01T00:00:00Z";
  for (const int v : {begin, end}) nc.check(nc_put_att_text(nc.id, v, "units", sizeof kTime - 1, kTime));
  nc.check(nc_put_att_text(nc.id, amount, "units", 2, "mm"));
  nc.check(nc_put_att_text(nc.id, NC_GLOBAL, "region_hash", region_hash_.size(), region_hash_.c_str()));
  nc.check(nc_enddef(nc.id));
  for (std::size_t k = 0; k < slots_.size(); ++k) {
    const RainSlot& s = slots_[k];
    const long long b = seconds_of(s.interval.begin), e = seconds_of(s.interval.end);
    const std::size_t start[2] = {k, 0}, count[2] = {1, regions_};
    const char* text = s.source.c_str();
    nc.check(nc_put_var1_longlong(nc.id, begin, &k, &b));
    nc.check(nc_put_var1_longlong(nc.id, end, &k, &e));
    nc.check(nc_put_var1_string(nc.id, source, &k, &text));
    nc.check(nc_put_vara_float(nc.id, amount, start, count, s.amount_mm.data()));
    nc.check(nc_put_vara_float(nc.id, coverage, start, count, s.coverage.data()));
  }
  nc.close();
  target.commit();
}

RainHistory RainHistory::load(const std::string& path, const std::string& region_hash, std::size_t regions, std::string& problem) {
  RainHistory history(region_hash, regions);
  if (!std::filesystem::exists(path)) return history;
  try {
    StateFile nc(path);
    nc.check(nc_open(path.c_str(), NC_NOWRITE, &nc.id));
    std::size_t length = 0;
    nc.check(nc_inq_attlen(nc.id, NC_GLOBAL, "region_hash", &length));
    std::string hash(length, '\0');
    nc.check(nc_get_att_text(nc.id, NC_GLOBAL, "region_hash", hash.data()));
    if (hash != region_hash) throw Error(path, "belongs to other regions");
    int slot_dim = 0, begin = 0, end = 0, amount = 0, coverage = 0, source = 0;
    std::size_t n = 0;
    nc.check(nc_inq_dimid(nc.id, "slot", &slot_dim));
    nc.check(nc_inq_dimlen(nc.id, slot_dim, &n));
    nc.check(nc_inq_varid(nc.id, "begin", &begin));
    nc.check(nc_inq_varid(nc.id, "end", &end));
    nc.check(nc_inq_varid(nc.id, "source", &source));
    nc.check(nc_inq_varid(nc.id, "precipitation_amount", &amount));
    nc.check(nc_inq_varid(nc.id, "coverage", &coverage));
    for (std::size_t k = 0; k < n; ++k) {
      RainSlot s;
      long long b = 0, e = 0;
      char* text = nullptr;
      const std::size_t start[2] = {k, 0}, count[2] = {1, regions};
      s.amount_mm.resize(regions);
      s.coverage.resize(regions);
      nc.check(nc_get_var1_longlong(nc.id, begin, &k, &b));
      nc.check(nc_get_var1_longlong(nc.id, end, &k, &e));
      nc.check(nc_get_var1_string(nc.id, source, &k, &text));
      if (text) s.source = text;
      nc_free_string(1, &text);
      nc.check(nc_get_vara_float(nc.id, amount, start, count, s.amount_mm.data()));
      nc.check(nc_get_vara_float(nc.id, coverage, start, count, s.coverage.data()));
      if (b >= e) throw Error(path, "holds an empty interval");
      s.interval = {TimePoint(Seconds(b)), TimePoint(Seconds(e))};
      history.add(std::move(s));
    }
  } catch (const Error& e) {
    problem = std::string(e.what()) + "; observed rain before this cycle is unknown";
    return RainHistory(region_hash, regions);
  }
  return history;
}

}  // namespace guyu
