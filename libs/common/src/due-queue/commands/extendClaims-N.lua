--[[ extendClaims-N: renews leases.
  KEYS  of each lane: sorted set member -> due time, hash member -> metadata (see `arm`)
  ARGV  1 end of the leases (epoch ms)   then of each claim: lane number from 1, member, token
  Returns the numbers (from 1) of the claims that were lost. ]]
local lost = {}
for i = 2, #ARGV, 3 do
  local lane, member = tonumber(ARGV[i]), ARGV[i + 1]
  local meta = redis.call('HGET', KEYS[2 * lane], member) or ''
  local token, unfinished = string.match(meta, '^(%d+) %d+ (%d+) ')
  if token == ARGV[i + 2] and unfinished ~= '0' then
    redis.call('ZADD', KEYS[2 * lane - 1], ARGV[1], member)
  else
    lost[#lost + 1] = (i + 1) / 3
  end
end
return lost
