#!lua flags=allow-oom
-- memory_forget: destroys one memory with its data key, empties its leaf, and keeps its nullifier.
-- KEYS     1 tree | 2 ids | 3 forgotten | 4 the memory | 5 roots | 6... the set of each of its tags
-- ARGV     1 the record | 2 tree version that the caller saw | 3 nullifier | 4 root to put | 5 ms that roots are
--          remembered | then field and bytes of each node
-- returns  1, or 0 when something changed since the caller read it: nothing is written then
--@include memory_tree
call('ZCARD', KEYS[2])
call('HLEN', KEYS[3])
call('ZCARD', KEYS[5])
for i = 6, #KEYS do call('SCARD', KEYS[i]) end
if not unchanged(KEYS[1], ARGV[2]) then return 0 end
if call('HLEN', KEYS[4]) == 0 then return 0 end
call('UNLINK', KEYS[4])
call('ZREM', KEYS[2], ARGV[1])
for i = 6, #KEYS do call('SREM', KEYS[i], ARGV[1]) end
call('HSET', KEYS[3], ARGV[1], ARGV[3])
change_nodes(KEYS[1], 6, #ARGV)
change_root(KEYS[1], KEYS[5], ARGV[4], ARGV[5])
return 1
