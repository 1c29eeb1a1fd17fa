#include "alerts/dispatch/region_archive.h"

#include <cstdint>
#include <filesystem>

#include "engine/core/error.h"
#include "engine/core/record_file.h"

namespace guyu {
namespace {
constexpr std::string_view kMagic = "GYREGS01";
using Numbers = std::vector<std::uint64_t>;

// The set as flat arrays: all texts in one, all counts in one, all points in one.
struct Flat {
  std::vector<char> letters;
  Numbers counts;
  std::vector<Point> points;

  void text(const std::string& s) {
    counts.push_back(s.size());
    letters.insert(letters.end(), s.begin(), s.end());
  }
  void ring(const Ring& r) {
    counts.push_back(r.size());
    points.insert(points.end(), r.begin(), r.end());
  }
};

Flat flatten(const RegionSet& set) {
  Flat f;
  f.text(set.crs);
  f.counts.push_back(set.regions.size());
  for (const Region& r : set.regions) {
    f.text(r.code);
    f.text(r.name);
    f.text(r.parent);
    f.counts.push_back(r.shape.size());
    for (const Polygon& p : r.shape) {
      f.ring(p.outer);
      f.counts.push_back(p.holes.size());
      for (const Ring& hole : p.holes) f.ring(hole);
    }
  }
  return f;
}

class Unflatten {
 public:
  explicit Unflatten(const Flat& f) : f_(f) {}
  RegionSet set() {
    RegionSet s;
    s.crs = text();
    s.regions.resize(count(f_.counts.size()));
    for (Region& r : s.regions) {
      r.code = text();
      r.name = text();
      r.parent = text();
      r.shape.resize(count(f_.counts.size()));
      for (Polygon& p : r.shape) {
        p.outer = ring();
        p.holes.resize(count(f_.counts.size()));
        for (Ring& hole : p.holes) hole = ring();
      }
    }
    return s;
  }

 private:
  std::size_t count(std::size_t most) {
    if (count_ >= f_.counts.size() || f_.counts[count_] > most) throw Error("", "its counts do not fit");
    return static_cast<std::size_t>(f_.counts[count_++]);
  }
  std::string text() {
    const std::size_t n = count(f_.letters.size() - letter_);
    const auto begin = f_.letters.begin() + static_cast<std::ptrdiff_t>(letter_);
    letter_ += n;
    return {begin, begin + static_cast<std::ptrdiff_t>(n)};
  }
  Ring ring() {
    const std::size_t n = count(f_.points.size() - point_);
    const auto begin = f_.points.begin() + static_cast<std::ptrdiff_t>(point_);
    point_ += n;
    return {begin, begin + static_cast<std::ptrdiff_t>(n)};
  }
  const Flat& f_;
  std::size_t count_ = 0, letter_ = 0, point_ = 0;
};
}  // namespace

std::string RegionArchive::keep(const RegionSet& regions) const {
  const Flat f = flatten(regions);
  const std::string name = Hasher()
                               .bytes(f.letters.data(), f.letters.size())
                               .bytes(f.counts.data(), f.counts.size() * sizeof(std::uint64_t))
                               .bytes(f.points.data(), f.points.size() * sizeof(Point))
                               .short_hex();
  if (std::filesystem::exists(path(name))) return name;
  RecordWriter out(path(name), kMagic, name);
  out.put(f.letters);
  out.put(f.counts);
  out.put(f.points);
  out.commit();
  return name;
}

std::shared_ptr<const RegionSet> RegionArchive::get(const std::string& name) {
  if (last_ && last_name_ == name) return last_;
  auto in = RecordReader::open(path(name), kMagic, name);
  Flat f;
  if (!in || !in->take(f.letters) || !in->take(f.counts) || !in->take(f.points) || !in->finished())
    throw Error(path(name), "is missing or damaged", "delete it; the next guyu run writes it again");
  try {
    last_ = std::make_shared<const RegionSet>(Unflatten(f).set());
  } catch (const Error& e) {
    throw Error(path(name), e.reason(), "delete it; the next guyu run writes it again");
  }
  last_name_ = name;
  return last_;
}

}  // namespace guyu
