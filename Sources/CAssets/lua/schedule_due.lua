#!lua flags=no-writes
-- schedule_due: names the schedules whose time has come, by Redis' clock.
-- KEYS[1]  wc:schedules
-- ARGV     1 how many to pass over   2 most names
-- returns  now in ms, ms until the next one that is not due or -1, then names, the one that is due longest first
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = string.format('%.0f', now)
local out = redis.call('ZRANGE', KEYS[1], '-inf', text, 'BYSCORE', 'LIMIT', ARGV[1], ARGV[2])
local later = redis.call('ZRANGE', KEYS[1], '(' .. text, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
-- A year is far enough, and an integer.
table.insert(out, 1, later[2] and math.min(later[2] - now, 31536000000) or -1)
table.insert(out, 1, now)
return out
