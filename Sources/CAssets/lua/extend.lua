#!lua flags=allow-oom
-- extend: renew leases.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 worker id | 2 lease ms (config lease_ms wins) | then id, token ...
-- returns  { deadline ms, { ids whose lease is lost }, { ids whose cancel is asked for }, lease ms }
--@include clock
local lease = setting(try('HMGET', p .. 'config', 'lease_ms')[1], 1000, 86400000, tonumber(ARGV[2]))
local lost, cancel, add = {}, {}, {}
for i = 3, #ARGV, 2 do
  local id = ARGV[i]
  local h = try('HMGET', J .. id, 'state', 'deliveries', 'worker', 'cancel')
  if h[1] == 'running' and h[2] == ARGV[i + 1] and h[3] == ARGV[1] then
    add[#add + 1] = now + lease
    add[#add + 1] = id
    if h[4] then cancel[#cancel + 1] = id end
  else
    lost[#lost + 1] = id
  end
end
if #add > 0 then call('ZADD', p .. 'running', unpack(add)) end
return { now + lease, lost, cancel, lease }
