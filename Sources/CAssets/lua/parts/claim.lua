-- part claim: see claim.lua for the contract.
local CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
local function mint(nonce, seq)
  local t, s = now, ''
  for _ = 1, 10 do
    local r = t % 32
    s = string.sub(CROCKFORD, r + 1, r + 1) .. s
    t = (t - r) / 32
  end
  local lo = seq % 32
  local hi = (seq - lo) / 32
  local q = string.match(p, '{(.*)}:$')
  return q .. '.' .. s .. nonce .. string.sub(CROCKFORD, hi + 1, hi + 1) .. string.sub(CROCKFORD, lo + 1, lo + 1)
end

-- A whole JSON object as an element, white space in front allowed.
local function is_raw(e)
  local b = string.byte(e)
  if b == 123 then return true end
  return (b == 32 or b == 10 or b == 13 or b == 9) and string.find(e, '^[ \n\r\t]+{') ~= nil
end

-- What may be kept of an element that is neither JSON nor an id: nothing, when it looks like a job with its payload.
local function evidence(e)
  if string.find(e, '"kind"', 1, true) or string.find(e, 'memory.', 1, true) then return '' end
  return string.sub(e, 1, 65536)
end

local function claim(n, worker, lease_ms, max_bytes, nonce, dead_max, retention_ms)
  local config = try('HMGET', p .. 'config', 'paused', 'lease_ms', 'max_attempts')
  lease_ms = setting(config[2], 1000, 86400000, lease_ms)
  local reply = { now, 0, 0, -1, lease_ms, setting(config[3], 1, 100, 0) }
  local promoted = 0
  if call('EXISTS', p .. 'scheduled', p .. 'retrying') > 0 then
    promoted = promote('scheduled', 64) + promote('retrying', 64)
  end
  if config[1] == '1' then
    reply[2] = 1
    return reply
  end
  local deadline = string.format('%.0f', now + lease_ms)
  local want, dropped, bytes, seq = n, 0, 0, 0
  local lease, dead, hints, missing, adopted, waits, waited = {}, {}, {}, 0, 0, 0, 0
  local function fresh()
    local id
    repeat
      id = mint(nonce, seq)
      seq = seq + 1
    until call('EXISTS', J .. id) == 0
    return id
  end
  while want > 0 and dropped < 256 and bytes < max_bytes do
    local got = call('RPOP', KEYS[1], want)
    if not got then break end
    for i = 1, #got do
      local e = got[i]
      if bytes >= max_bytes then                     -- the byte budget is spent: the rest goes back in order
        local rest = {}
        for j = i, #got do rest[#rest + 1] = got[j] end
        push_head(rest)
        break
      end
      if is_raw(e) then                              -- kept byte for byte, the worker parses it
        local id = fresh()
        call('HSET', J .. id, 'state', 'running', 'raw', e, 'created_ms', NOW,
          'deliveries', 1, 'worker', worker, 'started_ms', NOW)
        reply[#reply + 1] = { id, 1, { 'raw', e, 'created_ms', NOW } }
        bytes = bytes + #e
        want = want - 1
        adopted = adopted + 1
        e = id
      else
        -- try: a key of another type must not lose the entries that are already popped
        local h = #e <= 128 and try('HGETALL', J .. e) or {}
        local state, d, size, created, ready
        for f = 1, #h, 2 do
          local name = h[f]
          if name == 'state' then state = h[f + 1]
          elseif name == 'deliveries' then d = h[f + 1]
          elseif name == 'payload' or name == 'raw' then size = #h[f + 1]
          elseif name == 'created_ms' then created = h[f + 1]
          elseif name == 'ready_ms' then ready = h[f + 1] end
        end
        if state == 'ready' then
          d = counter(d) + 1
          call('HSET', J .. e, 'state', 'running', 'deliveries', DIGITS[d] or d, 'worker', worker, 'started_ms', NOW)
          bytes = bytes + (size or 0)
          local since = counter(ready or created)
          if since > 0 and since <= now then
            waits = waits + 1
            waited = waited + now - since
          end
          reply[#reply + 1] = { e, d, h }
          want = want - 1
        else
          dropped = dropped + 1
          if state then                              -- tombstone, or a copy that somebody pushed by hand
            try('SREM', p .. 'tombs', e)
          elseif #e <= 128 and string.match(e, '^[a-z0-9_.-]+%.[0-9A-Z]+$') then
            try('SREM', p .. 'tombs', e)             -- an id whose hash is gone
            missing = missing + 1
          else                                       -- neither an id nor JSON: kept as evidence
            local id = fresh()
            call('HSET', J .. id, 'state', 'dead', 'reason', 'undecodable', 'raw', evidence(e), 'sealed', '0',
              'error', 'the list element of ' .. #e .. ' bytes is neither a JSON object nor a job id',
              'created_ms', NOW, 'finished_ms', NOW)
            call('PEXPIRE', J .. id, retention_ms)
            dead[#dead + 1] = NOW
            dead[#dead + 1] = id
          end
          e = nil
        end
      end
      if e then
        lease[#lease + 1] = deadline
        lease[#lease + 1] = e
        hints[#hints + 1] = e .. ' running'
      end
    end
  end
  local claimed = #hints
  if claimed > 0 then
    call('ZADD', p .. 'running', unpack(lease))
    try('HINCRBY', p .. 'stats', 'claimed', claimed)
    if waits > 0 then
      count_minute('waits', waits)
      count_minute('wait_ms', string.format('%.0f', waited))
    end
  end
  count('enqueued', adopted)
  count('missing', missing)
  if #dead > 0 then
    call('ZADD', p .. 'dead', unpack(dead))
    count('enqueued', #dead / 2)
    count('dead', #dead / 2)
    trim('dead', dead_max, 256)
  end
  publish(hints)
  if want == 0 or call('EXISTS', KEYS[1]) == 1 then
    reply[3] = 1
    if promoted > claimed then ring(promoted - claimed) end
  else
    call('DEL', p .. 'wake', p .. 'tombs')           -- nothing waits: every ring and tombstone is stale
    if call('EXISTS', p .. 'scheduled', p .. 'retrying') > 0 then
      local a = call('ZRANGE', p .. 'scheduled', 0, 0, 'WITHSCORES')[2]
      local b = call('ZRANGE', p .. 'retrying', 0, 0, 'WITHSCORES')[2]
      a, b = tonumber(a), tonumber(b)
      if a and (not b or a < b) then b = a end
      if b then reply[4] = b end
    end
  end
  return reply
end
