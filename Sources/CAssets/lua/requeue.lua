#!lua flags=allow-oom
-- requeue: by hand. dead and cancelled start a new life with fresh attempts and losses; scheduled and retrying run now.
-- KEYS[1]  wc:{q}:ready
-- ARGV     ids
-- returns  one entry a job: 1 | its state, when it is ready, running or succeeded (nothing changed) | 'missing'
--          | 'payload_gone': a sealed kind's payload was deleted at the end of the job, so it cannot run again
--@include clock
guard('scheduled', 'retrying', 'done', 'dead')
local out, tail, hints, again = {}, {}, {}, 0
for i = 1, #ARGV do
  local id, k = ARGV[i], J .. ARGV[i]
  local h = try('HMGET', k, 'state', 'lives')
  local s = h[1]
  if not s then
    out[#out + 1] = 'missing'
  elseif s == 'scheduled' or s == 'retrying' then
    call('ZREM', p .. s, id)
    call('HSET', k, 'state', 'ready', 'ready_ms', NOW)
    tail[#tail + 1] = id
    out[#out + 1] = 1
  elseif s == 'dead' or s == 'cancelled' then
    if call('HEXISTS', k, 'payload') == 0 and call('HEXISTS', k, 'raw') == 0 then
      out[#out + 1] = 'payload_gone'
    else
      local lives = counter(h[2])
      if lives < 1 then lives = 1 end                -- absent: the first life
      call('ZREM', p .. (s == 'dead' and 'dead' or 'done'), id)
      call('PERSIST', k)                             -- or the job would vanish while it waits
      call('HDEL', k, 'finished_ms', 'cancel', 'reason', 'error', 'progress', 'unknown', 'unknown_since_ms')
      call('HSET', k, 'state', 'ready', 'lives', lives + 1, 'attempts', 0, 'losses', 0, 'worker', '', 'ready_ms', NOW)
      -- deliveries go on counting: an old token must never become valid again
      if try('SREM', p .. 'tombs', id) ~= 1 then tail[#tail + 1] = id end   -- 1: it is still in the line
      again = again + 1
      out[#out + 1] = 1
    end
  else
    out[#out + 1] = s
  end
  if out[#out] == 1 then hints[#hints + 1] = id .. ' ready' end
end
if #tail > 0 then call('LPUSH', KEYS[1], unpack(tail)) end
count('requeued', again)
ring(#hints)
publish(hints)
return out
