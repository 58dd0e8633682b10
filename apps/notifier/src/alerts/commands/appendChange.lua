--[[ appendChange: snippet; entries of the change stream, one for each command that changes anything.
  Needs the snippet `numbers`. ]]

-- The last position, and as text the next one. A position that is missing (a new book, or a Redis that lost it) starts
-- above every one given out before.
local function positionsOf(positionKey, nowMs)
  local position = tonumber(redis.call('GET', positionKey) or '0')
  return position, text((position > 0 and position or nowMs * 1000) + 1)
end

-- Appends an entry with these lines, and takes away what is older than keepMs. The position was set before anything was
-- written: should a write fail, followers miss the entry and read everything anew.
local function appendChange(streamKey, marksKey, nextPosition, writer, lines, nowMs, keepMs)
  redis.call('XADD', streamKey, nextPosition .. '-0', 'writer', writer, 'changes', table.concat(lines, '\n'))

  -- A mark at most every fifth of the age to keep; what is older than an outdated mark is outdated.
  local newest = redis.call('LINDEX', marksKey, -1)
  if newest and nowMs - tonumber(string.match(newest, '^%d+')) < keepMs / 5 then return end
  redis.call('RPUSH', marksKey, text(nowMs) .. ' ' .. nextPosition)
  local oldest = redis.call('LINDEX', marksKey, 0)
  while nowMs - tonumber(string.match(oldest, '^%d+')) >= keepMs do
    redis.call('XTRIM', streamKey, 'MINID', string.match(oldest, '%d+$'))
    redis.call('LPOP', marksKey)
    oldest = redis.call('LINDEX', marksKey, 0)
  end
end
