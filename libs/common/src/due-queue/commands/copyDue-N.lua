--[[ copyDue-N: copies members with their due times to a lane; where it holds them waiting, the later time counts.
  KEYS  1 sorted set of the lane to copy from   from 2 as the snippet `arm` takes them, for the lane to copy to
  ARGV  1 now (epoch ms)   2 wake channel   3 name of the lane to copy to   then the members
  Returns nothing. ]]
--@include numbers
--@include arm
local arms = { ARGV[2], '1', ARGV[3] }
for i = 4, #ARGV do
  local due = redis.call('ZSCORE', KEYS[1], ARGV[i])
  local meta = due and redis.call('HGET', KEYS[4], ARGV[i])
  if due and not meta then
    for _, value in ipairs({ '1', ARGV[i], due, '0' }) do arms[#arms + 1] = value end
  elseif meta and string.match(meta, '^%d+ %d+ (%d+)') == '0' then
    redis.call('ZADD', KEYS[3], 'XX', 'GT', due, ARGV[i])
  end
end
arm(tonumber(ARGV[1]), 2, arms, 1)
