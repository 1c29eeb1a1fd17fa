#include "engine/regrid/crs_transform.h"

#include <proj.h>

#include <mutex>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/grid.h"

namespace guyu {
namespace {

struct Operation {
  std::unique_ptr<PJ_CONTEXT, decltype(&proj_context_destroy)> context{nullptr, proj_context_destroy};
  std::unique_ptr<PJ, decltype(&proj_destroy)> pj{nullptr, proj_destroy};
};

// PROJ wants "+type=crs" to treat a PROJ string as a CRS; ob_tran strings then work like the others.
std::string as_crs(const std::string& crs) { return crs.rfind("+proj=", 0) == 0 && crs.find("+type=crs") == std::string::npos ? crs + " +type=crs" : crs; }

Operation make_operation(const std::string& from, const std::string& to) {
  Operation o;
  o.context.reset(proj_context_create());
  proj_log_level(o.context.get(), PJ_LOG_NONE);
  const std::unique_ptr<PJ, decltype(&proj_destroy)> raw(proj_create_crs_to_crs(o.context.get(), as_crs(from).c_str(), as_crs(to).c_str(), nullptr),
                                                         proj_destroy);
  if (raw) o.pj.reset(proj_normalize_for_visualization(o.context.get(), raw.get()));
  if (!o.pj) throw Error("", "PROJ has no way from '" + from + "' to '" + to + "'");
  return o;
}

bool is_geographic(const std::string& crs) { return Grid(crs, 0, 0, 1, 1, 1, 1).is_latlon(); }

}  // namespace

// PROJ objects belong to one thread at a time and cost milliseconds to make: idle ones are kept.
class CrsTransform::Pool {
 public:
  Pool(std::string from, std::string to) : from_(std::move(from)), to_(std::move(to)) { idle_.push_back(make_operation(from_, to_)); }
  Operation take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Operation o = std::move(idle_.back());
        idle_.pop_back();
        return o;
      }
    }
    return make_operation(from_, to_);
  }
  void give_back(Operation o) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(o));
  }

 private:
  std::string from_, to_;
  std::mutex mutex_;
  std::vector<Operation> idle_;
};

CrsTransform::CrsTransform(const std::string& from, const std::string& to) {
  if (from != to && !(is_geographic(from) && is_geographic(to))) pool_ = std::make_unique<Pool>(from, to);
}
CrsTransform::~CrsTransform() = default;
CrsTransform::CrsTransform(CrsTransform&&) noexcept = default;
CrsTransform& CrsTransform::operator=(CrsTransform&&) noexcept = default;

void CrsTransform::forward(double* x, double* y, std::size_t n, std::size_t stride) const {
  if (!pool_) return;
  Operation o = pool_->take();
  proj_errno_reset(o.pj.get());
  proj_trans_generic(o.pj.get(), PJ_FWD, x, stride, n, y, stride, n, nullptr, 0, 0, nullptr, 0, 0);
  pool_->give_back(std::move(o));
}

}  // namespace guyu
