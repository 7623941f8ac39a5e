// SPDX-License-Identifier: Apache-2.0
// Throw-away certificates for tests of TLS: an authority made in memory, and what it signs, as PEM texts.
// Valid for one day from an hour ago.
#pragma once

#include <memory>
#include <string>

namespace rm::lab {

struct Identity {
    std::string certificate;
    std::string key;
};

class CertificateAuthority {
public:
    /// Throws std::runtime_error if OpenSSL cannot make one.
    CertificateAuthority();
    CertificateAuthority(const CertificateAuthority&) = delete;
    CertificateAuthority& operator=(const CertificateAuthority&) = delete;
    CertificateAuthority(CertificateAuthority&&) = delete;
    CertificateAuthority& operator=(CertificateAuthority&&) = delete;
    ~CertificateAuthority();

    /// The authority's own certificate: what a client has to trust.
    [[nodiscard]] std::string certificate() const;

    /// `names` in OpenSSL's form: "DNS:localhost,IP:127.0.0.1". Good for a server and for a client.
    [[nodiscard]] Identity sign(const std::string& names) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace rm::lab
