--[[ completeClaims-N: ends claims; each member goes to its next due time, or away.
  KEYS  of each lane: sorted set member -> due time, hash member -> metadata (see `arm`)
  ARGV  of each claim: lane number from 1, member, token, revision it was claimed at, next due time where no work was
        added since ('' = remove), next due time where some was (the earliest one asked for since comes before it)
  Returns of each claim: LOST, DONE or CHANGED, and the member's due time ('' = gone or lost). ]]
local LOST, DONE, CHANGED = -1, 0, 1
local result = {}
for i = 1, #ARGV, 6 do
  local lane, member, mine, seen, due, changed = tonumber(ARGV[i]), unpack(ARGV, i + 1, i + 5)
  local dueKey, metaKey = KEYS[2 * lane - 1], KEYS[2 * lane]
  local meta = redis.call('HGET', metaKey, member) or ''
  local token, revision, unfinished, wish = string.match(meta, '^(%d+) (%d+) (%d+) %S+ (%S+)$')
  local code = DONE
  if token ~= mine or unfinished == '0' then
    code, due = LOST, ''
  elseif revision ~= seen then
    code, due = CHANGED, changed
    if wish ~= '-' and tonumber(wish) < tonumber(changed) then due = wish end
  end
  if code ~= LOST and due == '' then
    redis.call('ZREM', dueKey, member)
    redis.call('HDEL', metaKey, member)
  elseif code ~= LOST then
    redis.call('ZADD', dueKey, due, member)
    redis.call('HSET', metaKey, member, table.concat({ token, revision, '0', '-', '-' }, ' '))
  end
  result[#result + 1] = code
  result[#result + 1] = due
end
return result
