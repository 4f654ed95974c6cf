#!lua flags=no-writes
-- memory_scan: a page of a user's memories without their contents, for forgetting them all.
-- KEYS     1 user's key | 2 tree | 3 ids | 4 erasure record of the job
-- ARGV     1 what the user's keys begin with | 2 first place in ids | 3 how many
-- returns  { wrapped key, key version, tree version, memories, erasure record, { { record, { field, value ... } } ... } };
--          what is not there is false
local key = redis.call('HMGET', KEYS[1], 'wrapped', 'version')
local first = tonumber(ARGV[2])
local names = { 'metadata', 'key', 'leaf', 'commitment', 'created_ms', 'key_version', 'status', 'schema', 'tags' }
local rows = {}
for i, record in ipairs(redis.call('ZRANGE', KEYS[3], first, first + tonumber(ARGV[3]) - 1)) do
  local values = redis.pcall('HMGET', ARGV[1] .. 'memory:' .. record, unpack(names))
  local fields = {}
  for n, name in ipairs(names) do
    if values[n] then
      fields[#fields + 1] = name
      fields[#fields + 1] = values[n]
    end
  end
  rows[i] = { record, fields }
end
return {
  key[1], key[2], redis.call('HGET', KEYS[2], 'version'), redis.call('ZCARD', KEYS[3]), redis.call('GET', KEYS[4]), rows,
}
