--[[ removeUnchanged-N: removes waiting members that nobody added work to.
  KEYS  of each lane: sorted set member -> due time, hash member -> metadata (see `arm`)
  ARGV  of each member: lane number from 1, member, the revision it must still have
  Returns nothing. ]]
for i = 1, #ARGV, 3 do
  local lane, member = tonumber(ARGV[i]), ARGV[i + 1]
  local meta = redis.call('HGET', KEYS[2 * lane], member) or ''
  local revision, unfinished = string.match(meta, '^%d+ (%d+) (%d+) ')
  if revision == ARGV[i + 2] and unfinished == '0' then
    redis.call('ZREM', KEYS[2 * lane - 1], member)
    redis.call('HDEL', KEYS[2 * lane], member)
  end
end
