#pragma once
#include <string>
#include <vector>

#include "engine/core/plane.h"

namespace guyu::test {

// A variable of a published input or answer: its planes in file order (leading dimensions flattened, the last two rows and columns; a single row for data by
// sites), NaN where masked. Rows are as in the file, mostly south first.
struct Cube {
  std::vector<std::string> dimensions;
  std::vector<std::size_t> shape;
  std::vector<Plane> planes;
  std::string units;
  std::vector<FieldView<const float>> views() const {
    std::vector<FieldView<const float>> all;
    for (const Plane& p : planes) all.push_back(p.view());
    return all;
  }
};

// Folder of the answers (IMPROVER's test data, metoppv/improver_test_data, CC-BY-4.0); empty, with a notice, where absent.
std::string known_answers();

// `variable` empty: the first one of the file with the most dimensions that is no coordinate, bound or grid mapping. Fails the test when it is not there.
Cube read_cube(const std::string& path, const std::string& variable = "");
// A coordinate's or any variable's values in order.
std::vector<double> read_values(const std::string& path, const std::string& variable);

// Every value within rtol * |answer| + atol and missing where the answer is; prints the greatest difference.
struct Tolerance {
  double rtol = 1e-5, atol = 0;
  std::size_t exceptions = 0;  // values that may differ more, by up to
  double exception_atol = 0;   // this much
  std::size_t missing = 0;     // values that are missing here and not there
};
void check_answer(const std::string& name, const std::vector<Plane>& ours, const Cube& answer, Tolerance tolerance = {});

}  // namespace guyu::test
