#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "products/map_canvas.h"
#include "products/map_view.h"
#include "products/meteogram_series.h"

namespace guyu {

// The common time axis of a meteogram's panels.
struct MeteogramTime {
  Interval all;
  double left = 0, right = 0;  // pixels
  Seconds offset{};            // local time less UTC
  double x(TimePoint t) const {
    return left + (right - left) * static_cast<double>((t - all.begin).count()) / static_cast<double>(std::max<std::int64_t>(1, all.length().count()));
  }
};

// Hours and days below the last panel. Returns the height used.
double draw_time_labels(const MapCanvas& canvas, const MeteogramTime& time, double y, double unit);

// One panel: a box with a value axis on the left, a heading and a key above it.
class MeteogramPanel {
 public:
  struct Key {
    Color color;
    std::string label;
    enum class Mark { line, bar, arrow } mark = Mark::line;
  };
  struct Scale {
    double low = 0, high = 1, step = 1;  // step 0: nothing is known, no numbers
  };
  // Round limits that hold the values, at least `least` apart, with `above` of the height left free on top.
  static Scale scale_for(const std::vector<const ShownSeries*>& series, double least, bool from_zero, double above = 0.06);

  MeteogramPanel(const MapCanvas& canvas, const MeteogramTime& time, PixelBox box, Scale scale, double unit);
  void hatch(const std::vector<Interval>& unknown) const;
  void grid() const;                                                                                            // lines of values, hours and days
  void line(const ShownSeries& series, Color color, double width) const;                                        // median, and bands for an ensemble
  void area(const ShownSeries& series, Color color) const;                                                      // from the bottom to the median
  void bars(const ShownSeries& series, Color color) const;                                                      // boxes and whiskers for an ensemble
  void arrows(const std::vector<Interval>& times, const std::vector<double>& from_degrees, Color color) const;  // along the top
  void frame(const std::string& heading, const std::vector<Key>& keys) const;

 private:
  double y(double value) const;
  void band(const ShownSeries& series, std::size_t low, std::size_t high, Color color, double strength) const;
  void path(const ShownSeries& series, std::size_t percentile) const;
  const MapCanvas& canvas_;
  const MeteogramTime& time_;
  PixelBox box_;
  Scale scale_;
  double unit_;
};

}  // namespace guyu
