// The Lua scripts, embedded as they lie in lua/. Jobs/Scripts/ScriptSource.swift resolves their `--@include` lines.
#include <string.h>

#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char script_enqueue[] = {
#embed "lua/enqueue.lua"
    , 0};
static const unsigned char script_claim[] = {
#embed "lua/claim.lua"
    , 0};
static const unsigned char script_settle[] = {
#embed "lua/settle.lua"
    , 0};
static const unsigned char script_settle_and_claim[] = {
#embed "lua/settle_and_claim.lua"
    , 0};
static const unsigned char script_reclaim[] = {
#embed "lua/reclaim.lua"
    , 0};
static const unsigned char script_extend[] = {
#embed "lua/extend.lua"
    , 0};
static const unsigned char script_progress[] = {
#embed "lua/progress.lua"
    , 0};
static const unsigned char script_reap[] = {
#embed "lua/reap.lua"
    , 0};
static const unsigned char script_cancel[] = {
#embed "lua/cancel.lua"
    , 0};
static const unsigned char script_requeue[] = {
#embed "lua/requeue.lua"
    , 0};
static const unsigned char script_purge[] = {
#embed "lua/purge.lua"
    , 0};
static const unsigned char script_pause[] = {
#embed "lua/pause.lua"
    , 0};
static const unsigned char script_stats[] = {
#embed "lua/stats.lua"
    , 0};
static const unsigned char script_read[] = {
#embed "lua/read.lua"
    , 0};
static const unsigned char script_examine[] = {
#embed "lua/examine.lua"
    , 0};
static const unsigned char script_mend[] = {
#embed "lua/mend.lua"
    , 0};
static const unsigned char script_reissue[] = {
#embed "lua/reissue.lua"
    , 0};
static const unsigned char script_memory_names[] = {
#embed "lua/memory_names.lua"
    , 0};
static const unsigned char script_memory_read[] = {
#embed "lua/memory_read.lua"
    , 0};
static const unsigned char script_memory_scan[] = {
#embed "lua/memory_scan.lua"
    , 0};
static const unsigned char script_memory_store[] = {
#embed "lua/memory_store.lua"
    , 0};
static const unsigned char script_memory_forget[] = {
#embed "lua/memory_forget.lua"
    , 0};
static const unsigned char script_memory_forget_user[] = {
#embed "lua/memory_forget_user.lua"
    , 0};
static const unsigned char script_rate_limit[] = {
#embed "lua/rate_limit.lua"
    , 0};
static const unsigned char script_auth_failure[] = {
#embed "lua/auth_failure.lua"
    , 0};
static const unsigned char script_schedule_due[] = {
#embed "lua/schedule_due.lua"
    , 0};
static const unsigned char script_schedule_put[] = {
#embed "lua/schedule_put.lua"
    , 0};
static const unsigned char script_schedule_advance[] = {
#embed "lua/schedule_advance.lua"
    , 0};
static const unsigned char part_clock[] = {
#embed "lua/parts/clock.lua"
    , 0};
static const unsigned char part_promote[] = {
#embed "lua/parts/promote.lua"
    , 0};
static const unsigned char part_trim[] = {
#embed "lua/parts/trim.lua"
    , 0};
static const unsigned char part_finish[] = {
#embed "lua/parts/finish.lua"
    , 0};
static const unsigned char part_history[] = {
#embed "lua/parts/history.lua"
    , 0};
static const unsigned char part_settle[] = {
#embed "lua/parts/settle.lua"
    , 0};
static const unsigned char part_claim[] = {
#embed "lua/parts/claim.lua"
    , 0};
static const unsigned char part_examine[] = {
#embed "lua/parts/examine.lua"
    , 0};
static const unsigned char part_memory_tree[] = {
#embed "lua/parts/memory_tree.lua"
    , 0};

typedef struct {
  const char *name;
  wc_asset asset;
} named_asset;

static const named_asset scripts[] = {
    {"enqueue", {script_enqueue, sizeof script_enqueue - 1}},
    {"claim", {script_claim, sizeof script_claim - 1}},
    {"settle", {script_settle, sizeof script_settle - 1}},
    {"settle_and_claim", {script_settle_and_claim, sizeof script_settle_and_claim - 1}},
    {"reclaim", {script_reclaim, sizeof script_reclaim - 1}},
    {"extend", {script_extend, sizeof script_extend - 1}},
    {"progress", {script_progress, sizeof script_progress - 1}},
    {"reap", {script_reap, sizeof script_reap - 1}},
    {"cancel", {script_cancel, sizeof script_cancel - 1}},
    {"requeue", {script_requeue, sizeof script_requeue - 1}},
    {"purge", {script_purge, sizeof script_purge - 1}},
    {"pause", {script_pause, sizeof script_pause - 1}},
    {"stats", {script_stats, sizeof script_stats - 1}},
    {"read", {script_read, sizeof script_read - 1}},
    {"examine", {script_examine, sizeof script_examine - 1}},
    {"mend", {script_mend, sizeof script_mend - 1}},
    {"reissue", {script_reissue, sizeof script_reissue - 1}},
    {"memory_names", {script_memory_names, sizeof script_memory_names - 1}},
    {"memory_read", {script_memory_read, sizeof script_memory_read - 1}},
    {"memory_scan", {script_memory_scan, sizeof script_memory_scan - 1}},
    {"memory_store", {script_memory_store, sizeof script_memory_store - 1}},
    {"memory_forget", {script_memory_forget, sizeof script_memory_forget - 1}},
    {"memory_forget_user", {script_memory_forget_user, sizeof script_memory_forget_user - 1}},
    {"rate_limit", {script_rate_limit, sizeof script_rate_limit - 1}},
    {"auth_failure", {script_auth_failure, sizeof script_auth_failure - 1}},
    {"schedule_due", {script_schedule_due, sizeof script_schedule_due - 1}},
    {"schedule_put", {script_schedule_put, sizeof script_schedule_put - 1}},
    {"schedule_advance", {script_schedule_advance, sizeof script_schedule_advance - 1}},
    {"parts/clock", {part_clock, sizeof part_clock - 1}},
    {"parts/promote", {part_promote, sizeof part_promote - 1}},
    {"parts/trim", {part_trim, sizeof part_trim - 1}},
    {"parts/finish", {part_finish, sizeof part_finish - 1}},
    {"parts/history", {part_history, sizeof part_history - 1}},
    {"parts/settle", {part_settle, sizeof part_settle - 1}},
    {"parts/claim", {part_claim, sizeof part_claim - 1}},
    {"parts/examine", {part_examine, sizeof part_examine - 1}},
    {"parts/memory_tree", {part_memory_tree, sizeof part_memory_tree - 1}},
};

wc_asset wc_lua(const char *name) {
  for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
    if (strcmp(scripts[i].name, name) == 0) return scripts[i].asset;
  }
  return (wc_asset){0, 0};
}
