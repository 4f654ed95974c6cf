#!lua flags=allow-oom
-- reissue: after a restore, makes every token of N jobs old, whoever may hold it, and takes their leases back.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 'tokens' make them old | 'leases' put what runs back to the head of the line, uncharged | 'both'
--          2 result ttl ms | then ids
-- returns  one entry a job: 0 none | 1 there is one | 2 it ran, and waits again or has ended as cancelled
--@include clock
--@include finish
--@include history
guard('running', 'done')
-- More than the deliveries that a job can have had after the backup; a person still reads how many there were.
local JUMP = 1000000
local out, head, hints, cancelled = {}, {}, {}, 0
for i = 3, #ARGV do
  local id, k = ARGV[i], J .. ARGV[i]
  local h = try('HMGET', k, 'state', 'deliveries', 'cancel', 'unique', 'kind', 'sealed')
  if h.err or not h[1] then
    out[#out + 1] = 0
  else
    local ran = h[1] == 'running' and ARGV[1] ~= 'tokens'
    if ran then remember(k, h[3] and 'cancelled' or 'released', 'the server was restored from a backup') end
    if ARGV[1] ~= 'leases' then call('HSET', k, 'deliveries', string.format('%.0f', counter(h[2]) + JUMP)) end
    out[#out + 1] = 1
    if ran then
      out[#out] = 2
      call('ZREM', p .. 'running', id)
      if h[3] then                                   -- its cancellation was asked for: it ends, as with a lost lease
        call('HSET', k, 'state', 'cancelled', 'worker', '', 'finished_ms', NOW)
        call('PEXPIRE', k, ARGV[2])
        call('ZADD', p .. 'done', NOW, id)
        if h[4] then unlock(id, h[4]) end
        drop_content(k, h[5], h[6])
        cancelled = cancelled + 1
        hints[#hints + 1] = id .. ' cancelled'
      else
        call('HSET', k, 'state', 'ready', 'worker', '', 'ready_ms', NOW)
        head[#head + 1] = id
        hints[#hints + 1] = id .. ' ready'
      end
    end
  end
end
push_head(head)
ring(#head)
count('cancelled', cancelled)
publish(hints)
return out
