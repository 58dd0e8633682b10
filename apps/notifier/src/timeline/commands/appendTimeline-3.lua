--[[ appendTimeline-3: appends what is new to the timeline, as one entry, and trims it by age and by length.
  KEYS  1 the stream   2 hash: key -> what was said of it last, in this period   3 the same of the period before
  ARGV  1 now (epoch ms)   2 age to keep (ms)   3 length to keep   4 time to live of the first hash (ms)
        then of each event: its line, its length, its key ('' = it says nothing), what it says of the key ('' = forget it)
  An entry's id is `<epoch ms>-<length of all there ever was>`, so ids tell how long what lies between them is.
  Returns how many events were appended. ]]
local streamKey, saidKey, saidBeforeKey = KEYS[1], KEYS[2], KEYS[3]
local nowMs, keepMs, maxLength = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local TRIMMED_AT_ONCE, PAGE = 1000, 50

local function text(number)
  return string.format('%.0f', number)
end

local function lengthTo(id)
  return tonumber(string.match(id, '-(%d+)$'))
end

local function isNews(key, value)
  if key == '' then return true end
  local said = redis.call('HGET', saidKey, key) or redis.call('HGET', saidBeforeKey, key) or ''
  if said == value then return false end
  if value == '' then
    redis.call('HDEL', saidKey, key)
    redis.call('HDEL', saidBeforeKey, key)
  else
    redis.call('HSET', saidKey, key, value)
  end
  return true
end

local lines, length, says = {}, 0, false
for at = 5, #ARGV, 4 do
  if isNews(ARGV[at + 2], ARGV[at + 3]) then
    lines[#lines + 1] = ARGV[at]
    length = length + tonumber(ARGV[at + 1])
    says = says or ARGV[at + 2] ~= ''
  end
end
if #lines == 0 then return 0 end
if says then redis.call('PEXPIRE', saidKey, ARGV[4]) end

local last = redis.call('XREVRANGE', streamKey, '+', '-', 'COUNT', 1)[1]
local lastMs = last and tonumber(string.match(last[1], '^%d+')) or 0
local total = (last and lengthTo(last[1]) or 0) + length
redis.call('XADD', streamKey, text(math.max(nowMs, lastMs)) .. '-' .. text(total), 'lines', table.concat(lines, '\n'))

-- The first entry that stays.
local keepFrom, from, looked = text(nowMs - keepMs) .. '-0', '-', 0
while looked < TRIMMED_AT_ONCE do
  local entries = redis.call('XRANGE', streamKey, from == '-' and keepFrom or from, '+', 'COUNT', PAGE)
  local enough = #entries == 0
  for _, entry in ipairs(entries) do
    keepFrom = entry[1]
    enough = total - lengthTo(entry[1]) < maxLength
    if enough then break end
  end
  if enough then break end
  looked = looked + #entries
  from = '(' .. keepFrom
end
redis.call('XTRIM', streamKey, 'MINID', keepFrom)
return #lines
