#!lua
-- schedule_advance: notes a run and the time of the next one, for the first producer that comes with it.
-- KEYS[1]  wc:schedule:<name>
-- ARGV     1 revision that was read   2 next_ms that was read   3 counter that grows by one, or ''   then fields and values
-- returns  1 noted | 0 another producer, a change or a deletion came first
local found = redis.call('HMGET', KEYS[1], 'revision', 'next_ms')
if found[1] ~= ARGV[1] or (found[2] or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
if ARGV[3] ~= '' then redis.call('HINCRBY', KEYS[1], ARGV[3], 1) end
return 1
