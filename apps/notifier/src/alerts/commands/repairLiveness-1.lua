--[[ repairLiveness-1: takes or keeps the right to repair after an outage, and notes how far the repair is.
  KEYS  1 hash aliveMs, repairOwner, repairUntilMs, repairedTo (last fingerprint done)
  ARGV  1 owner   2 now (epoch ms)   3 time the right lasts (ms)   4 last fingerprint done ('' = none)
  Returns the last fingerprint done ('' = none), or nil while another owner has the right. ]]
local owner, untilMs, doneTo = unpack(redis.call('HMGET', KEYS[1], 'repairOwner', 'repairUntilMs', 'repairedTo'))
local nowMs = tonumber(ARGV[2])
if owner and owner ~= ARGV[1] and nowMs < tonumber(untilMs) then return nil end
if not doneTo or doneTo < ARGV[4] then doneTo = ARGV[4] end
local nextUntilMs = string.format('%.0f', nowMs + tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'repairOwner', ARGV[1], 'repairUntilMs', nextUntilMs, 'repairedTo', doneTo)
return doneTo
