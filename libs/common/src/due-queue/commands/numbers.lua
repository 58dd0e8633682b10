--[[ numbers: snippet; tokens and revisions of a queue, which never repeat.
  A counter that is missing (a new queue, or a Redis that lost its data) starts above every number handed out before. ]]
local function lastOf(count, counter, nowMs)
  local last = redis.call('INCRBY', counter, count)
  if last > count then return last end
  return redis.call('INCRBY', counter, string.format('%.0f', nowMs * 1000))
end

local function text(number)
  return string.format('%.0f', number)
end
