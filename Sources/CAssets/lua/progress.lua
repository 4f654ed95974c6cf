#!lua
-- progress: write the progress of running jobs. Refused with -OOM when Redis is full; the worker goes on.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 worker id | then id, token, progress text ...
-- returns  one entry a job: 1 | 'lease_lost' | 'missing'
--@include clock
local out, hints = {}, {}
for i = 2, #ARGV, 3 do
  local id, k = ARGV[i], J .. ARGV[i]
  local h = try('HMGET', k, 'state', 'deliveries', 'worker')
  if not h[1] then
    out[#out + 1] = 'missing'
  elseif h[1] ~= 'running' or h[2] ~= ARGV[i + 1] or h[3] ~= ARGV[1] then
    out[#out + 1] = 'lease_lost'
  else
    call('HSET', k, 'progress', ARGV[i + 2])
    out[#out + 1] = 1
    hints[#hints + 1] = id .. ' running'
  end
end
publish(hints)
return out
