#!lua
-- memory_store: adds a memory, its leaf and its tags, and the user's key where it is new or wrapped anew.
-- KEYS     1 user's key | 2 tree | 3 ids | 4 forgotten | 5 the memory | 6 roots | 7... a set for each tag
-- ARGV     1 the record | 2 tree version that the caller saw | 3 wrapped key that it saw, '' for none | 4 wrapped key to
--          put, '' to leave it | 5 version of the key | 6 created ms | 7 leaf count to put | 8 root to put
--          | 9 ms that roots are remembered | 10 number of nodes, then field and bytes of each | then fields of the memory
-- returns  1, or 0 when something changed since the caller read it: nothing is written then
--@include memory_tree
call('ZCARD', KEYS[3])
call('ZCARD', KEYS[6])
for i = 7, #KEYS do call('SCARD', KEYS[i]) end
if not unchanged(KEYS[2], ARGV[2]) then return 0 end
if (call('HGET', KEYS[1], 'wrapped') or '') ~= ARGV[3] then return 0 end
if call('HLEN', KEYS[5]) > 0 or call('HEXISTS', KEYS[4], ARGV[1]) == 1 then return 0 end
if ARGV[4] ~= '' then
  call('HSET', KEYS[1], 'wrapped', ARGV[4], 'version', ARGV[5])
  call('HSETNX', KEYS[1], 'created_ms', NOW)
  call('HDEL', KEYS[1], 'shredded_ms')
end
local last = 10 + 2 * tonumber(ARGV[10])
change_nodes(KEYS[2], 11, last)
change_root(KEYS[2], KEYS[6], ARGV[8], ARGV[9])
call('HSET', KEYS[2], 'count', ARGV[7])
call('HSET', KEYS[5], unpack(ARGV, last + 1))
call('ZADD', KEYS[3], ARGV[6], ARGV[1])
for i = 7, #KEYS do call('SADD', KEYS[i], ARGV[1]) end
return 1
