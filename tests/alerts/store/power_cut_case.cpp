#include "tests/alerts/store/power_cut_case.h"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace guyu::test {
namespace {
constexpr std::int64_t kSector = 512;

struct File {
  sqlite3_file base;
  PowerCutVfs* power;
  std::string* path;  // nullptr: a temporary file
  sqlite3_file* real;
};
File& of(sqlite3_file* f) { return *reinterpret_cast<File*>(f); }
sqlite3_file* real(sqlite3_file* f) { return of(f).real; }

int close(sqlite3_file* f) {
  delete of(f).path;
  return real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
}
int read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return of(f).power->on() ? real(f)->pMethods->xRead(real(f), to, n, at) : SQLITE_IOERR_READ; }
int size(sqlite3_file* f, sqlite3_int64* n) { return of(f).power->on() ? real(f)->pMethods->xFileSize(real(f), n) : SQLITE_IOERR_FSTAT; }

std::string part(sqlite3_file* f, std::int64_t at, std::int64_t n, std::int64_t have) {
  std::string bytes(static_cast<std::size_t>(std::clamp<std::int64_t>(have - at, 0, n)), '\0');
  if (!bytes.empty()) real(f)->pMethods->xRead(real(f), bytes.data(), static_cast<int>(bytes.size()), at);
  return bytes;
}
int write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  if (!of(f).power->alive()) return SQLITE_IOERR_WRITE;
  if (of(f).path) {
    sqlite3_int64 have = 0;
    real(f)->pMethods->xFileSize(real(f), &have);
    of(f).power->note_write(*of(f).path, at, part(f, at, n, have), std::string(static_cast<const char*>(from), static_cast<std::size_t>(n)), have);
  }
  return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 to) {
  if (!of(f).power->alive()) return SQLITE_IOERR_TRUNCATE;
  if (of(f).path) {
    sqlite3_int64 have = 0;
    real(f)->pMethods->xFileSize(real(f), &have);
    of(f).power->note_size(*of(f).path, part(f, to, have - to, have), have, to);
  }
  return real(f)->pMethods->xTruncate(real(f), to);
}
int sync(sqlite3_file* f, int) {
  if (!of(f).power->alive()) return SQLITE_IOERR_FSYNC;
  if (of(f).path) of(f).power->note_sync(*of(f).path);
  return SQLITE_OK;
}
int lock(sqlite3_file* f, int l) { return real(f)->pMethods->xLock(real(f), l); }
int unlock(sqlite3_file* f, int l) { return real(f)->pMethods->xUnlock(real(f), l); }
int reserved(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int sector(sqlite3_file*) { return static_cast<int>(kSector); }
// No promise: neither atomic sectors nor power-safe overwrites.
int device(sqlite3_file*) { return 0; }
int shm_map(sqlite3_file* f, int page, int n, int extend, void volatile** p) { return real(f)->pMethods->xShmMap(real(f), page, n, extend, p); }
int shm_lock(sqlite3_file* f, int at, int n, int flags) { return real(f)->pMethods->xShmLock(real(f), at, n, flags); }
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

constexpr sqlite3_io_methods kMethods{2,       close,  read,   write,   truncate, sync,        size,      lock,    unlock, reserved,
                                      control, sector, device, shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

sqlite3_vfs vfs, *below = nullptr;

PowerCutVfs& power(sqlite3_vfs* v) { return *static_cast<PowerCutVfs*>(v->pAppData); }
int open(sqlite3_vfs* v, const char* path, sqlite3_file* f, int flags, int* out) {
  f->pMethods = nullptr;
  if (!power(v).on()) return SQLITE_CANTOPEN;
  auto* rest = reinterpret_cast<sqlite3_file*>(&of(f) + 1);
  of(f).real = rest;
  const int code = below->xOpen(below, path, rest, flags, out);
  if (code != SQLITE_OK) return code;
  of(f).power = &power(v);
  of(f).path = path ? new std::string(path) : nullptr;
  f->pMethods = &kMethods;
  return SQLITE_OK;
}
int remove_file(sqlite3_vfs* v, const char* path, int dir) { return power(v).alive() ? below->xDelete(below, path, dir) : SQLITE_IOERR_DELETE; }
}  // namespace

PowerCutVfs::PowerCutVfs(std::uint32_t seed) : state_(seed * 2654435761ULL + 1) {
  below = sqlite3_vfs_find(nullptr);
  vfs = *below;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + below->szOsFile;
  vfs.zName = name();
  vfs.pAppData = this;
  vfs.xOpen = open;
  vfs.xDelete = remove_file;
  // The other methods find what they need in the default's own data.
  vfs.xAccess = [](sqlite3_vfs*, const char* p, int flags, int* out) { return below->xAccess(below, p, flags, out); };
  vfs.xFullPathname = [](sqlite3_vfs*, const char* p, int n, char* out) { return below->xFullPathname(below, p, n, out); };
  sqlite3_vfs_register(&vfs, 0);
}
PowerCutVfs::~PowerCutVfs() { sqlite3_vfs_unregister(&vfs); }

bool PowerCutVfs::alive() {
  if (!dead_ && calls_left_ > 0 && --calls_left_ == 0) dead_ = true;
  return !dead_;
}
void PowerCutVfs::note_write(const std::string& path, std::int64_t offset, const std::string& before, const std::string& after, std::int64_t size_before) {
  log_[path].push_back({offset, before, after, size_before, -1});
}
void PowerCutVfs::note_size(const std::string& path, const std::string& tail_before, std::int64_t size_before, std::int64_t size) {
  log_[path].push_back({size, tail_before, {}, size_before, size});
}
std::uint64_t PowerCutVfs::next() {  // splitmix64
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void PowerCutVfs::restore(double survival) {
  const auto survives = [&] { return static_cast<double>(next() >> 11) * 0x1p-53 < survival; };
  for (const auto& file : log_) {
    const std::string& path = file.first;
    const auto& changes = file.second;
    if (!std::filesystem::exists(path)) continue;
    const auto put = [&](std::int64_t at, std::string_view bytes) {
      std::fstream f(path, std::ios::in | std::ios::out | std::ios::binary);
      f.seekp(at);
      f.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    };
    for (auto c = changes.rbegin(); c != changes.rend(); ++c) {
      put(c->offset, c->before);
      std::filesystem::resize_file(path, static_cast<std::uintmax_t>(c->size_before));
    }
    for (const Change& c : changes) {
      if (c.cut_to >= 0) {
        if (survives()) std::filesystem::resize_file(path, static_cast<std::uintmax_t>(c.cut_to));
        continue;
      }
      const auto end = c.offset + static_cast<std::int64_t>(c.after.size());
      for (std::int64_t at = c.offset; at < end;) {
        const std::int64_t to = std::min(end, (at / kSector + 1) * kSector);
        if (survives()) put(at, std::string_view(c.after).substr(static_cast<std::size_t>(at - c.offset), static_cast<std::size_t>(to - at)));
        at = to;
      }
    }
  }
  log_.clear();
  calls_left_ = -1;
  dead_ = false;
}

}  // namespace guyu::test
