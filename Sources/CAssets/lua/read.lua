#!lua flags=no-writes
-- read: the hashes of N jobs; runs on a replica too.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 'all' | 'brief' (without payload, raw and result) | then ids
-- returns  one entry a job: { f1, v1 ... fn, vn }; empty when there is none
local J = string.sub(KEYS[1], 1, -6) .. 'job:'
local BRIEF = { 'state', 'kind', 'priority', 'opts', 'unique', 'sealed', 'created_ms', 'ready_ms', 'started_ms',
  'finished_ms', 'attempts', 'deliveries', 'losses', 'lives', 'worker', 'cancel', 'progress', 'error', 'reason', 'unknown',
  'unknown_since_ms', 'history' }
local out = {}
for i = 2, #ARGV do
  local k, row = J .. ARGV[i], {}
  if ARGV[1] == 'all' then
    local h = redis.pcall('HGETALL', k)
    if not h.err then row = h end
  else
    local h = redis.pcall('HMGET', k, unpack(BRIEF))
    if not h.err then
      for f = 1, #BRIEF do
        if h[f] then
          row[#row + 1] = BRIEF[f]
          row[#row + 1] = h[f]
        end
      end
    end
  end
  out[#out + 1] = row
end
return out
