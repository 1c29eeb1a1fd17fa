#include "engine/cycle/observed_rain.h"

#include <fmt/format.h>

#include "engine/core/error.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kGrain = 1 << 16;

double hours_of(const Interval& i) { return static_cast<double>(i.length().count()) / 3600.0; }

FieldMeta meta_as(const FieldMeta& m, const Quantity& q, TimeKind kind, Interval valid) {
  FieldMeta out = m;
  out.quantity = q;
  out.kind = kind;
  out.valid = valid;
  return out;
}

Field scaled(const Field& in, FieldMeta meta, double factor) {
  Field out(in.grid(), std::move(meta));
  const auto from = in.values();
  const auto to = out.values();
  const auto f = static_cast<float>(factor);
  parallel_for(in.grid().size(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) to[i] = from[i] * f;
  });
  return out;
}

bool is_rate(const Field& f) { return f.meta.quantity == quantities::rainfall_rate(); }
bool is_amount(const Field& f) { return f.meta.quantity == quantities::precipitation_amount(); }

void require_rain(const Field& f) {
  const bool amount_without_interval = is_amount(f) && f.meta.valid.begin >= f.meta.valid.end;
  if ((!is_rate(f) && !is_amount(f)) || amount_without_interval) {
    throw Error(f.meta.source, amount_without_interval ? "states a rain amount without an interval" : "holds " + f.meta.quantity.name + ", which is not rain",
                "give rainfall_rate, or precipitation_amount over an interval");
  }
}

Field trapezoid(const Field& a, const Field& b) {
  const Interval interval{a.meta.valid.end, b.meta.valid.end};
  Field out(b.grid(), meta_as(b.meta, quantities::precipitation_amount(), TimeKind::accumulation, interval));
  const auto half_hours = static_cast<float>(hours_of(interval) / 2);
  const auto va = a.values(), vb = b.values();
  const auto to = out.values();
  parallel_for(b.grid().size(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) to[i] = (va[i] + vb[i]) * half_hours;
  });
  return out;
}

}  // namespace

std::vector<Field> observed_amounts(const std::vector<FieldPtr>& frames, const ObservedRainOptions& options, std::vector<std::string>& notes) {
  std::vector<Field> amounts;
  const Field* before = nullptr;
  for (const FieldPtr& frame : frames) {
    require_rain(*frame);
    const Interval& valid = frame->meta.valid;
    const bool instant = valid.begin >= valid.end;
    if (!instant) {
      const double factor = is_rate(*frame) ? hours_of(valid) : 1.0;
      amounts.push_back(scaled(*frame, meta_as(frame->meta, quantities::precipitation_amount(), TimeKind::accumulation, valid), factor));
    } else if (before && before->meta.valid.end < valid.end) {
      const Seconds gap = valid.end - before->meta.valid.end;
      if (!(before->grid() == frame->grid())) {
        notes.push_back(frame->meta.source + ": lies on another grid than the frame before; the rain between them is unknown");
      } else if (gap > options.max_gap) {
        notes.push_back(fmt::format("no frame for {} min before {}: the rain in that time is unknown", gap.count() / 60, to_iso(valid.end)));
      } else {
        amounts.push_back(trapezoid(*before, *frame));
      }
    }
    before = instant ? frame.get() : nullptr;
  }
  return amounts;
}

Field as_rate(const Field& frame) {
  require_rain(frame);
  const double factor = is_rate(frame) ? 1.0 : 1.0 / hours_of(frame.meta.valid);
  return scaled(frame,
                meta_as(frame.meta, quantities::rainfall_rate(), frame.meta.kind == TimeKind::instant ? TimeKind::instant : TimeKind::mean, frame.meta.valid),
                factor);
}

}  // namespace guyu
