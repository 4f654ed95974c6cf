// libssl and libcrypto of the distribution (OpenSSL 3): headers, and functions for macros that Swift cannot import.
// No logic.
#pragma once
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// A peer that asks for a new handshake in TLS 1.2 is refused.
static inline uint64_t wc_ssl_no_renegotiation(void) { return SSL_OP_NO_RENEGOTIATION; }
