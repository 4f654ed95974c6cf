#!lua flags=allow-oom
-- mend: puts one job, unique key, Idempotency-Key or tombstone right, after it has looked anew. No job is lost: one that
--       has not ended and lies nowhere goes to the head of the line.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 'job' | 'unique' | 'idem' | 'tomb'   2 its name   3 result ttl ms   4 dead retention ms
-- returns  { { 'code detail' ... } as found, { 'code detail' ... } that are left }; O(length of the line)
--@include clock
--@include finish
--@include history
--@include examine
guard(unpack(ZSETS))
local what, name = ARGV[1], ARGV[2]

-- Ends the wait of what nobody can run, as reap does.
local function cancel(found)
  call('HSET', found.k, 'state', 'cancelled', 'worker', '', 'finished_ms', NOW)
  call('PEXPIRE', found.k, ARGV[3])
  call('ZADD', p .. 'done', NOW, name)
  if found.unique then unlock(name, found.unique) end
  drop_content(found.k, found.kind, found.sealed)
  count('cancelled', 1)
  publish({ name .. ' cancelled' })
end

-- Back to the head of the line. No worker holds it from now on: the empty `worker` makes every token old.
local function put_back(found)
  if found.state == 'running' then
    remember(found.k, found.cancel and 'cancelled' or 'released', 'it ran under no lease')
    if found.cancel then return cancel(found) end
  end
  if found.state ~= 'ready' then call('HSET', found.k, 'state', 'ready', 'worker', '', 'ready_ms', NOW) end
  push_head({ name })
  ring(1)
  publish({ name .. ' ready' })
end

local function mend_job(found)
  local k = found.k
  local fix = {
    entry_without_hash = function(place)
      if place == 'ready' then call('LREM', KEYS[1], 0, name) else call('ZREM', p .. place, name) end
      count('missing', 1)
    end,
    second_entry = function(place)
      if place == 'ready' then call('LREM', KEYS[1], 0, name) else call('ZREM', p .. place, name) end
    end,
    entry_without_lease = function(place) call('ZREM', p .. place, name) end,
    twice_in_line = function() call('LREM', KEYS[1], found.line - 1, name) end,    -- the one that is next out stays
    score_disagrees = function(place) call('ZADD', p .. place, found.finished, name) end,
    lease_too_long = function() call('ZADD', p .. 'running', string.format('%.0f', now + 15000), name) end,
    end_without_limit = function() call('PEXPIRE', k, found.state == 'dead' and ARGV[4] or ARGV[3]) end,
    limit_before_end = function() call('PERSIST', k) end,
    sealed_content_left = function() drop_content(k, found.kind, found.sealed) end,
    counter_unreadable = function(field) call('HSET', k, field, field == 'lives' and '1' or '0') end,
    counters_disagree = function()
      -- Never under a lease: it would make a token old whose worker is at work.
      if found.state ~= 'running' then call('HSET', k, 'deliveries', string.format('%.0f', found.least)) end
    end,
  }
  local is_lost = false
  for _, entry in ipairs(found.codes) do
    local code, detail = string.match(entry, '^(%S+) (.*)$')
    if code == 'hash_without_entry' or code == 'lease_without_entry' then is_lost = true end
    if fix[code] then fix[code](detail) end
  end
  if is_lost then put_back(found) end
end

local before
if what == 'job' then
  local found = examine(name, -1, 0)
  before = found.codes
  if #before > 0 then mend_job(found) end
else
  before = examine_any(what, name, -1, 0)
  if #before > 0 then
    if what == 'tomb' then call('SREM', p .. 'tombs', name) else call('DEL', p .. what .. ':' .. name) end
  end
end
if #before == 0 then return { before, {} } end
return { before, examine_any(what, name, -1, 0) }
