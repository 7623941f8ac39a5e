// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/certificates.h"

#include <atomic>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace rm::lab {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

void must(bool worked) {
    if (!worked) throw std::runtime_error("OpenSSL could not make a certificate");
}

Key make_key() {
    Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    must(key != nullptr);
    return key;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_nconf_nid(nullptr, &context, kind, value.c_str()), &X509_EXTENSION_free);
    must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate make_certificate(const Key& key, std::string_view kind) {
    static std::atomic<long> last{0};
    const long serial = ++last;
    const std::string name = fmt::format("{} {}", kind, serial);  // no two have the same
    Certificate certificate(X509_new(), &X509_free);
    must(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
    must(X509_set_pubkey(certificate.get(), key.get()) == 1);
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, text, -1,
                                    -1, 0) == 1);
    return certificate;
}

std::string text_of(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
    must(PEM_write_bio_X509(memory.get(), certificate) == 1);
    return text_of(memory);
}

std::string pem(EVP_PKEY* key) {
    const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
    must(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(memory);
}

}  // namespace

struct CertificateAuthority::Parts {
    Key key = make_key();
    Certificate certificate = make_certificate(key, "throw-away authority");
};

CertificateAuthority::CertificateAuthority() : parts_(std::make_unique<Parts>()) {
    X509* own = parts_->certificate.get();
    must(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(own, own, NID_subject_key_identifier, "hash");
    must(X509_sign(own, parts_->key.get(), EVP_sha256()) > 0);
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::certificate() const {
    return pem(parts_->certificate.get());
}

Identity CertificateAuthority::sign(const std::string& names) const {
    const Key key = make_key();
    const Certificate certificate = make_certificate(key, "throw-away");
    X509* issuer = parts_->certificate.get();
    must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1);
    extend(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    extend(certificate.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    extend(certificate.get(), issuer, NID_subject_alt_name, names);
    must(X509_sign(certificate.get(), parts_->key.get(), EVP_sha256()) > 0);
    return {.certificate = pem(certificate.get()), .key = pem(key.get())};
}

}  // namespace rm::lab
