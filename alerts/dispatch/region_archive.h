#pragma once
#include <memory>
#include <string>

#include "engine/region/region_set.h"

namespace guyu {

// Region sets as runs left them, each once, by the hash of all its content: so the writer of alerts does not depend on files that may change
// under it.
class RegionArchive {
 public:
  explicit RegionArchive(std::string folder) : folder_(std::move(folder)) {}
  // Keeps the set (nothing to do when it is there) and returns its name.
  std::string keep(const RegionSet& regions) const;
  // Throws Error when it is not there or damaged. The set read last is remembered.
  std::shared_ptr<const RegionSet> get(const std::string& name);

 private:
  std::string path(const std::string& name) const { return folder_ + "/" + name + ".regions"; }
  std::string folder_, last_name_;
  std::shared_ptr<const RegionSet> last_;
};

}  // namespace guyu
