#!lua flags=no-writes
-- memory_read: one memory and what an operation on it needs, all of one instant.
-- KEYS     1 user's key | 2 tree | 3 ids | 4 forgotten | 5 the memory
-- ARGV     1 the record | 2 '1' when the neighbours on the way of its leaf are wanted; without a memory those of the
--          next free place
-- returns  { now ms, wrapped key, key version, leaf count, root, tree version, memories, nullifier of a forgotten one,
--          { field, value ... }, { neighbour, 20 times } }; what is not there is false
local time = redis.call('TIME')
local key = redis.call('HMGET', KEYS[1], 'wrapped', 'version')
local tree = redis.call('HMGET', KEYS[2], 'count', 'root', 'version')
local memory = redis.call('HGETALL', KEYS[5])
local neighbours = {}
if ARGV[2] == '1' then
  local leaf = tree[1]
  if #memory > 0 then leaf = redis.call('HGET', KEYS[5], 'leaf') end
  local place = tonumber(leaf or '0') or 0           -- what is no number is refused by the caller
  local fields = {}
  for level = 0, 19 do
    fields[level + 1] = string.format('%d:%.0f', level, place % 2 == 0 and place + 1 or place - 1)
    place = math.floor(place / 2)
  end
  neighbours = redis.call('HMGET', KEYS[2], unpack(fields))
end
return {
  time[1] * 1000 + math.floor(time[2] / 1000), key[1], key[2], tree[1], tree[2], tree[3],
  redis.call('ZCARD', KEYS[3]), redis.call('HGET', KEYS[4], ARGV[1]), memory, neighbours,
}
