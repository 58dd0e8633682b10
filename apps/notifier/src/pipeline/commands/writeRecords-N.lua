--[[ writeRecords-N: writes notification records of groups, where nothing overtook the writer, and arms their deliveries.
  KEYS  1 sorted set of the names of dead letters, all of score 0
        from 2, of each group: hash integration -> "revision record"
        then of each lane with claims: hash member -> metadata (see the snippet `arm`)   then as `arm` takes them
  ARGV  1 now (epoch ms)   2 groups   3 lanes with claims   then of each group:
          lane number from 1 (0 = not fenced), member, token, number of changes, number of arms,
          1 = the group lives and its records are kept or 0 = an expiry stays as it is,
          of each change: integration, revision expected (0 = no record), "revision record",
            "+" or "-" (it has a dead letter or not) and the name that has on the list
        then as `arm` takes them, the arms in the order of the groups
  Returns of each group: WRITTEN, LOST (another claimer has it) or CONFLICT (another revision); of a group that was not
  written nothing is armed. ]]
--@include numbers
--@include arm
local WRITTEN, LOST, CONFLICT = 0, -1, -2
local nowMs, groups, lanes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function isHeld(lane, member, token)
  local meta = redis.call('HGET', KEYS[1 + groups + lane], member) or ''
  local current, unfinished = string.match(meta, '^(%d+) %d+ (%d+) ')
  return current == token and unfinished ~= '0'
end

local function isExpected(key, first, last)
  for at = first, last, 4 do
    local known = redis.call('HGET', key, ARGV[at])
    local revision = known and string.match(known, '^%d+') or '0'
    if revision ~= ARGV[at + 1] then return false end
  end
  return true
end

local results, writes, arms, at = {}, {}, {}, 4
for group = 1, groups do
  local lane, member, token = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2]
  local first, last = at + 6, at + 5 + 4 * tonumber(ARGV[at + 3])
  local records, lives = KEYS[1 + group], ARGV[at + 5] == '1'
  arms[group] = tonumber(ARGV[at + 4])
  if lane > 0 and not isHeld(lane, member, token) then
    results[group] = LOST
  elseif not isExpected(records, first, last) then
    results[group] = CONFLICT
  else
    results[group] = WRITTEN
    for change = first, last, 4 do
      writes[#writes + 1] = { records, lives, ARGV[change], ARGV[change + 2], ARGV[change + 3] }
    end
  end
  at = last + 1
end

-- What `arm` takes, without the arms of groups that are not written.
local armArgs = {}
local from = at + 2 + tonumber(ARGV[at + 1])
for index = at, from - 1 do armArgs[#armArgs + 1] = ARGV[index] end
for group = 1, groups do
  local to = from + 4 * arms[group]
  if results[group] == WRITTEN then
    for index = from, to - 1 do armArgs[#armArgs + 1] = ARGV[index] end
  end
  from = to
end
arm(nowMs, groups + lanes + 2, armArgs, 1)

for _, write in ipairs(writes) do
  local records, lives, integration, record, deadLetter = unpack(write)
  redis.call('HSET', records, integration, record)
  if lives then redis.call('PERSIST', records) end
  local name = string.sub(deadLetter, 2)
  if string.sub(deadLetter, 1, 1) == '+' then
    redis.call('ZADD', KEYS[1], 0, name)
  else
    redis.call('ZREM', KEYS[1], name)
  end
end
return results
