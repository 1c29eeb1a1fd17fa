#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/forecast/catalogue.h"
#include "engine/forecast/wind_rotation.h"
#include "ingest/decoding_processes.h"
#include "ingest/reader.h"

namespace guyu::cli {

// The forecast fields of many files: listed once, read one by one when they are needed. Components of the wind along a grid's axes are
// listed, and handed out, as eastward and northward wind. Several GRIB files are listed, and expected fields are decoded, by as many processes as there are
// threads, eight at most (ingest/decoding_processes.h); what is read is the same for any number of them.
class FieldStore {
 public:
  // Lists the files' fields. A file that cannot be read goes to problems(), as does a field that cannot be decoded. Arrival: the time in
  // "<file>.arrival" (ISO 8601) when there is such a file, else the file's time of last change. Throws Error when no file gives a field.
  explicit FieldStore(const std::vector<std::string>& files);
  const std::vector<ForecastEntry>& entries() const { return entries_; }
  const std::vector<std::string>& problems() const { return problems_; }

  // The field of entries()[k]; kept until forget(). Throws Error when it cannot be read any more.
  FieldPtr read(std::size_t k);
  void forget() { kept_.clear(); }
  // What will be read next: entries in the order of their use. Some of the first are decoded meanwhile; what was expected before and is not now is let go.
  void expect(std::span<const std::size_t> next);

 private:
  struct Place {
    FieldPlace field;
    std::ptrdiff_t partner = -1;  // the other component along the axes: an index into places_
    bool is_x = false;
    bool apart = false;  // may be decoded by another process
  };
  void list_all(const std::vector<std::string>& files);
  FieldPtr read_place(std::size_t k);
  const WindRotation& rotation(const Grid& grid);

  std::vector<ForecastEntry> entries_;  // position: an index into places_
  std::vector<Place> places_;
  std::vector<std::string> problems_;
  std::map<std::size_t, FieldPtr> kept_;
  std::map<std::string, WindRotation> rotations_;              // by hash of the grid
  std::unique_ptr<DecodingProcesses> decoding_;                // absent with one thread
  std::size_t ahead_ = 1;                                      // files or fields that are begun before they are wanted
  std::map<std::size_t, DecodingProcesses::Ticket> expected_;  // by place
};

}  // namespace guyu::cli
