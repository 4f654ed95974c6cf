#!lua flags=allow-oom
-- claim: take up to n ready jobs and lease them to `worker`. Promotes due jobs first (64 + 64 a call).
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 n, at most 64 | 2 worker id, unique to the process start | 3 lease ms (config lease_ms wins)
--          4 byte budget: stops after the job that passes it | 5 nonce: 14 random Crockford base32 characters,
--          fresh for each call (ids of adopted raw elements) | 6 dead_max | 7 dead retention ms
-- returns  { now_ms, paused 0|1, more 0|1, next_due_ms | -1, lease_ms in force, max_attempts of the queue | 0, row ... }
--          row = { id, token, { f1, v1 ... fn, vn } }: the hash as it was before this claim
--          payload absent: `raw` is a whole list element; a worker that cannot parse it settles `dead` undecodable
--          token = the delivery number; absent counters are 0; the wait began at ready_ms, else created_ms
--          more = 1: something may be left, ask again when a slot is free, without blocking
--@include clock
--@include promote
--@include trim
--@include claim
guard('running', 'scheduled', 'retrying', 'dead')
local n, lease_ms, byte_budget = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
return claim(n, ARGV[2], lease_ms, byte_budget, ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]))
