-- part finish: what a job leaves behind at its end.

-- The lock of a unique job ends with the job, if the job still holds it.
local function unlock(id, unique)
  local k = p .. 'unique:' .. unique
  if try('GET', k) == id then call('DEL', k) end
end

-- The content of a sealed kind goes at the end of the job, also its sealed text. A raw element of which no worker has
-- told the kind counts as sealed; `sealed 0` says that its content may stay as evidence.
local function drop_content(k, kind, sealed)
  if sealed == '1' or (not kind and sealed ~= '0') then call('HDEL', k, 'payload', 'raw') end
end
