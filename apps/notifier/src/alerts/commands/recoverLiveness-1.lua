--[[ recoverLiveness-1: ends an outage, if the owner still has the right to repair it.
  KEYS  1 hash aliveMs, repairOwner, repairUntilMs, repairedTo
  ARGV  1 owner   2 now (epoch ms)
  Returns nothing. ]]
if redis.call('HGET', KEYS[1], 'repairOwner') ~= ARGV[1] then return nil end
redis.call('HSET', KEYS[1], 'aliveMs', ARGV[2])
redis.call('HDEL', KEYS[1], 'repairOwner', 'repairUntilMs', 'repairedTo')
return nil
