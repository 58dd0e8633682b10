--[[ guard: goes before a command whose writer relies on what it knows of this Redis; refuses it on another one.
  KEYS  the last two: epoch, last position of the change stream
  ARGV  the last two: epoch expected, position that must have been reached
  What follows does not see them. ]]
if (redis.call('GET', KEYS[#KEYS - 1]) or '') ~= ARGV[#ARGV - 1] or
    tonumber(redis.call('GET', KEYS[#KEYS]) or '0') < tonumber(ARGV[#ARGV]) then
  return redis.error_reply('UNKNOWNEPOCH this Redis is not the one that was known, or it lost data')
end
for _ = 1, 2 do
  KEYS[#KEYS] = nil
  ARGV[#ARGV] = nil
end
