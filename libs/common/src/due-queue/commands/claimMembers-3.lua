--[[ claimMembers-3: leases the members named until now + lease, where they are due.
  KEYS  1 the queue's counter   2 sorted set member -> due time   3 hash member -> metadata (see `arm`)
  ARGV  1 now (epoch ms)   2 lease (ms)   then the members
  Returns of each member an array: token, revision, unfinished claims, due time after the member's name when it was
  leased; its due time alone when it is not due; nothing when it is unknown. ]]
--@include numbers
--@include claim
local now, leaseEnd = tonumber(ARGV[1]), text(ARGV[1] + ARGV[2])
local result = {}
for i = 3, #ARGV do
  local found = {}
  local score = redis.call('ZSCORE', KEYS[2], ARGV[i])
  if score and tonumber(score) <= now then
    claim(found, KEYS[2], KEYS[3], ARGV[i], score, lastOf(1, KEYS[1], now), leaseEnd)
  elseif score then
    found[1] = score
  end
  result[#result + 1] = found
end
return result
