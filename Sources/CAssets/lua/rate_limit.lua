#!lua flags=allow-oom
-- rate_limit: counts a call of a client in its window, which begins with the first call; refused calls do not count.
-- KEYS[1]  wc:rate:<client>
-- ARGV     1 most calls in a window   2 length of a window in ms
-- returns  1 let in or 0 refused, calls left, ms to the end of the window
local most, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local n = tonumber(redis.call('GET', KEYS[1]) or 0)
local allowed = n < most and 1 or 0
if allowed == 1 then n = redis.call('INCR', KEYS[1]) end
local left = redis.call('PTTL', KEYS[1])
-- A key of before that has no end, or a longer one than its window, was set by hand or by another setting.
if left < 0 or left > window then
  redis.call('PEXPIRE', KEYS[1], window)
  left = window
end
return { allowed, math.max(0, most - n), left }
