#!lua
-- schedule_put: writes a schedule if it still is the one that the caller has read.
-- KEYS[1]  wc:schedule:<name>
-- ARGV     1 revision that was read, '' for none   2 next_ms that was read   then fields and values
-- returns  1 written | 0 another was there
local found = redis.call('HMGET', KEYS[1], 'revision', 'next_ms')
if (found[1] or '') ~= ARGV[1] or (found[2] or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
return 1
