#include "products/map_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

// Cells [begin, end) of one axis that a pixel shows; on a grid that closes the circle end may pass the last column.
struct Span {
  std::int64_t begin = 0, end = 0;
};

// low, middle, high: fractional cell positions of the pixel's sides and middle.
Span span_of(double low, double middle, double high, std::int64_t n, bool wraps) {
  if (!(middle >= -0.5) || !(middle < static_cast<double>(n) - 0.5)) return {};
  auto begin = static_cast<std::int64_t>(std::ceil(low)), end = static_cast<std::int64_t>(std::ceil(high));
  if (end <= begin) {
    begin = std::clamp<std::int64_t>(std::llround(middle), 0, n - 1);
    return {begin, begin + 1};
  }
  if (!wraps) return {std::max<std::int64_t>(begin, 0), std::min(end, n)};
  if (begin < 0) begin += n, end += n;
  return {begin, std::min(end, begin + n)};
}

std::vector<Span> column_spans(const Grid& grid, const MapView& view, int width) {
  const bool wraps = grid.wraps_in_x();
  std::vector<Span> spans;
  for (int i = 0; i < width; ++i) {
    const double middle = view.to_crs({view.box().x + i + 0.5, 0}).x, half = 0.5 / view.pixels_per_x();
    double shift = 0;
    if (grid.is_latlon()) shift = -360 * std::floor((middle - grid.x(-0.5)) / 360);
    const auto column = [&](double x) { return grid.column_of(x + shift); };
    spans.push_back(span_of(column(middle - half), column(middle), column(middle + half), grid.nx(), wraps));
  }
  return spans;
}

Span row_span(const Grid& grid, const MapView& view, std::int64_t j) {
  const double middle = view.to_crs({0, view.box().y + static_cast<double>(j) + 0.5}).y, half = 0.5 / view.pixels_per_y();
  return span_of(grid.row_of(middle + half), grid.row_of(middle), grid.row_of(middle - half), grid.ny(), false);
}

// One row of pixels under reduction: valid cells so far and their sum or maximum.
class RowReduction {
 public:
  RowReduction(const std::vector<Span>& columns, Reduction reduction)
      : columns_(columns), reduction_(reduction), value_(columns.size()), count_(columns.size()) {}

  void reset() {
    std::fill(value_.begin(), value_.end(), 0.0);
    std::fill(count_.begin(), count_.end(), 0);
  }
  void add(const float* cells, std::int64_t nx) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Span& s = columns_[i];
      for (std::int64_t c = s.begin; c < std::min(s.end, nx); ++c) take(i, cells[c]);
      for (std::int64_t c = nx; c < s.end; ++c) take(i, cells[c - nx]);
    }
  }
  // NaN when no valid cell was seen.
  double value(std::size_t i) const {
    if (count_[i] == 0) return std::numeric_limits<double>::quiet_NaN();
    return reduction_ == Reduction::mean ? value_[i] / count_[i] : value_[i];
  }

 private:
  void take(std::size_t i, float v) {
    if (std::isnan(v)) return;
    if (reduction_ == Reduction::mean) value_[i] += static_cast<double>(v);
    else if (count_[i] == 0 || (reduction_ == Reduction::max && static_cast<double>(v) > value_[i])) value_[i] = static_cast<double>(v);
    ++count_[i];
  }
  const std::vector<Span>& columns_;
  Reduction reduction_;
  std::vector<double> value_;
  std::vector<int> count_;
};

std::uint32_t argb(Color c) { return 0xff000000u | static_cast<std::uint32_t>(c.red) << 16 | static_cast<std::uint32_t>(c.green) << 8 | c.blue; }

}  // namespace

void paint_field(const MapCanvas& canvas, const MapView& view, const Field& field, const ColorScale& scale) {
  const auto width = static_cast<int>(view.box().width), height = static_cast<int>(view.box().height);
  cairo_surface_t* image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);  // transparent
  cairo_surface_flush(image);
  unsigned char* bytes = cairo_image_surface_get_data(image);
  const int stride = cairo_image_surface_get_stride(image);
  const Grid& grid = field.grid();
  const std::vector<Span> columns = column_spans(grid, view, width);
  parallel_for(height, 8, [&](std::int64_t begin, std::int64_t end) {
    RowReduction row(columns, scale.reduction);
    for (std::int64_t j = begin; j < end; ++j) {
      row.reset();
      const Span rows = row_span(grid, view, j);
      for (std::int64_t r = rows.begin; r < rows.end; ++r) row.add(field.view().row(r), grid.nx());
      auto* pixels = reinterpret_cast<std::uint32_t*>(bytes + j * stride);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const double v = row.value(i);
        if (!std::isnan(v)) pixels[i] = argb(scale.at(scale.to_shown(v)));
      }
    }
  });
  cairo_surface_mark_dirty(image);
  cairo_set_source_surface(canvas.cairo(), image, view.box().x, view.box().y);
  cairo_paint(canvas.cairo());
  cairo_surface_destroy(image);
}

}  // namespace guyu
