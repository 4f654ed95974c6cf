#!lua flags=no-writes
-- stats: one queue, cheap enough for every scrape; runs on a replica too.
-- KEYS[1]  wc:{q}:ready
-- ARGV     none
-- returns  { now_ms, ready, scheduled, retrying, running, done, dead, tombstones, oldest_ready_age_ms | -1,
--            next_due_ms | -1, paused 0|1, rings }
--          ready excludes tombstones. oldest age: the oldest of the 16 entries that are next out; raw elements carry
--          no instant, so with raw ones alone it is -1
local p = string.sub(KEYS[1], 1, -6)
local J = p .. 'job:'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local age = -1
local function look(e)
  if not e or #e > 128 then return end
  local h = redis.pcall('HMGET', J .. e, 'state', 'ready_ms', 'created_ms')
  local since = tonumber(h[2] or h[3])
  if h[1] == 'ready' and since and now - since > age then age = now - since end
end
local next_out = redis.call('LRANGE', KEYS[1], -16, -1)
for i = 1, #next_out do look(next_out[i]) end
if age < 0 then look(redis.call('LINDEX', KEYS[1], 0)) end
local function size(command, key)
  local n = redis.pcall(command, key)
  return type(n) == 'number' and n or 0
end
local tombs = size('SCARD', p .. 'tombs')
local due = -1
for _, z in ipairs({ 'scheduled', 'retrying' }) do
  local s = tonumber(redis.call('ZRANGE', p .. z, 0, 0, 'WITHSCORES')[2])
  if s and (due < 0 or s < due) then due = s end
end
return { now, redis.call('LLEN', KEYS[1]) - tombs, redis.call('ZCARD', p .. 'scheduled'),
  redis.call('ZCARD', p .. 'retrying'), redis.call('ZCARD', p .. 'running'), redis.call('ZCARD', p .. 'done'),
  redis.call('ZCARD', p .. 'dead'), tombs, age, due,
  redis.pcall('HMGET', p .. 'config', 'paused')[1] == '1' and 1 or 0, size('LLEN', p .. 'wake') }
