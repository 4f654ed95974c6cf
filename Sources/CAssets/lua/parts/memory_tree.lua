-- part memory_tree: changes a user's tree, and remembers the roots that were valid lately.
local call = redis.call
local clock = call('TIME')
local NOW = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))

-- Whether the tree is still what the caller saw.
local function unchanged(tree, version) return (call('HGET', tree, 'version') or '0') == version end

-- The root that goes was valid until now, so it is remembered from now on.
local function change_root(tree, roots, root, ttl)
  local former = call('HGET', tree, 'root')
  if former then call('ZADD', roots, NOW, former) end
  call('ZADD', roots, NOW, root)
  call('ZREMRANGEBYSCORE', roots, '-inf', string.format('(%.0f', tonumber(NOW) - tonumber(ttl)))
  call('PEXPIRE', roots, ttl)
  call('HSET', tree, 'root', root)
  call('HINCRBY', tree, 'version', 1)
end

-- Nodes are pairs of field and bytes; no bytes for a node of an empty tree, which is not kept.
local function change_nodes(tree, from, to)
  for i = from, to, 2 do
    if ARGV[i + 1] == '' then call('HDEL', tree, ARGV[i]) else call('HSET', tree, ARGV[i], ARGV[i + 1]) end
  end
end
