#include "hpc/bench/cap.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/cap_writer.h"
#include "alerts/cap/signature.h"
#include "engine/core/error.h"
#include "hpc/bench/workload.h"

namespace guyu::bench {
namespace {
constexpr std::size_t kMessages = 2000, kGroups = 100, kGroupSize = 100;
constexpr double kBar = 1.0;  // seconds for kMessages

RegionSet townships(std::string& origin) {
  const std::filesystem::path file = std::filesystem::path(data_folder()) / "regions/taiwan_towns.gpkg";
  if (data_folder().empty() || !std::filesystem::is_regular_file(file)) {
    origin = "synthetic squares";
    return mesh_regions(118, 22, 122, 26, 0.1);
  }
  origin = "real townships of Taiwan";
  RegionSource source;
  source.path = file.string();
  source.code_column = "code";
  source.name_column = "name";
  return read_regions(source);
}

// A key and its own certificate, for this run only.
MessageSigner signer() {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("bench"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const auto pem = [](const auto& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), BIO_free_all);
    write(out.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
  };
  return MessageSigner(pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); }),
                       pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); }));
}

Decision decision(const RegionSet& regions, std::size_t first, std::size_t count, std::size_t number) {
  const TimePoint now = parse_time("2019-06-10T00:00:00Z");
  Decision d;
  d.action = Action::update;
  d.reason = reasons::escalation;
  d.detail = "Yellow -> Orange in " + std::to_string(count) + " regions";
  d.alert.event = fmt::format("rainstorm-20190609T230000Z-{}", number);
  d.alert.hazard = "rainstorm";
  d.alert.level = Level::orange;
  d.previous_level = Level::yellow;
  d.alert.expires = now + std::chrono::hours(3);
  for (std::size_t k = 0; k < count; ++k) {
    AlertMember m;
    m.code = regions.regions[(first + k) % regions.regions.size()].code;
    m.valid = {now, now + std::chrono::hours(3)};
    m.evidence = {"rainstorm.orange.3h", m.valid, 50, 20, 40, 1, Seconds(240), false, 0.7};
    d.alert.members.push_back(std::move(m));
  }
  d.identifier = fmt::format("2.49.0.1.156.0.20190610000000.{}", number);
  d.sent = now;
  d.references = {{fmt::format("2.49.0.1.156.0.20190609230000.{}", number), now - std::chrono::hours(1), now + std::chrono::hours(1)}};
  return d;
}
}  // namespace

std::vector<Measurement> cap_messages(const StageOptions& o) {
  if (!std::filesystem::is_regular_file("configs/texts/rainstorm.zh-CN.toml")) {
    Measurement none;
    none.stage = "cap";
    none.skipped = "configs/texts is not below this folder";
    return {none};
  }
  std::string origin;
  const RegionSet regions = townships(origin);
  CapSettings settings;
  settings.sender = "warnings@example.org";
  for (const char* language : {"zh-CN", "en-US"}) settings.texts.push_back(load_message_text(fmt::format("configs/texts/rainstorm.{}.toml", language)));
  const CapWriter writer(settings, regions);
  const CapChecker checker({});
  const MessageSigner sign = signer();
  std::vector<Decision> single, groups;
  for (std::size_t k = 0; k < kMessages; ++k) single.push_back(decision(regions, k, 1, k + 1));
  for (std::size_t k = 0; k < kGroups; ++k) groups.push_back(decision(regions, k * 3, kGroupSize, k + 1));

  const auto checked = [&](const std::string& xml, const Decision& d) {
    const std::vector<CapFault> faults = checker.check(xml, std::vector<std::string>{d.references[0].identifier});
    if (!faults.empty()) throw Error(d.identifier, "is not fit to send: " + faults[0].rule + ": " + faults[0].detail);
  };
  std::size_t bytes = 0;
  const auto all = [&](const std::vector<Decision>& decisions) {
    bytes = 0;
    for (const Decision& d : decisions) {
      const std::string xml = writer.write(d);
      checked(xml, d);
      bytes += sign.sign(xml).size();
    }
  };
  Measurement whole{"cap", {}, 0, o.repeats, 0, 0, kBar, {}, {}};
  whole.seconds = median_seconds(o.repeats, [&] { all(single); });
  whole.data = fmt::format("{}: {} messages of {:.1f} KB written, checked and signed, {:.0f} a second", origin, kMessages,
                           static_cast<double>(bytes) / kMessages / 1000, kMessages / whole.seconds);

  std::vector<std::string> written;
  for (const Decision& d : single) written.push_back(writer.write(d));
  const auto part = [&](const char* name, const std::function<void(std::size_t)>& call) {
    Measurement m{name, fmt::format("the same {}", kMessages), 0, o.repeats, 0, 0, {}, {}, {}};
    m.seconds = median_seconds(o.repeats, [&] {
      for (std::size_t k = 0; k < kMessages; ++k) call(k);
    });
    return m;
  };
  std::vector<Measurement> found{whole, part("cap.write", [&](std::size_t k) { bytes += writer.write(single[k]).size(); }),
                                 part("cap.check", [&](std::size_t k) { checked(written[k], single[k]); }),
                                 part("cap.sign", [&](std::size_t k) { bytes += sign.sign(written[k]).size(); })};
  Measurement large{"cap.groups", {}, 0, o.repeats, 0, 0, {}, {}, {}};
  large.seconds = median_seconds(o.repeats, [&] { all(groups); });
  large.data =
      fmt::format("{}: {} messages of {} townships and {:.0f} KB, all three", origin, kGroups, kGroupSize, static_cast<double>(bytes) / kGroups / 1000);
  found.push_back(large);
  return found;
}

}  // namespace guyu::bench
