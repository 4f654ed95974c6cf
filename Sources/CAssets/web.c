// The files of the dashboard and the API's description, embedded as they lie here.
#include <string.h>

#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "dashboard/index.html"
    , 0};
static const unsigned char dashboard_css[] = {
#embed "dashboard/dashboard.css"
    , 0};
static const unsigned char dashboard_js[] = {
#embed "dashboard/dashboard.js"
    , 0};

static const unsigned char openapi_json[] = {
#embed "openapi.json"
    , 0};

typedef struct {
  const char *name;
  wc_asset asset;
} named_asset;

static const named_asset files[] = {
    {"index.html", {index_html, sizeof index_html - 1}},
    {"dashboard.css", {dashboard_css, sizeof dashboard_css - 1}},
    {"dashboard.js", {dashboard_js, sizeof dashboard_js - 1}},
    {"openapi.json", {openapi_json, sizeof openapi_json - 1}},
};

wc_asset wc_web(const char *name) {
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (strcmp(files[i].name, name) == 0) return files[i].asset;
  }
  return (wc_asset){0, 0};
}
