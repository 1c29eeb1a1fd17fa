#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "alerts/area/shapes.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(outlines)
namespace {

// A coast-like ring around a point: every point further from or nearer to it at random.
Ring jagged(std::mt19937& random, std::size_t points, double roughness) {
  std::uniform_real_distribution<double> wobble(1 - roughness, 1);
  Ring ring;
  for (std::size_t k = 0; k < points; ++k) {
    const double angle = 2 * 3.141592653589793 * static_cast<double>(k) / static_cast<double>(points), radius = 0.1 * wobble(random);
    ring.push_back({110 + radius * std::cos(angle), 30 + radius * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return ring;
}

double signed_area(const Ring& r) {
  double twice = 0;
  for (std::size_t k = 0; k + 1 < r.size(); ++k) twice += (r[k].x - 110) * (r[k + 1].y - 30) - (r[k + 1].x - 110) * (r[k].y - 30);
  return twice / 2;
}

double turn(Point a, Point b, Point c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }
bool cross(Point a, Point b, Point c, Point d) { return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0; }
bool crosses_itself(const Ring& r) {
  for (std::size_t i = 0; i + 1 < r.size(); ++i)
    for (std::size_t j = i + 2; j + 1 < r.size(); ++j)
      if (cross(r[i], r[i + 1], r[j], r[j + 1])) return true;
  return false;
}

double distance(Point p, const Ring& ring) {
  double least = 1e300;
  for (std::size_t k = 0; k + 1 < ring.size(); ++k) {
    const Point a = ring[k], b = ring[k + 1];
    const double dx = b.x - a.x, dy = b.y - a.y, l = dx * dx + dy * dy;
    const double t = l > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / l, 0.0, 1.0) : 0.0;
    least = std::min(least, std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy));
  }
  return least;
}
}  // namespace

BOOST_AUTO_TEST_CASE(fewer_points_stay_within_the_stated_tolerance_and_never_cross) {
  std::mt19937 random(7);
  const OutlineOptions options{0.001, 1e-4, 2000};
  std::size_t before = 0, after = 0;
  for (const double roughness : {0.01, 0.05, 0.3, 0.9}) {
    for (int k = 0; k < 25; ++k) {
      const MultiPolygon shape{{jagged(random, 500, roughness), {}}};
      const Outline o = outline({&shape}, options);
      BOOST_TEST(o.tolerance == options.tolerance);
      double area = 0;
      for (const Ring& r : o.rings) {
        BOOST_TEST((r.front().x == r.back().x && r.front().y == r.back().y));
        BOOST_TEST(!crosses_itself(r));
        area += std::abs(signed_area(r));
        after += r.size();
      }
      before += shape[0].outer.size();
      for (const Point& p : shape[0].outer) {
        double least = 1e300;
        for (const Ring& r : o.rings) least = std::min(least, distance(p, r));
        BOOST_TEST(least <= options.tolerance + options.grid);
      }
      double length = 0;
      for (std::size_t i = 0; i + 1 < shape[0].outer.size(); ++i)
        length += std::hypot(shape[0].outer[i + 1].x - shape[0].outer[i].x, shape[0].outer[i + 1].y - shape[0].outer[i].y);
      BOOST_TEST(std::abs(area - std::abs(signed_area(shape[0].outer))) < (options.tolerance + options.grid) * length);
    }
  }
  BOOST_TEST(after < before);
}

BOOST_AUTO_TEST_CASE(a_thin_neck_that_simplifying_would_pinch_is_drawn_without_crossing) {
  // Two squares joined by a corridor narrower than the tolerance, with a bend.
  const Ring ring{{110, 30},     {110.1, 30},      {110.1, 30.0498},  {110.15, 30.0502}, {110.2, 30.0498}, {110.2, 30}, {110.3, 30}, {110.3, 30.1},
                  {110.2, 30.1}, {110.2, 30.0502}, {110.15, 30.0506}, {110.1, 30.0502},  {110.1, 30.1},    {110, 30.1}, {110, 30}};
  const MultiPolygon shape{{ring, {}}};
  for (const double tolerance : {0.0003, 0.001, 0.01}) {
    double area = 0;
    for (const Ring& r : outline({&shape}, {tolerance, 1e-4, 2000}).rings) {
      BOOST_TEST(!crosses_itself(r));
      area += std::abs(signed_area(r));
    }
    BOOST_TEST(area > 0.0199);
    BOOST_TEST(area < 0.0205);
  }
}

BOOST_AUTO_TEST_CASE(neighbours_become_one_whether_their_borders_match_or_overlap) {
  const auto square = [](double x, double y, double side) { return MultiPolygon{{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}, {}}}; };
  const auto total = [](const std::vector<MultiPolygon>& shapes) {
    std::vector<const MultiPolygon*> all;
    for (const MultiPolygon& s : shapes) all.push_back(&s);
    double area = 0;
    const Outline o = outline(all, {});
    for (const Ring& r : o.rings) area += std::abs(signed_area(r));
    return std::pair(o.rings.size(), area);
  };
  const auto near = [](std::pair<std::size_t, double> found, std::size_t rings, double area) {
    return found.first == rings && std::abs(found.second - area) < 1e-6;
  };
  BOOST_TEST(near(total({square(110, 30, 0.1), square(110.1, 30, 0.1), square(110.1, 30.1, 0.1)}), 1, 0.03));
  BOOST_TEST(near(total({square(110, 30, 0.1), square(110.05, 30, 0.1)}), 1, 0.015));     // they overlap
  BOOST_TEST(near(total({square(110, 30, 0.1), square(110.1, 30, 0.05)}), 1, 0.0125));    // half a border
  BOOST_TEST(near(total({square(110, 30, 0.1), square(110, 30, 0.1)}), 1, 0.01));         // twice the same
  BOOST_TEST(near(total({square(110, 30, 0.1), square(110.02, 30.02, 0.02)}), 1, 0.01));  // one inside the other
  BOOST_TEST(near(total({square(110, 30, 0.1), square(111, 30, 0.1)}), 2, 0.02));         // far apart
}

BOOST_AUTO_TEST_CASE(a_region_smaller_than_the_tolerance_keeps_its_own_shape) {
  const MultiPolygon islet{{{{110, 30}, {110.0003, 30}, {110.0003, 30.0003}, {110, 30.0003}, {110, 30}}, {}}};
  const Outline o = outline({&islet}, {0.01, 1e-4, 2000});
  BOOST_REQUIRE(o.rings.size() == 1U);
  BOOST_TEST(o.rings[0].size() == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
