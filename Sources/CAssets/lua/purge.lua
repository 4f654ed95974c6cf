#!lua flags=allow-oom
-- purge: delete finished jobs (dead, succeeded, cancelled) for good.
-- KEYS[1]  wc:{q}:ready
-- ARGV     ids
-- returns  one entry a job: 1 | its state, when it is not finished | 'missing'
--@include clock
guard('done', 'dead')
local out, purged = {}, 0
for i = 1, #ARGV do
  local id, k = ARGV[i], J .. ARGV[i]
  local s = try('HMGET', k, 'state')[1]
  if s == 'dead' or s == 'succeeded' or s == 'cancelled' then
    call('ZREM', p .. (s == 'dead' and 'dead' or 'done'), id)
    call('UNLINK', k)                                -- a tombstone may stay in the line: claim drops it
    purged = purged + 1
    out[#out + 1] = 1
  elseif s then
    out[#out + 1] = s
  else
    call('ZREM', p .. 'dead', id)                    -- an entry whose hash has expired
    call('ZREM', p .. 'done', id)
    out[#out + 1] = 'missing'
  end
end
count('purged', purged)
return out
