#pragma once
#include <sys/stat.h>

#include <cstdlib>
#include <string>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

namespace guyu::test {

// Keys and certificates made by the openssl command: an authority, a signer under it, and a stranger who signed his own.
struct Keys {
  std::string folder;
  static int run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }
  std::string file(const std::string& name) const { return folder + "/" + name; }
  std::string text(const std::string& name) const { return read_text_file(file(name)); }

  explicit Keys(const std::string& curve = "P-256") : folder(temporary_folder("keys")) {
    const std::string in = "cd " + folder + " && ";
    for (const char* who : {"ca", "signer", "stranger"})
      run(in + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -out " + who + ".key && chmod 600 " + who + ".key");
    run(in + "openssl req -x509 -key ca.key -subj '/O=Test/CN=Authority' -days 3650 -out ca.pem");
    run(in + "openssl req -x509 -key stranger.key -subj '/O=Test/CN=Stranger' -days 3650 -out stranger.pem");
    run(in +
        "openssl req -new -key signer.key -subj '/O=Test/CN=Signer' -out signer.csr && openssl x509 -req -in signer.csr -CA ca.pem -CAkey ca.key "
        "-CAcreateserial -days 365 -out signer.pem");
  }
};

}  // namespace guyu::test
