#!lua flags=allow-oom
-- pause: stop or resume claims. What runs goes on; enqueue goes on.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 '1' pause | '0' resume   2 reason
-- returns  1 changed | 0 it was so before
--@include clock
local was = try('HMGET', p .. 'config', 'paused')[1] == '1'
if ARGV[1] == '1' then
  call('HSET', p .. 'config', 'paused', '1', 'paused_reason', ARGV[2], 'paused_ms', NOW)
  return was and 0 or 1
end
call('HDEL', p .. 'config', 'paused', 'paused_reason', 'paused_ms')
ring(call('LLEN', KEYS[1]))
return was and 1 or 0
