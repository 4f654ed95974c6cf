#!lua flags=allow-oom
-- settle_and_claim: one round trip of the steady state. Settles first, then claims.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 worker id | 2 result ttl ms | 3 dead retention ms | 4 done_max | 5 dead_max
--          6 n | 7 lease ms | 8 byte budget | 9 nonce | then jobs as in settle; at most 32 of each
-- returns  { settle codes, claim reply }
-- Reply lost: send the settlements again with settle, and ask reclaim for the jobs; never send this call again.
--@include clock
--@include promote
--@include trim
--@include finish
--@include history
--@include settle
--@include claim
guard('running', 'scheduled', 'retrying', 'done', 'dead')
local retention, dead_max = ARGV[3], tonumber(ARGV[5])
local codes = settle(ARGV[1], ARGV[2], retention, tonumber(ARGV[4]), dead_max, 10)
return { codes, claim(tonumber(ARGV[6]), ARGV[1], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9], dead_max, retention) }
