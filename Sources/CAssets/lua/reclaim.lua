#!lua flags=no-writes
-- reclaim: after a lost reply, the running jobs of `worker` that it does not know of. Changes nothing.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 worker id | 2 offset | 3 how many running entries to look at (<= 256) | then the ids that the worker knows
-- returns  { next offset | -1, row ... }, rows as in claim, with the token of the delivery
local p = string.sub(KEYS[1], 1, -6)
local J = p .. 'job:'
local offset, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local known = {}
for i = 4, #ARGV do known[ARGV[i]] = true end
local ids = redis.call('ZRANGE', p .. 'running', offset, offset + most - 1)
local reply = { #ids == most and offset + most or -1 }
for i = 1, #ids do
  local id = ids[i]
  if not known[id] then
    local h = redis.pcall('HMGET', J .. id, 'worker', 'state', 'deliveries')
    local token = tonumber(h[3])
    -- Under a token that was spoilt by hand nothing could be settled; the reaper gets that job.
    if h[1] == ARGV[1] and h[2] == 'running' and token and token >= 1 and token < 9007199254740992 then
      reply[#reply + 1] = { id, token, redis.call('HGETALL', J .. id) }
    end
  end
end
return reply
