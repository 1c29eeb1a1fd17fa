#include "engine/cycle/rain_planes.h"

#include <netcdf.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/field_packing.h"
#include "engine/cycle/state_file.h"

namespace guyu {
namespace {

constexpr char kTime[] = "seconds since 1970-01-01T00:00:00Z";

bool overlap(const Interval& a, const Interval& b) { return a.begin < b.end && b.begin < a.end; }

// The hour of the clock that an interval lies in, if it does.
std::chrono::sys_time<std::chrono::hours> hour_of(TimePoint t) { return std::chrono::floor<std::chrono::hours>(t); }
bool in_one_hour(const Interval& i) { return i.end <= hour_of(i.begin) + std::chrono::hours(1); }

// Lists of all planes one after the other: their own lengths in `counts`.
struct Columns {
  std::vector<long long> begin, end;
  std::vector<long long> wet_runs, wet_cells, unknown_runs;
  std::vector<unsigned> wet_first, wet_count, amount, unknown_first, unknown_count;
  std::vector<float> coverage;
};

void put_text(const StateFile& nc, const char* name, const std::string& text) { nc.check(nc_put_att_text(nc.id, NC_GLOBAL, name, text.size(), text.c_str())); }

std::string get_text(const StateFile& nc, const char* name) {
  std::size_t length = 0;
  nc.check(nc_inq_attlen(nc.id, NC_GLOBAL, name, &length));
  std::string text(length, '\0');
  nc.check(nc_get_att_text(nc.id, NC_GLOBAL, name, text.data()));
  return text;
}

std::size_t length_of(const StateFile& nc, const char* dimension) {
  int id = 0;
  std::size_t n = 0;
  nc.check(nc_inq_dimid(nc.id, dimension, &id));
  nc.check(nc_inq_dimlen(nc.id, id, &n));
  return n;
}

int variable(const StateFile& nc, const char* name) {
  int id = 0;
  nc.check(nc_inq_varid(nc.id, name, &id));
  return id;
}

template <typename T>
class Taker {
 public:
  explicit Taker(const std::vector<T>& from) : from_(from) {}
  std::vector<T> take(long long n, const std::string& path) {
    if (n < 0 || static_cast<std::size_t>(n) > from_.size() - at_) throw Error(path, "its lists are shorter than it says");
    const auto begin = from_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += static_cast<std::size_t>(n);
    return {begin, begin + static_cast<std::ptrdiff_t>(n)};
  }

 private:
  const std::vector<T>& from_;
  std::size_t at_ = 0;
};

std::vector<RainPlane::Run> runs_of(const std::vector<unsigned>& first, const std::vector<unsigned>& count) {
  std::vector<RainPlane::Run> runs;
  for (std::size_t k = 0; k < first.size(); ++k) runs.push_back({first[k], count[k]});
  return runs;
}

// Ascending, apart, and of the grid.
bool lie_within(const std::vector<RainPlane::Run>& runs, std::int64_t cells) {
  std::uint64_t end = 0;
  for (const RainPlane::Run& r : runs) {
    if (r.count == 0 || r.first < end) return false;
    end = std::uint64_t{r.first} + r.count;
  }
  return end <= static_cast<std::uint64_t>(cells);
}

}  // namespace

bool RainPlanes::use_grid(const Grid& grid) {
  const bool other = !planes_.empty() && !(*grid_ == grid);
  grid_ = grid;
  if (!other) return false;
  const std::vector<RainPlanePtr> before = std::exchange(planes_, {});
  for (const RainPlanePtr& p : before) add_unknown(p->interval, p->coverage.size());
  return true;
}

void RainPlanes::add_unknown(const Interval& interval, std::size_t regions) {
  add({interval, {}, {}, {{0, static_cast<std::uint32_t>(grid_->size())}}, std::vector<float>(regions, 0.0F)});
}

bool RainPlanes::covers(const Interval& interval) const {
  return std::any_of(planes_.begin(), planes_.end(), [&](const RainPlanePtr& p) { return overlap(p->interval, interval); });
}

bool RainPlanes::add(RainPlane plane) {
  if (covers(plane.interval)) return false;
  const auto at =
      std::lower_bound(planes_.begin(), planes_.end(), plane.interval.begin, [](const RainPlanePtr& p, TimePoint t) { return p->interval.begin < t; });
  planes_.insert(at, std::make_shared<const RainPlane>(std::move(plane)));
  return true;
}

void RainPlanes::forget_before(TimePoint t) {
  std::erase_if(planes_, [&](const RainPlanePtr& p) { return p->interval.end <= t; });
}

void RainPlanes::forget(const Interval& interval) {
  std::vector<RainPlanePtr> left;
  for (RainPlanePtr& p : planes_) {
    const Interval before{p->interval.begin, interval.begin}, after{interval.end, p->interval.end};
    if (!overlap(p->interval, interval)) {
      left.push_back(std::move(p));
      continue;
    }
    for (const Interval& rest : {before, after})
      if (rest.begin < rest.end) left.push_back(std::make_shared<const RainPlane>(part_of(*p, rest)));
  }
  planes_ = std::move(left);
}

void RainPlanes::join_hours_before(TimePoint t) {
  std::vector<RainPlanePtr> joined;
  for (RainPlanePtr& p : planes_) {
    const bool follows = !joined.empty() && p->interval.end <= t && joined.back()->interval.end == p->interval.begin && in_one_hour(p->interval) &&
                         in_one_hour(joined.back()->interval) && hour_of(joined.back()->interval.begin) == hour_of(p->interval.begin);
    if (follows) joined.back() = std::make_shared<const RainPlane>(together(*joined.back(), *p));
    else joined.push_back(std::move(p));
  }
  planes_ = std::move(joined);
}

void RainPlanes::save(const std::string& path) const {
  Columns c;
  const std::size_t regions = planes_.empty() ? 0 : planes_.front()->coverage.size();
  for (const RainPlanePtr& p : planes_) {
    c.begin.push_back(p->interval.begin.time_since_epoch().count()), c.end.push_back(p->interval.end.time_since_epoch().count());
    c.wet_runs.push_back(static_cast<long long>(p->wet.size())), c.wet_cells.push_back(static_cast<long long>(p->amount.size()));
    c.unknown_runs.push_back(static_cast<long long>(p->unknown.size()));
    for (const RainPlane::Run& r : p->wet) c.wet_first.push_back(r.first), c.wet_count.push_back(r.count);
    for (const RainPlane::Run& r : p->unknown) c.unknown_first.push_back(r.first), c.unknown_count.push_back(r.count);
    c.amount.insert(c.amount.end(), p->amount.begin(), p->amount.end());
    c.coverage.insert(c.coverage.end(), p->coverage.begin(), p->coverage.end());
  }
  AtomicFile target(path);
  StateFile nc(path);
  nc.check(nc_create(target.temporary_path().c_str(), NC_NETCDF4 | NC_CLOBBER, &nc.id));
  const auto dimension = [&](const char* name, std::size_t n) {
    int id = 0;
    nc.check(nc_def_dim(nc.id, name, n, &id));
    return id;
  };
  const int slot = dimension("slot", planes_.size()), wet_run = dimension("wet_run", c.wet_first.size()), wet_cell = dimension("wet_cell", c.amount.size());
  const int unknown_run = dimension("unknown_run", c.unknown_first.size()), region = dimension("region", regions);
  const auto define = [&](const char* name, nc_type type, std::vector<int> dims) {
    int id = 0;
    nc.check(nc_def_var(nc.id, name, type, static_cast<int>(dims.size()), dims.data(), &id));
    return id;
  };
  std::vector<std::pair<int, const std::vector<long long>*>> counts;
  for (const auto& [name, values] :
       {std::pair{"begin", &c.begin}, {"end", &c.end}, {"wet_runs", &c.wet_runs}, {"wet_cells", &c.wet_cells}, {"unknown_runs", &c.unknown_runs}})
    counts.emplace_back(define(name, NC_INT64, {slot}), values);
  for (const int time : {0, 1}) nc.check(nc_put_att_text(nc.id, counts[static_cast<std::size_t>(time)].first, "units", sizeof kTime - 1, kTime));
  std::vector<std::pair<int, const std::vector<unsigned>*>> lists;
  lists.emplace_back(define("wet_first", NC_UINT, {wet_run}), &c.wet_first);
  lists.emplace_back(define("wet_count", NC_UINT, {wet_run}), &c.wet_count);
  lists.emplace_back(define("unknown_first", NC_UINT, {unknown_run}), &c.unknown_first);
  lists.emplace_back(define("unknown_count", NC_UINT, {unknown_run}), &c.unknown_count);
  const int amount = define("precipitation_amount", NC_UINT, {wet_cell});
  lists.emplace_back(amount, &c.amount);
  constexpr double kUnit = 1 / kRainUnits;
  nc.check(nc_put_att_double(nc.id, amount, "scale_factor", NC_DOUBLE, 1, &kUnit));
  nc.check(nc_put_att_text(nc.id, amount, "units", 2, "mm"));
  // Quick, and a third of the size: the high bytes of small amounts are zeros.
  for (const auto& list : lists) nc.check(nc_def_var_deflate(nc.id, list.first, 1, 1, 1));
  const int coverage = define("coverage", NC_FLOAT, {slot, region});
  Packer packed;
  if (grid_) pack_grid(packed, *grid_);
  const std::string grid_bytes = packed.take();
  const int grid = define("grid", NC_UBYTE, {dimension("grid_byte", grid_bytes.size())});
  const std::string about = grid_ ? grid_->describe() : "none yet";
  nc.check(nc_put_att_text(nc.id, grid, "long_name", about.size(), about.c_str()));
  put_text(nc, "region_hash", region_hash_);
  nc.check(nc_enddef(nc.id));
  for (const auto& [id, values] : counts)
    if (!values->empty()) nc.check(nc_put_var_longlong(nc.id, id, values->data()));
  for (const auto& [id, values] : lists)
    if (!values->empty()) nc.check(nc_put_var_uint(nc.id, id, values->data()));
  if (!grid_bytes.empty()) nc.check(nc_put_var_uchar(nc.id, grid, reinterpret_cast<const unsigned char*>(grid_bytes.data())));
  if (!c.coverage.empty()) nc.check(nc_put_var_float(nc.id, coverage, c.coverage.data()));
  nc.close();
  target.commit();
}

RainPlanes RainPlanes::load(const std::string& path, const std::string& region_hash, std::size_t regions, std::string& problem) {
  RainPlanes out(region_hash);
  if (!std::filesystem::exists(path)) return out;
  try {
    StateFile nc(path);
    nc.check(nc_open(path.c_str(), NC_NOWRITE, &nc.id));
    if (get_text(nc, "region_hash") != region_hash) throw Error(path, "belongs to other regions");
    std::string grid_bytes(length_of(nc, "grid_byte"), '\0');
    std::optional<Grid> grid;
    if (!grid_bytes.empty()) {
      nc.check(nc_get_var_uchar(nc.id, variable(nc, "grid"), reinterpret_cast<unsigned char*>(grid_bytes.data())));
      Unpacker packed(grid_bytes);
      grid = take_grid(packed);
    }
    const std::int64_t on_grid = grid ? grid->size() : 0;
    const std::size_t n = length_of(nc, "slot");
    if (n > 0 && length_of(nc, "region") != regions) throw Error(path, "belongs to other regions");
    const auto counts = [&](const char* name) {
      std::vector<long long> values(n);
      if (n > 0) nc.check(nc_get_var_longlong(nc.id, variable(nc, name), values.data()));
      return values;
    };
    const auto list = [&](const char* name, const char* dimension) {
      std::vector<unsigned> values(length_of(nc, dimension));
      if (!values.empty()) nc.check(nc_get_var_uint(nc.id, variable(nc, name), values.data()));
      return values;
    };
    const auto begin = counts("begin"), end = counts("end"), wet_runs = counts("wet_runs"), wet_cells = counts("wet_cells"),
               unknown_runs = counts("unknown_runs");
    const auto wet_first = list("wet_first", "wet_run"), wet_count = list("wet_count", "wet_run"), amount = list("precipitation_amount", "wet_cell");
    const auto unknown_first = list("unknown_first", "unknown_run"), unknown_count = list("unknown_count", "unknown_run");
    std::vector<float> coverage(n * regions);
    if (!coverage.empty()) nc.check(nc_get_var_float(nc.id, variable(nc, "coverage"), coverage.data()));
    Taker a(wet_first), b(wet_count), c(amount), d(unknown_first), e(unknown_count);
    Taker f(coverage);
    for (std::size_t k = 0; k < n; ++k) {
      RainPlane p;
      p.interval = {TimePoint(Seconds(begin[k])), TimePoint(Seconds(end[k]))};
      if (begin[k] >= end[k]) throw Error(path, "holds an empty interval");
      const auto first = a.take(wet_runs[k], path), count = b.take(wet_runs[k], path);
      p.wet = runs_of(first, count);
      p.amount = c.take(wet_cells[k], path);
      std::uint64_t cells = 0;
      for (const RainPlane::Run& r : p.wet) cells += r.count;
      if (cells != p.amount.size()) throw Error(path, "its lists do not fit each other");
      const auto unknown = d.take(unknown_runs[k], path), unknown_cells = e.take(unknown_runs[k], path);
      p.unknown = runs_of(unknown, unknown_cells);
      for (const auto* runs : {&p.wet, &p.unknown})
        if (!lie_within(*runs, on_grid)) throw Error(path, "holds cells that its grid has not");
      p.coverage = f.take(static_cast<long long>(regions), path);
      out.add(std::move(p));
    }
    out.grid_ = std::move(grid);
  } catch (const std::exception& e) {
    problem = std::string(e.what()) + "; what fell in each cell before this cycle is unknown";
    return RainPlanes(region_hash);
  }
  return out;
}

}  // namespace guyu
