#pragma once
#include <string>
#include <vector>

namespace guyu {

// A small plot as inline SVG: axes with round ticks, lines, bands, bars. Drawn in the order of the calls;
// coordinates are those of the data, and points with NaN break a line.
class ScorePlot {
 public:
  struct Axis {
    double low = 0, high = 1;
    std::string label;
    bool whole = false;  // ticks at whole numbers only
  };
  struct Xy {
    double x = 0, y = 0;
  };
  ScorePlot(std::string title, Axis x, Axis y, double width = 330, double height = 250);

  void band(const std::vector<Xy>& low, const std::vector<Xy>& high, const std::string& color);
  void line(const std::vector<Xy>& points, const std::string& color, const std::string& label = {}, bool dots = true);
  void guide(Xy from, Xy to);  // dashed, pale
  void bar(double from, double to, double height, const std::string& color);
  std::string svg() const;

 private:
  double px(double x) const;
  double py(double y) const;
  std::string title_;
  Axis x_, y_;
  double width_, height_;
  std::string body_;
  struct Key {
    std::string color, label;
  };
  std::vector<Key> keys_;
};

// Limits that hold all finite values and end at round numbers; `floor` is held too (0 where an axis should
// begin there).
ScorePlot::Axis axis_around(const std::vector<double>& values, double floor, std::string label);
// Colours that stay apart for colour-blind readers and on paper, in a fixed order.
std::string plot_color(std::size_t k);
// Text with the characters that HTML and XML reserve written out.
std::string escaped(const std::string& text);

}  // namespace guyu
