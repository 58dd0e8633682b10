--[[ publishEpoch-1: says that this Redis holds everything again.
  KEYS  1 epoch
  ARGV  1 "restoring <instance>", which must still be there   2 the new epoch
  Returns 1, or 0 where another instance has the right to restore. ]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
