--[[ beatLiveness-1: notes that a notifier accepts alerts, unless none did for too long.
  KEYS  1 hash aliveMs (last beat), repairOwner, repairUntilMs, repairedTo
  ARGV  1 now (epoch ms)   2 longest silence that is no outage (ms)
  Returns the last beat (epoch ms) if it was too long ago, else nil. ]]
local nowMs = tonumber(ARGV[1])
local aliveMs = tonumber(redis.call('HGET', KEYS[1], 'aliveMs') or nowMs)
if nowMs - aliveMs > tonumber(ARGV[2]) then return aliveMs end
redis.call('HSET', KEYS[1], 'aliveMs', string.format('%.0f', math.max(nowMs, aliveMs)))
return nil
