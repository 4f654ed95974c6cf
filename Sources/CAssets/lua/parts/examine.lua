-- part examine: what is wrong with one job, by its hash and every collection of its queue at one instant.
local ZSETS = { 'scheduled', 'retrying', 'running', 'done', 'dead' }
local HOME = { scheduled = 'scheduled', ready = 'ready', running = 'running', retrying = 'retrying', succeeded = 'done',
  cancelled = 'done', dead = 'dead' }
local ENDED = { succeeded = true, cancelled = true, dead = true }
local COUNTERS = { 'attempts', 'deliveries', 'losses', 'lives' }
local LONGEST_LEASE = 86400000

local function whole(text)
  local n = tonumber(text)
  return n and n >= 0 and n < 9007199254740992 and n == math.floor(n)
end

local function latest(...)
  local last = 0
  for i = 1, select('#', ...) do
    local n = counter((select(i, ...)))
    if n > last then last = n end
  end
  return last
end

-- A job without a hash. Entries of `done` and `dead` may outlive theirs, and so may a cancelled id in the line.
local function examine_absent(id, found)
  for _, zset in ipairs({ 'scheduled', 'retrying', 'running' }) do
    if found.scores[zset] then found.say('entry_without_hash', zset) end
  end
  if found.line > 0 and not found.tomb then found.say('entry_without_hash', 'ready') end
end

-- Whether the hash lies where its state says, once, and nowhere else.
local function examine_place(found, is_judged)
  local state, home = found.state, HOME[found.state]
  if home == 'ready' then
    if is_judged and found.line == 0 then found.say('hash_without_entry', 'ready') end
    if is_judged and found.line > 1 then found.say('twice_in_line', 'ready') end
  elseif not ENDED[state] and not found.scores[home] then
    found.say(state == 'running' and 'lease_without_entry' or 'hash_without_entry', home)
  end
  for _, zset in ipairs(ZSETS) do
    if zset ~= home and found.scores[zset] then
      found.say(zset == 'running' and 'entry_without_lease' or 'second_entry', zset)
    end
  end
  if home ~= 'ready' and is_judged and found.line > 0 and not found.tomb then found.say('second_entry', 'ready') end
end

-- seen   how often the caller saw the id in the line | -1 have the line searched, O(its length)
-- since  when the caller began to look, ms: of a job that moved later, what was seen says nothing
local function examine(id, seen, since)
  local k = J .. id
  local found = { id = id, k = k, codes = {}, scores = {} }
  function found.say(code, detail) found.codes[#found.codes + 1] = code .. ' ' .. (detail or '') end
  for _, zset in ipairs(ZSETS) do found.scores[zset] = tonumber(call('ZSCORE', p .. zset, id)) end
  found.line = seen >= 0 and seen or #call('LPOS', KEYS[1], id, 'COUNT', 0)
  found.tomb = found.line > 0 and try('SISMEMBER', p .. 'tombs', id) == 1
  local kind = call('TYPE', k).ok
  if kind == 'none' then
    examine_absent(id, found)
    return found
  elseif kind ~= 'hash' then
    found.say('wrong_type', kind)
    return found
  end
  local h = call('HMGET', k, 'state', 'kind', 'sealed', 'created_ms', 'ready_ms', 'started_ms', 'finished_ms', 'cancel',
    'unique')
  found.state, found.kind, found.sealed, found.finished, found.cancel, found.unique = h[1], h[2], h[3], h[7], h[8], h[9]
  if not HOME[found.state] then
    found.say('state_unknown')
    return found
  end
  found.ended = ENDED[found.state]
  examine_place(found, seen < 0 or latest(h[4], h[5], h[6], h[7]) < since)
  local home = HOME[found.state]
  if found.ended and found.scores[home] and whole(h[7]) and tonumber(h[7]) ~= found.scores[home] then
    found.say('score_disagrees', home)
  end
  if found.state == 'running' and found.scores.running and found.scores.running > now + LONGEST_LEASE then
    found.say('lease_too_long', 'running')
  end
  local limit = call('PTTL', k)
  if found.ended and limit == -1 then found.say('end_without_limit') end
  if not found.ended and limit >= 0 then found.say('limit_before_end') end
  if found.ended and (found.sealed == '1' or (not found.kind and found.sealed ~= '0')) then
    if call('HEXISTS', k, 'payload') == 1 or call('HEXISTS', k, 'raw') == 1 then found.say('sealed_content_left') end
  end
  local counters = call('HMGET', k, unpack(COUNTERS))
  for i, name in ipairs(COUNTERS) do
    if counters[i] and not whole(counters[i]) then found.say('counter_unreadable', name) end
  end
  found.least = counter(counters[1]) + counter(counters[3])
  if found.least > counter(counters[2]) then found.say('counters_disagree', 'deliveries') end
  return found
end

-- A unique key: held by a job that is there, has not ended and knows of it.
local function examine_lock(print)
  local id = try('GET', p .. 'unique:' .. print)
  if type(id) ~= 'string' then return {} end
  local h = try('HMGET', J .. id, 'state')
  if h.err or (h[1] and not ENDED[h[1]]) then return {} end
  return { 'unique_without_job ' .. (h[1] or '') }
end

-- An Idempotency-Key holds beyond its job; only one that says nothing is wrong.
local function examine_idem(print)
  local held = try('GET', p .. 'idem:' .. print)
  if held == false or (type(held) == 'string' and string.find(held, '^[a-z0-9_-]+%.%w+ .')) then return {} end
  return { 'idempotency_unreadable ' }
end

-- A tombstone stands for a cancelled id that still lies in the line.
local function examine_tomb(id, seen)
  if try('SISMEMBER', p .. 'tombs', id) ~= 1 then return {} end
  local line = seen >= 0 and seen or #call('LPOS', KEYS[1], id, 'COUNT', 0)
  local state = try('HMGET', J .. id, 'state')[1]
  if line == 0 or state == 'ready' then return { 'tomb_without_entry tombs' } end
  return {}
end

local function examine_any(what, name, seen, since)
  if what == 'job' then return examine(name, seen, since).codes end
  if what == 'unique' then return examine_lock(name) end
  if what == 'idem' then return examine_idem(name) end
  return examine_tomb(name, seen)
end
