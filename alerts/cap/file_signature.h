#pragma once
#include <string>
#include <string_view>

#include "engine/core/time.h"

// Detached signatures of files that decide, such as rule packs: CMS (RFC 5652) in PEM, ECDSA on P-256 with SHA-256, with the signer's certificate and the time
// of signing in it. `openssl cms -verify -binary -inform PEM -in F.sig -content F -CAfile ca.pem -purpose any` says the same.
namespace guyu {

// Key and certificate as PEM text. Throws Error when they are no P-256 key and its certificate.
std::string sign_bytes(std::string_view bytes, const std::string& key_pem, const std::string& certificate_pem);

struct SignedBytes {
  std::string signer;     // subject of the certificate, one line
  TimePoint signed_at{};  // as the signer states it
};
// trusted_pem: authorities, or certificates themselves, one or more. Certificates must have been valid at the time of signing, for what is in force outlives
// them; a key that is lost is withdrawn by taking its certificate from the trusted ones. Throws Error with reason and remedy, its place being `place`, for what
// was changed after it was signed, is signed by somebody else, by several, or with less than P-256 and SHA-256 (RSA: 2048 bits).
SignedBytes verify_bytes(std::string_view bytes, const std::string& signature_pem, const std::string& trusted_pem, const std::string& place);

}  // namespace guyu
