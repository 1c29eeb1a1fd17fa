#include "cli/ensemble/member_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/record_file.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMagic = "guyumem2";
constexpr const char* kManifest = ".manifest.json";

std::string unit_name(int member) { return fmt::format("member_{:04}.unit", member); }

}  // namespace

MemberUnits::MemberUnits(std::string folder, std::string key, std::string writer)
    : folder_(std::move(folder)), key_(std::move(key)), writer_(std::move(writer)) {}

std::map<int, MemberTable> MemberUnits::load() const {
  std::map<int, MemberTable> found;
  std::error_code ec;
  std::vector<std::string> manifests;
  for (const auto& entry : fs::directory_iterator(folder_, ec)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > std::string(kManifest).size() && name.ends_with(kManifest)) manifests.push_back(entry.path().string());
  }
  std::sort(manifests.begin(), manifests.end());
  for (const std::string& manifest : manifests) {
    try {
      const auto json = nlohmann::json::parse(read_text_file(manifest));
      if (json.at("key") != key_) continue;
      for (const auto& unit : json.at("units")) {
        const std::string path = folder_ + "/" + unit.at("name").get<std::string>();
        if (fs::file_size(path, ec) != unit.at("bytes").get<std::uintmax_t>() || ec || hash_file(path) != unit.at("sha256").get<std::string>()) continue;
        auto reader = RecordReader::open(path, kMagic, key_);
        MemberTable table;
        std::vector<int> member;
        if (reader && reader->take(member) && reader->take(table.rates) && reader->take(table.coverages) && reader->take(table.parts) &&
            reader->take(table.windows) && reader->finished() && member.size() == 1)
          found[member[0]] = std::move(table);
      }
    } catch (const nlohmann::json::exception&) {  // not ours, or damaged: its members are made again
    } catch (const Error&) {}
  }
  return found;
}

void MemberUnits::keep(int member, const MemberTable& table) {
  const std::string name = unit_name(member), path = folder_ + "/" + name;
  RecordWriter writer(path, kMagic, key_);
  writer.put(std::vector<int>{member});
  writer.put(table.rates);
  writer.put(table.coverages);
  writer.put(table.parts);
  writer.put(table.windows);
  writer.commit();
  kept_[name] = {hash_file(path), fs::file_size(path)};
  nlohmann::ordered_json manifest{{"key", key_}, {"units", nlohmann::ordered_json::array()}};
  for (const auto& [unit, about] : kept_) manifest["units"].push_back({{"name", unit}, {"bytes", about.second}, {"sha256", about.first}});
  write_file_atomically(folder_ + "/" + writer_ + kManifest, manifest.dump(1) + "\n");
}

}  // namespace guyu::cli
