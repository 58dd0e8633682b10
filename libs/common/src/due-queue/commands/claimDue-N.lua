--[[ claimDue-N: hands out members that are due, oldest first in each lane, leasing each until now + lease.
  KEYS  1 the queue's counter   then of each lane: sorted set member -> due time, hash member -> metadata (see `arm`)
  ARGV  1 now (epoch ms)   2 lease (ms)   then of each lane the most members to hand out
  Returns earliest due time left in these lanes ('' = they are empty), then of each lane: an array of
  member, token, revision, unfinished claims, due time, next member, ... ]]
--@include numbers
--@include claim
local now, leaseEnd = tonumber(ARGV[1]), text(ARGV[1] + ARGV[2])
local nextDue
local result = { '' }
for lane = 1, #ARGV - 2 do
  local dueKey, metaKey = KEYS[2 * lane], KEYS[2 * lane + 1]
  local due = redis.call('ZRANGEBYSCORE', dueKey, '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2 + lane])
  local count = #due / 2
  local token = count > 0 and lastOf(count, KEYS[1], now) - count
  local claims = {}
  for i = 1, #due, 2 do
    token = token + 1
    claim(claims, dueKey, metaKey, due[i], due[i + 1], token, leaseEnd)
  end
  result[lane + 1] = claims
  local head = tonumber(redis.call('ZRANGE', dueKey, 0, 0, 'WITHSCORES')[2])
  if head and (not nextDue or head < nextDue) then nextDue = head end
end
if nextDue then result[1] = text(nextDue) end
return result
