#!lua
-- memory_names: puts the wrapped key of the names, when it is still what the caller saw.
-- KEYS[1]  wc:memory:names
-- ARGV     1 the wrapped key that the caller saw, '' for none | 2 the one to put
-- returns  the wrapped key that is there now
local there = redis.call('HGET', KEYS[1], 'wrapped')
if (there or '') ~= ARGV[1] then return there end
redis.call('HSET', KEYS[1], 'wrapped', ARGV[2])
return ARGV[2]
