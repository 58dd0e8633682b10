--[[ takeEpoch-2: takes, or keeps, the sole right to restore a Redis that lost its data.
  KEYS  1 epoch   2 last position of the change stream
  ARGV  1 epoch expected ('' = none)   2 "restoring <instance>"   3 time the right lasts (ms)
        4 a position above every one handed out before: the stream goes on there, so that every replica sees a gap
  Returns 1, or 0 where the epoch is another one. ]]
local epoch = redis.call('GET', KEYS[1]) or ''
if epoch ~= ARGV[1] and epoch ~= ARGV[2] then return 0 end
if epoch ~= ARGV[2] then
  local position = tonumber(redis.call('GET', KEYS[2]) or '0')
  redis.call('SET', KEYS[2], string.format('%.0f', math.max(position, tonumber(ARGV[4])) + 1))
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
