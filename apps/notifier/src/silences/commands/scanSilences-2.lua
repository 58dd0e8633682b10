--[[ scanSilences-2: the next part of all silences, and the position of the change stream at this moment.
  KEYS  1 last position of the change stream   2 hash: id -> "version body"
  ARGV  1 cursor (0 to begin)   2 about how many
  Returns next cursor (0: done), position, list of id, "version body", next id, ... ]]
local scanned = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
return { scanned[1], tonumber(redis.call('GET', KEYS[1]) or '0'), scanned[2] }
