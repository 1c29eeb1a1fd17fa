#include "cli/signed_pack.h"

#include <filesystem>

#include "alerts/cap/secret_file.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu::cli {
namespace {

// What was parsed is what was looked at, though the file may have been written in between.
void require_same(const RulePack& pack, const std::string& bytes) {
  if (pack.hash != Hasher().bytes(bytes.data(), bytes.size()).hex()) throw Error(pack.path, "was changed while it was read", "try again");
}

}  // namespace

std::string signature_path(const std::string& pack) { return pack + ".sig"; }

SignedPack load_signed_pack(const std::string& path, const std::string& trust) {
  const std::string signature = signature_path(path);
  if (!std::filesystem::is_regular_file(signature))
    throw Error(path, "is not signed: there is no " + signature, "have it signed: guyu rules sign " + path + " --key KEY --certificate CERTIFICATE");
  const std::string bytes = read_text_file(path);
  const SignedBytes by = verify_bytes(bytes, read_text_file(signature), read_text_file(trust), path);
  SignedPack out{load_rule_pack(path), by};
  require_same(out.pack, bytes);
  return out;
}

std::string sign_pack(const std::string& path, const std::string& key, const std::string& certificate) {
  const std::string bytes = read_text_file(path);
  require_same(load_rule_pack(path), bytes);
  const std::string out = signature_path(path);
  write_file_atomically(out, sign_bytes(bytes, read_secret_file(key), read_text_file(certificate)));
  return out;
}

}  // namespace guyu::cli
