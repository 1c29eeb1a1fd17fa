#pragma once
#include <string>

#include "alerts/cap/xmlsec.h"

// For the sources of this folder only.
namespace guyu::xmlsec {

struct SigningPair {
  EvpKey key;
  Certificate certificate;
};
// From PEM text. Throws Error when they are no P-256 key and its certificate.
SigningPair read_signing_pair(const std::string& key_pem, const std::string& certificate_pem);

}  // namespace guyu::xmlsec
