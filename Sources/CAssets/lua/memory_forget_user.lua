#!lua flags=allow-oom
-- memory_forget_user: destroys a user's key and all memories, empties the tree, and keeps the nullifiers.
-- KEYS     1 user's key | 2 tree | 3 ids | 4 forgotten | 5 roots | 6 erasure record of the job
-- ARGV     1 what the user's keys begin with | 2 tree version that the caller saw | 3 root of the empty tree
--          | 4 ms that roots are remembered | 5 erasure record to put | 6 ms that it is kept
--          | then record and nullifier ('' when there is none) of each memory
-- returns  1, or 0 when something changed since the caller read it: nothing is written then
--@include memory_tree
call('HLEN', KEYS[4])
call('ZCARD', KEYS[5])
if not unchanged(KEYS[2], ARGV[2]) then return 0 end
if call('ZCARD', KEYS[3]) ~= (#ARGV - 6) / 2 or call('EXISTS', KEYS[6]) == 1 then return 0 end
if call('HDEL', KEYS[1], 'wrapped', 'created_ms') > 0 then call('HSET', KEYS[1], 'shredded_ms', NOW) end
for i = 7, #ARGV, 2 do
  local memory = ARGV[1] .. 'memory:' .. ARGV[i]
  -- The sets of all tags end, so each is named by some memory; a damaged one names none and stops nothing.
  local tags = redis.pcall('HGET', memory, 'tags')
  if type(tags) == 'string' then
    for at = 1, #tags, 32 do call('UNLINK', ARGV[1] .. 'tag:' .. string.sub(tags, at, at + 31)) end
  end
  call('UNLINK', memory)
  call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
end
call('UNLINK', KEYS[3])
local count = call('HGET', KEYS[2], 'count')
if count then
  local version = call('HGET', KEYS[2], 'version')
  local root = call('HGET', KEYS[2], 'root')
  call('UNLINK', KEYS[2])
  call('HSET', KEYS[2], 'count', count, 'version', version, 'root', root)
  change_root(KEYS[2], KEYS[5], ARGV[3], ARGV[4])
end
call('SET', KEYS[6], ARGV[5], 'PX', ARGV[6])
return 1
