#!lua flags=allow-oom
-- settle: end up to 64 deliveries, each under its own token.
-- KEYS[1]  wc:{q}:ready
-- ARGV     1 worker id | 2 result ttl ms | 3 dead retention ms | 4 done_max | 5 dead_max
-- then per job   'ack', id, token, result                             the common case
--          or    op, id, token, ms, n, f1, v1 ... fn, vn
--          ackx       success with its own ttl (ms) and fields (result, kind and sealed of an adopted job, ...)
--          retry      failure, again after ms            fields: error, reason
--          dead       failure, no more, kept for ms      fields: error, reason
--          release    uncharged; ms 0: head of the line, else scheduled after ms
--          cancelled  the worker stopped because it was asked to, kept for ms
-- returns  one entry a job: 1 done | 'already' (this call was executed before) | 'lease_lost' | 'missing'
--          retry and release of a job whose cancel was asked for end it as cancelled (code 1)
--          at the end of a job of a sealed kind its payload is deleted
--@include clock
--@include trim
--@include finish
--@include history
--@include settle
guard('running', 'scheduled', 'retrying', 'done', 'dead')
return settle(ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), 6)
