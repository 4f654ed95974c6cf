-- part clock: the prefix, the one clock, the doorbell, the counters.
-- Redis formats a Lua number with %.17g, which costs more than many commands: pass text wherever it repeats.
local call, try = redis.call, redis.pcall
local p = string.sub(KEYS[1], 1, -6)                 -- 'wc:{q}:ready' -> 'wc:{q}:'
local J = p .. 'job:'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local NOW = string.format('%.0f', now)
local DIGITS = { '1', '2', '3', '4', '5', '6', '7', '8', '9' }

-- Redis does not roll a script back. So each script first touches every key that it may write with a command of that
-- key's type: a key of another type stops the call before its first write, never in the middle.
local function guard(...)
  call('LLEN', KEYS[1])
  for _, zset in ipairs({ ... }) do call('ZCARD', p .. zset) end
end

-- A number that a person may have spoilt: whole, not negative, exact in a double; else 0.
local function counter(text)
  local n = tonumber(text)
  if n and n >= 0 and n < 9007199254740992 then return math.floor(n) end
  return 0
end

-- A setting that a person may have spoilt: within its bounds, else what the caller asks for. NaN is within no bounds.
local function setting(text, low, high, otherwise)
  local n = tonumber(text)
  if n and n >= low and n <= high then return math.floor(n) end
  return otherwise
end

-- The length of a list or set that only guides; a key of another type counts as empty.
local function size(command, key)
  local n = try(command, key)
  return type(n) == 'number' and n or 0
end

-- One ring a job that became ready, never more than 64 rings in the list.
local function ring(n)
  if n <= 0 then return end
  local room = 64 - size('LLEN', p .. 'wake')
  if n > room then n = room end
  if n <= 0 then return end
  local bells = {}
  for i = 1, n do bells[i] = '1' end
  try('LPUSH', p .. 'wake', unpack(bells))
end

-- One bucket a minute for charts (25 h).
local minute = p .. 'stats:min:' .. string.format('%.0f', math.floor(now / 60000))
local function count_minute(field, n)
  if try('HINCRBY', minute, field, n) == tonumber(n) then try('EXPIRE', minute, 90000) end
end

-- Totals for ever, and the minute's.
local function count(field, n)
  if n == 0 then return end
  try('HINCRBY', p .. 'stats', field, n)             -- a counter spoilt by hand never stops a job
  count_minute(field, n)
end

-- Head of the line, keeping the order inside the batch: the first of `ids` is the next one out.
local function push_head(ids)
  local n = #ids
  if n == 0 then return end
  local rev = {}
  for i = 1, n do rev[i] = ids[n + 1 - i] end
  call('RPUSH', KEYS[1], unpack(rev))
end

-- Hints for waiters, one line a job; the hash is the truth.
local function publish(hints)
  if #hints > 0 then try('PUBLISH', p .. 'events', table.concat(hints, '\n')) end
end
