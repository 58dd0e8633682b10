--[[ writeSilences-4: writes silences that are still as expected, all or none, with one entry in the change stream.
  KEYS  1 position of the stream's last entry   2 hash: id -> "version body"   3 the change stream
        4 list: "epoch ms, position" marks, to trim it by age
  ARGV  1 now (epoch ms)   2 writer   3 age to keep of the stream (ms)   4 most silences there may be   5 stores
        then of each store: id, version expected ('0' = none), body     then the ids of those to forget
  Returns position, then WRITTEN, UNCHANGED (there was nothing to forget), LIMIT, or CONFLICT followed by id, "version
  body" (nil = no such silence) of each store that expected another version. ]]
--@include numbers
--@include appendChange
local WRITTEN, UNCHANGED, CONFLICT, LIMIT = 1, 0, -1, -2
local positionKey, silencesKey, streamKey, marksKey = unpack(KEYS)
local nowMs, writer, keepMs = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local maxCount, forgetAt = tonumber(ARGV[4]), 6 + 3 * tonumber(ARGV[5])
local position, nextPosition = positionsOf(positionKey, nowMs)

local added, conflict = 0, { position, CONFLICT }
for at = 6, forgetAt - 1, 3 do
  local known = redis.call('HGET', silencesKey, ARGV[at])
  if (known and string.match(known, '^%d+') or '0') ~= ARGV[at + 1] then
    conflict[#conflict + 1] = ARGV[at]
    conflict[#conflict + 1] = known
  end
  if not known then added = added + 1 end
end
if #conflict > 2 then return conflict end
if added > 0 and redis.call('HLEN', silencesKey) + added > maxCount then return { position, LIMIT } end

local lines, gone = {}, {}
for at = forgetAt, #ARGV do
  if redis.call('HEXISTS', silencesKey, ARGV[at]) == 1 then gone[#gone + 1] = ARGV[at] end
end
if forgetAt == 6 and #gone == 0 then return { position, UNCHANGED } end
redis.call('SET', positionKey, nextPosition)
for at = 6, forgetAt - 1, 3 do
  redis.call('HSET', silencesKey, ARGV[at], nextPosition .. ' ' .. ARGV[at + 2])
  lines[#lines + 1] = 'S ' .. ARGV[at]
end
for _, id in ipairs(gone) do
  redis.call('HDEL', silencesKey, id)
  lines[#lines + 1] = 'F ' .. id
end
appendChange(streamKey, marksKey, nextPosition, writer, lines, nowMs, keepMs)
return { tonumber(nextPosition), WRITTEN }
