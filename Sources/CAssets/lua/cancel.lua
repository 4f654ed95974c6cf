#!lua flags=allow-oom
-- cancel: N jobs.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 result ttl ms | 2 done_max | then ids
-- returns  one entry a job: 'cancelled' | 'requested' (it runs: extend tells the worker) | its end state | 'missing'
--          the payload of a sealed kind is deleted when the job ends here
--@include clock
--@include trim
--@include finish
guard('scheduled', 'retrying', 'done')
local ttl = tonumber(ARGV[1])
local n = #ARGV - 2
local reach = math.floor(4096 / n)                   -- entries searched from each end: a call stays short
local out, hints, cancelled = {}, {}, 0
for i = 3, #ARGV do
  local id, k = ARGV[i], J .. ARGV[i]
  local h = try('HMGET', k, 'state', 'unique', 'kind', 'sealed')
  local s = h[1]
  if not s then
    out[#out + 1] = 'missing'
  elseif s == 'running' then
    call('HSET', k, 'cancel', 1)
    out[#out + 1] = 'requested'
    hints[#hints + 1] = id .. ' running'
  elseif s == 'ready' or s == 'scheduled' or s == 'retrying' then
    if s ~= 'ready' then
      call('ZREM', p .. s, id)
    elseif call('LPOS', KEYS[1], id, 'RANK', -1, 'MAXLEN', reach) then
      call('LREM', KEYS[1], -1, id)
    elseif call('LPOS', KEYS[1], id, 'MAXLEN', reach) then
      call('LREM', KEYS[1], 1, id)
    else
      try('SADD', p .. 'tombs', id)                  -- deep in a long line: claim drops it when it gets there
    end
    call('HSET', k, 'state', 'cancelled', 'finished_ms', NOW)
    call('PEXPIRE', k, ttl)
    call('ZADD', p .. 'done', NOW, id)
    if h[2] then unlock(id, h[2]) end
    drop_content(k, h[3], h[4])
    cancelled = cancelled + 1
    out[#out + 1] = 'cancelled'
    hints[#hints + 1] = id .. ' cancelled'
  else
    out[#out + 1] = s
  end
end
count('cancelled', cancelled)
trim('done', tonumber(ARGV[2]), n + 64)
publish(hints)
return out
