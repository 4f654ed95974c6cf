#!lua flags=allow-oom
-- reap: expired leases -> ready (head), or dead `poison`; due jobs -> ready; done and dead trimmed.
--       Every process calls it every second.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 limit (<= 64) | 2 losses that kill (3) | 3 result ttl ms | 4 dead retention ms | 5 done_max | 6 dead_max
-- returns  { recovered, poisoned, cancelled, missing, promoted, trimmed, more 0|1 }
--@include clock
--@include promote
--@include trim
--@include finish
--@include history
guard('running', 'scheduled', 'retrying', 'done', 'dead')
local limit, deadly = tonumber(ARGV[1]), tonumber(ARGV[2])
local ttl, retention = tonumber(ARGV[3]), tonumber(ARGV[4])
local ids = call('ZRANGE', p .. 'running', '-inf', NOW, 'BYSCORE', 'LIMIT', 0, limit)
local head, hints, poisoned, cancelled, missing = {}, {}, 0, 0, 0
for i = 1, #ids do
  local id, k = ids[i], J .. ids[i]
  local h = try('HMGET', k, 'state', 'losses', 'cancel', 'unique', 'kind', 'sealed')
  if not h[1] then
    missing = missing + 1
  elseif h[1] == 'running' then
    local losses, next = counter(h[2]) + 1, 'ready'
    if h[3] then next = 'cancelled' elseif losses >= deadly then next = 'dead' end
    remember(k, 'lost')
    if next == 'ready' then
      head[#head + 1] = id
      call('HSET', k, 'state', next, 'losses', losses, 'worker', '', 'ready_ms', NOW)
    elseif next == 'dead' then
      poisoned = poisoned + 1
      call('HSET', k, 'state', next, 'losses', losses, 'worker', '', 'finished_ms', NOW, 'reason', 'poison',
        'error', 'the workers of ' .. losses .. ' deliveries stopped without an answer')
      call('PEXPIRE', k, retention)
      call('ZADD', p .. 'dead', NOW, id)
    else
      cancelled = cancelled + 1
      call('HSET', k, 'state', next, 'losses', losses, 'worker', '', 'finished_ms', NOW)
      call('PEXPIRE', k, ttl)
      call('ZADD', p .. 'done', NOW, id)
    end
    if next ~= 'ready' then
      if h[4] then unlock(id, h[4]) end
      drop_content(k, h[5], h[6])
    end
    hints[#hints + 1] = id .. ' ' .. next
  end
end
if #ids > 0 then call('ZREM', p .. 'running', unpack(ids)) end
push_head(head)
local promoted = promote('scheduled', limit) + promote('retrying', limit)
ring(#head + promoted)
count('lost', #head + poisoned + cancelled)
count('dead', poisoned)
count('poison', poisoned)
count('cancelled', cancelled)
count('missing', missing)
local trimmed = trim('done', tonumber(ARGV[5]), limit) + trim('dead', tonumber(ARGV[6]), limit)
local by_count = trimmed
-- By age the entry alone goes: its hash has a time to live of its own.
trimmed = trimmed + call('ZREMRANGEBYSCORE', p .. 'done', '-inf', now - ttl)
trimmed = trimmed + call('ZREMRANGEBYSCORE', p .. 'dead', '-inf', now - retention)
publish(hints)
local more = #ids == limit or promoted >= limit or by_count >= limit
return { #head, poisoned, cancelled, missing, promoted, trimmed, more and 1 or 0 }
