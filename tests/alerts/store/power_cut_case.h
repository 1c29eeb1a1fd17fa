#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace guyu::test {

// A file system for SQLite whose power can fail: what was written since a file's last sync is lost, wholly or in random sectors. Files are real ones, by the
// default file system; syncs are only noted. One at a time, one thread.
class PowerCutVfs {
 public:
  explicit PowerCutVfs(std::uint32_t seed);
  ~PowerCutVfs();
  PowerCutVfs(const PowerCutVfs&) = delete;
  PowerCutVfs& operator=(const PowerCutVfs&) = delete;
  const char* name() const { return "power_cut"; }

  // Power fails at the n-th write, sync or cut of a file from now; that call and all later ones fail.
  void cut_after(int calls) { calls_left_ = calls; }
  bool dead() const { return dead_; }
  // Power is back. All connections must be closed. `survival`: chance that a sector written since the last sync is on the disk all the same.
  void restore(double survival);

  // Of the files (used by their methods).
  bool alive();  // counts the call
  bool on() const { return !dead_; }
  void note_write(const std::string& path, std::int64_t offset, const std::string& before, const std::string& after, std::int64_t size_before);
  void note_size(const std::string& path, const std::string& tail_before, std::int64_t size_before, std::int64_t size);
  void note_sync(const std::string& path) { log_.erase(path); }

 private:
  struct Change {
    std::int64_t offset;
    std::string before, after;
    std::int64_t size_before, cut_to;  // cut_to < 0: a write
  };
  std::uint64_t next();
  std::uint64_t state_;
  int calls_left_ = -1;
  bool dead_ = false;
  std::map<std::string, std::vector<Change>> log_;
};

}  // namespace guyu::test
