--[[ readSilences-2: silences as they are, and the position of the change stream at this moment.
  KEYS  1 last position of the change stream   2 hash: id -> "version body"
  ARGV  ids, at most 1000
  Returns position, then per id: "version body" (nil = no such silence). ]]
local silences = redis.call('HMGET', KEYS[2], unpack(ARGV))
return { tonumber(redis.call('GET', KEYS[1]) or '0'), silences }
