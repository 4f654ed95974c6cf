// Files that ship inside the programs, embedded by the compiler. Data only.
#pragma once
#include <stddef.h>

/// A file's bytes; `bytes[count]` is a NUL that does not count.
typedef struct {
  const unsigned char *bytes;
  size_t count;
} wc_asset;

/// A Lua script by its name ("claim"), or a part of scripts ("parts/claim"); no bytes when there is none of that name.
wc_asset wc_lua(const char *name);

/// A file of the dashboard ("index.html") or "openapi.json" by its name; no bytes when there is none of that name.
wc_asset wc_web(const char *name);
