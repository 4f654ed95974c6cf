-- part history: what became of the deliveries that brought no result, one line each:
-- number outcome started_ms ended_ms worker|- error. The latest 20; of an error its first line, 160 bytes at most.
local function remember(k, outcome, why)
  local h = try('HMGET', k, 'history', 'deliveries', 'started_ms', 'worker')
  local past = h[1] or ''
  if #past > 8192 then past = '' end                 -- spoilt by hand
  local _, lines = string.gsub(past, '\n', '\n')
  if lines >= 20 then past = string.match(past, '^[^\n]*\n(.*)$') end
  local line = string.match(why or '', '^[^\r\n]*')
  if #line > 160 then line = string.gsub(string.sub(line, 1, 160), '[\192-\255]?[\128-\191]*$', '') end
  local worker = string.gsub(h[4] or '', '%s', '_')
  if worker == '' then worker = '-' end
  call('HSET', k, 'history', past .. string.format('%.0f %s %.0f %s %s %s\n', counter(h[2]), outcome, counter(h[3]), NOW,
    worker, line))
end
