#!lua flags=no-writes
-- examine: what is wrong with N jobs, unique keys, Idempotency-Keys or tombstones. Changes nothing.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 when the caller began to look, ms of Redis | then per thing:
--          'job' | 'unique' | 'idem' | 'tomb', its name, how often the caller saw it in the line (-1: search, O(length))
-- returns  one entry a thing: { 'code detail' ... }, empty when all is well
--@include clock
--@include examine
local out = {}
for i = 2, #ARGV, 3 do
  out[#out + 1] = examine_any(ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), tonumber(ARGV[1]))
end
return out
