#!lua flags=allow-oom
-- auth_failure: counts a guess from an address; the one too many blocks the address.
-- KEYS[1]  wc:guesses:<address>
-- ARGV     1 guesses that block   2 window in ms, from the first guess   3 length of a block in ms
-- returns  ms that the address stays blocked, 0 for not; 1 when this guess began the block, else 0
local most = tonumber(ARGV[1])
local n = redis.call('INCR', KEYS[1])
local begins = n == most and 1 or 0
if begins == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif redis.call('PTTL', KEYS[1]) < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
if n < most then return { 0, 0 } end
return { redis.call('PTTL', KEYS[1]), begins }
