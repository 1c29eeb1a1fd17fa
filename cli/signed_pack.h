#pragma once
#include <string>

#include "alerts/cap/file_signature.h"
#include "models/rules/rule_pack.h"

namespace guyu::cli {

// A pack's signature stands beside it: gale.toml.sig for gale.toml.
std::string signature_path(const std::string& pack);

struct SignedPack {
  RulePack pack;
  SignedBytes signature;
};
// A pack that is read only as it was signed, by somebody whom `trust` (a PEM file of certificates) holds for good. Throws Error naming file and remedy when
// there is no signature or it does not hold.
SignedPack load_signed_pack(const std::string& path, const std::string& trust);

// Signs the pack, which must be sound, and writes its signature beside it; gives that file's path. The key's file is one for its owner alone (secret_file.h).
std::string sign_pack(const std::string& path, const std::string& key, const std::string& certificate);

}  // namespace guyu::cli
