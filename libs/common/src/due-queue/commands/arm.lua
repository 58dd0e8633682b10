--[[ arm: snippet; adds work to members of the lanes of one due queue: arm(now, key, args, arg).
  KEYS from key  the queue's counter; then of each lane: sorted set member -> due time, hash member -> metadata
  args from arg  wake channel; number of lanes; their names; then to the end of args, of each arm: lane number from 1,
                 member, due time (epoch ms), 0 = keep the due time it has, 1 = move to an
                 earlier one, 2 = move while it is not claimed
  Metadata is "token revision unfinished due wish": claims in a row that did not complete (0 = waiting), and of a
  claimed member its due time and the earliest one asked for since ("-" = none). ]]
local function arm(now, key, args, arg)
  local lanes = tonumber(args[arg + 1])
  local first = arg + 2 + lanes
  local count = (#args - first + 1) / 4
  if count == 0 then return end

  local function headOf(lane)
    return tonumber(redis.call('ZRANGE', KEYS[key + 2 * lane - 1], 0, 0, 'WITHSCORES')[2])
  end
  local heads = {}
  for lane = 1, lanes do heads[lane] = headOf(lane) end

  local revision = lastOf(count, KEYS[key], now) - count
  for i = first, #args, 4 do
    local lane, member, due, mode = tonumber(args[i]), args[i + 1], args[i + 2], args[i + 3]
    local dueKey, metaKey = KEYS[key + 2 * lane - 1], KEYS[key + 2 * lane]
    local meta = redis.call('HGET', metaKey, member)
    revision = revision + 1
    if not meta then
      redis.call('ZADD', dueKey, due, member)
      redis.call('HSET', metaKey, member, '0 ' .. text(revision) .. ' 0 - -')
    else
      local token, unfinished, claimed, wish = string.match(meta, '^(%d+) %d+ (%d+) (%S+) (%S+)$')
      if mode == '1' and unfinished == '0' then
        redis.call('ZADD', dueKey, 'LT', due, member)
      elseif mode == '2' and unfinished == '0' then
        redis.call('ZADD', dueKey, due, member)
      elseif mode == '1' and (wish == '-' or tonumber(due) < tonumber(wish)) then
        wish = due
      end
      redis.call('HSET', metaKey, member, table.concat({ token, text(revision), unfinished, claimed, wish }, ' '))
    end
  end

  for lane = 1, lanes do
    local head = headOf(lane)
    if head and (not heads[lane] or head < heads[lane]) then
      redis.call('PUBLISH', args[arg], text(head) .. ' ' .. args[arg + 1 + lane])
    end
  end
end
