--[[ readAlerts-4: alerts as they are, and the position of the change stream at this moment.
  KEYS  1 last position of the change stream   2 hash: fingerprint -> body   3 hash: fingerprint -> meta
        4 hash: fingerprint -> settled
  ARGV  fingerprints, at most 1000
  Returns position, then per fingerprint: fingerprint, meta, body, settled (meta empty: no such alert). ]]
local reply = { tonumber(redis.call('GET', KEYS[1]) or '0') }
local bodies = redis.call('HMGET', KEYS[2], unpack(ARGV))
local metas = redis.call('HMGET', KEYS[3], unpack(ARGV))
local settled = redis.call('HMGET', KEYS[4], unpack(ARGV))
for index = 1, #ARGV do
  reply[#reply + 1] = ARGV[index]
  reply[#reply + 1] = metas[index] or ''
  reply[#reply + 1] = bodies[index]
  reply[#reply + 1] = settled[index]
end
return reply
