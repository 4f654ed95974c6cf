-- part settle: see settle.lua for the contract.
local OUTCOME = { retry = 'failed', dead = 'dead', release = 'released', cancelled = 'cancelled' }
local AFTER = {                                      -- states that a repeated call of the same op may find
  ack = { succeeded = true }, ackx = { succeeded = true }, dead = { dead = true },
  retry = { retrying = true, ready = true, cancelled = true },
  release = { ready = true, scheduled = true, cancelled = true }, cancelled = { cancelled = true },
}

local function settle(worker, ttl_ms, retention_ms, done_max, dead_max, first)
  local codes, gone, done, dead, retrying, scheduled, head, hints = {}, {}, {}, {}, {}, {}, {}, {}
  local ok, failed, died, cancelled, late = 0, 0, 0, 0, 0
  local i, last = first, #ARGV
  while i <= last do
    local op, id, token = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local ms, from, to
    if op == 'ack' then
      from, to = i + 3, i + 3
      ms = ttl_ms
    else
      ms = ARGV[i + 3]
      from = i + 5
      to = i + 4 + 2 * tonumber(ARGV[i + 4])
    end
    i = to + 1
    local k = J .. id
    local h = try('HMGET', k, 'state', 'deliveries', 'worker', 'attempts', 'cancel', 'unique', 'kind', 'sealed')
    local state = h[1]
    local code = 1
    if not state then
      code = 'missing'
    elseif h[2] ~= token or h[3] ~= worker then
      code = 'lease_lost'
      late = late + 1
    elseif state ~= 'running' then
      if AFTER[op][state] then code = 'already' else code = 'lease_lost'; late = late + 1 end
    else
      gone[#gone + 1] = id
      local attempts = counter(h[4]) + 1
      local next
      if h[5] and (op == 'retry' or op == 'release') then op = 'cancelled'; ms = ttl_ms end
      if OUTCOME[op] then
        local why
        for j = from, to, 2 do
          if ARGV[j] == 'error' then why = ARGV[j + 1] end
        end
        remember(k, OUTCOME[op], why)
      end
      if op == 'ack' then
        next = 'succeeded'
        ok = ok + 1
        call('HSET', k, 'state', next, 'attempts', DIGITS[attempts] or attempts, 'finished_ms', NOW,
          'result', ARGV[from])
      elseif op == 'ackx' then
        next = 'succeeded'
        ok = ok + 1
        call('HSET', k, 'state', next, 'attempts', attempts, 'finished_ms', NOW, unpack(ARGV, from, to))
      elseif op == 'retry' then
        next = 'retrying'
        failed = failed + 1
        call('HSET', k, 'state', next, 'attempts', attempts, unpack(ARGV, from, to))
        retrying[#retrying + 1] = now + ms
        retrying[#retrying + 1] = id
      elseif op == 'dead' then
        next = 'dead'
        died = died + 1
        call('HSET', k, 'state', next, 'attempts', attempts, 'finished_ms', NOW, unpack(ARGV, from, to))
        call('PEXPIRE', k, ms)
        dead[#dead + 1] = NOW
        dead[#dead + 1] = id
      elseif op == 'release' then
        if tonumber(ms) > 0 then
          next = 'scheduled'
          scheduled[#scheduled + 1] = now + ms
          scheduled[#scheduled + 1] = id
          call('HSET', k, 'state', next, unpack(ARGV, from, to))
        else
          next = 'ready'
          head[#head + 1] = id
          call('HSET', k, 'state', next, 'ready_ms', NOW, unpack(ARGV, from, to))
        end
      else
        next = 'cancelled'
        cancelled = cancelled + 1
        call('HSET', k, 'state', next, 'finished_ms', NOW, unpack(ARGV, from, to))
      end
      if next == 'succeeded' or next == 'cancelled' then
        call('PEXPIRE', k, ms)
        done[#done + 1] = NOW
        done[#done + 1] = id
      end
      if next == 'succeeded' or next == 'cancelled' or next == 'dead' then
        if h[6] then unlock(id, h[6]) end
        local kind, sealed = h[7], h[8]
        if from < to then                            -- not the short form: this very call may tell them
          for j = from, to, 2 do
            if ARGV[j] == 'kind' then kind = ARGV[j + 1] elseif ARGV[j] == 'sealed' then sealed = ARGV[j + 1] end
          end
        end
        drop_content(k, kind, sealed)
      end
      hints[#hints + 1] = id .. ' ' .. next
    end
    codes[#codes + 1] = code
  end
  if #gone > 0 then call('ZREM', p .. 'running', unpack(gone)) end
  if #retrying > 0 then call('ZADD', p .. 'retrying', unpack(retrying)) end
  if #scheduled > 0 then call('ZADD', p .. 'scheduled', unpack(scheduled)) end
  if #head > 0 then
    push_head(head)
    ring(#head)
  end
  if #done > 0 then
    call('ZADD', p .. 'done', unpack(done))
    trim('done', done_max, #done + 64)
  end
  if #dead > 0 then
    call('ZADD', p .. 'dead', unpack(dead))
    trim('dead', dead_max, #dead + 64)
  end
  count('succeeded', ok)
  count('failed', failed)
  count('dead', died)
  count('cancelled', cancelled)
  count('late', late)
  publish(hints)
  return codes
end
