#!lua
-- enqueue: put N jobs in. Refused as a whole with -OOM when Redis is full: nothing is written then.
-- KEYS[1]  wc:{q}:ready
-- ARGV[1]  max_depth (0 = no limit; config max_depth wins)   ARGV[2] idempotency ttl, ms
-- then per job: id, when, guards, [idem key, fingerprint], [unique key, unique ttl ms], n, f1, v1 ... fn, vn
--          id      minted by the caller: the same id again is the same job
--          when    '' now | 'high' now, at the head | '+ms' after a delay | 'ms' at an instant
--          guards  '' | 'i' | 'u' | 'iu': which of the two pairs follow
--          fields  kind and payload, and where they differ from the default priority, opts, sealed
-- returns  one entry a job: 1 created | 'replayed <id>' | 'conflict <id>' | 'duplicate <id>' | 'full'
--@include clock
local config = try('HMGET', p .. 'config', 'paused', 'max_depth')
local max_depth = setting(config[2], 0, 9007199254740991, tonumber(ARGV[1]))
-- The two reads also guard: a key of another type stops the call before its first write.
local waiting = call('LLEN', KEYS[1]) + call('ZCARD', p .. 'scheduled')
local room = math.huge
if max_depth > 0 then room = max_depth - waiting + size('SCARD', p .. 'tombs') end
local out, normal, high, later = {}, {}, {}, {}
local last, created = #ARGV, 0
-- One EXISTS for the batch: nearly always all ids are new. `seen` catches an id that comes twice in this call.
local keys, seen, i = {}, {}, 3
while i <= last do
  keys[#keys + 1] = J .. ARGV[i]
  local g = ARGV[i + 2]
  if g ~= '' then i = i + 2 * #g end
  i = i + 4 + 2 * ARGV[i + 3]
end
local all_new = call('EXISTS', unpack(keys)) == 0
local job = 0
i = 3
while i <= last do
  local id, when, guards = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  i = i + 3
  local idem, print, unique, unique_ms
  if guards ~= '' then
    if string.find(guards, 'i', 1, true) then
      idem, print = p .. 'idem:' .. ARGV[i], ARGV[i + 1]
      i = i + 2
    end
    if string.find(guards, 'u', 1, true) then
      unique, unique_ms = ARGV[i], ARGV[i + 1]
      i = i + 2
    end
  end
  local from, to = i + 1, i + 2 * ARGV[i]
  i = to + 1
  job = job + 1
  local k, code = keys[job], 1
  if idem then
    local held = try('GET', idem)
    local other, first
    if type(held) == 'string' then other, first = string.match(held, '^([a-z0-9_-]+%.%w+) (.*)$') end
    if other then
      code = (first == print and 'replayed ' or 'conflict ') .. other
    end
  end
  if code == 1 and (seen[id] or not all_new and call('EXISTS', k) == 1) then code = 'replayed ' .. id end
  if code == 1 and unique then
    local other = try('GET', p .. 'unique:' .. unique)
    if type(other) == 'string' then
      local s = try('HMGET', J .. other, 'state')[1]
      if s and s ~= 'succeeded' and s ~= 'dead' and s ~= 'cancelled' then code = 'duplicate ' .. other end
    end
  end
  if code == 1 and created >= room then code = 'full' end
  if code == 1 then
    created = created + 1
    seen[id] = true
    if idem then call('SET', idem, id .. ' ' .. print, 'PX', ARGV[2]) end
    local due
    if when ~= '' and when ~= 'high' then
      due = string.byte(when) == 43 and now + tonumber(when) or tonumber(when)
      if due <= now then due = nil end
    end
    if due then
      later[#later + 1] = due
      later[#later + 1] = id
    elseif when == 'high' then
      high[#high + 1] = id
    else
      normal[#normal + 1] = id
    end
    call('HSET', k, 'state', due and 'scheduled' or 'ready', 'created_ms', NOW, unpack(ARGV, from, to))
    if unique then
      call('SET', p .. 'unique:' .. unique, id, 'PX', unique_ms)
      call('HSET', k, 'unique', unique)
    end
  end
  out[#out + 1] = code
end
if #normal > 0 then call('LPUSH', KEYS[1], unpack(normal)) end
push_head(high)
if #later > 0 then call('ZADD', p .. 'scheduled', unpack(later)) end
count('enqueued', created)
if config[1] ~= '1' then ring(#normal + #high) end
return out
