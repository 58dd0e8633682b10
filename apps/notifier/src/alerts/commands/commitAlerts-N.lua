--[[ commitAlerts-N: writes alerts that are still as expected, arms their groups, and appends one entry to the change stream.
  KEYS  1 position of the stream's last entry   2 hash: fingerprint -> body   3 hash: fingerprint -> meta
        4 hash: fingerprint -> settled   5 the change stream   6 list: "epoch ms, position" marks, to trim it by age
        from 7 as the snippet `arm` takes them
  ARGV  1 now (epoch ms)   2 writer   3 age to keep of the stream (ms)   4 stores   5 touches   6 settles   7 forgets
        then of each store: fingerprint, meta expected ('' = none), "endsAt updatedAt", body
        metas expected of all touches, one a line     of each touch: fingerprint, new meta
        of each settle: fingerprint, version, group id     of each forget: fingerprint, meta expected
        then as the snippet `arm` takes them
  Returns position, 1 if anything was written, then of each refused write: fingerprint, meta ('' = no such alert),
  body (nil = still that of the version expected), settled.
  Groups are armed first: should a write fail, a group without its alert is harmless, an alert without its group is not. ]]
--@include numbers
--@include arm
--@include appendChange
local positionKey, bodyKey, metaKey, settledKey, streamKey, marksKey = unpack(KEYS, 1, 6)
local nowMs, writer, keepMs = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local stores, touches = tonumber(ARGV[4]), tonumber(ARGV[5])
local settles, forgets = tonumber(ARGV[6]), tonumber(ARGV[7])
local CHUNK = 1000

-- Calls a command with many arguments, a thousand at a time.
local function callMany(command, key, args)
  for from = 1, #args, CHUNK do
    redis.call(command, key, unpack(args, from, math.min(from + CHUNK - 1, #args)))
  end
end

local function getMany(key, fields)
  if #fields <= CHUNK then return #fields == 0 and {} or redis.call('HMGET', key, unpack(fields)) end
  local values = {}
  for from = 1, #fields, CHUNK do
    local part = redis.call('HMGET', key, unpack(fields, from, math.min(from + CHUNK - 1, #fields)))
    for index = 1, #part do values[from + index - 1] = part[index] end
  end
  return values
end

local function versionOf(meta)
  return string.match(meta, '^%d+')
end

local fingerprints, storeAt, touchAt = {}, 8, 8 + stores * 4
local settleAt = touchAt + 1 + touches * 2
local forgetAt = settleAt + settles * 3
for index = 0, stores - 1 do fingerprints[#fingerprints + 1] = ARGV[storeAt + index * 4] end
for index = 0, touches - 1 do fingerprints[#fingerprints + 1] = ARGV[touchAt + 1 + index * 2] end
for index = 0, settles - 1 do fingerprints[#fingerprints + 1] = ARGV[settleAt + index * 3] end
for index = 0, forgets - 1 do fingerprints[#fingerprints + 1] = ARGV[forgetAt + index * 2] end
local metas = getMany(metaKey, fingerprints)

local bodies, newMetas, settled, gone, lines, refused = {}, {}, {}, {}, {}, {}
local function refuse(fingerprint, meta, expectedVersion)
  refused[#refused + 1] = { fingerprint, meta, meta ~= '' and versionOf(meta) ~= expectedVersion }
end
local position, nextPosition = positionsOf(positionKey, nowMs)

local seen = 0
for at = storeAt, touchAt - 1, 4 do
  seen = seen + 1
  local fingerprint, meta = ARGV[at], metas[seen] or ''
  if meta == ARGV[at + 1] then
    local times = ARGV[at + 2]
    newMetas[#newMetas + 1] = fingerprint
    newMetas[#newMetas + 1] = nextPosition .. ' ' .. times
    bodies[#bodies + 1] = fingerprint
    bodies[#bodies + 1] = ARGV[at + 3]
    lines[#lines + 1] = 's ' .. fingerprint .. ' ' .. times
  else
    refuse(fingerprint, meta, nil)
  end
end
for expected in string.gmatch(ARGV[touchAt], '[^\n]+') do
  local fingerprint, meta, newMeta = fingerprints[seen + 1], metas[seen + 1] or '', ARGV[touchAt + 2 * (seen - stores) + 2]
  seen = seen + 1
  if meta == expected then
    newMetas[#newMetas + 1] = fingerprint
    newMetas[#newMetas + 1] = newMeta
    lines[#lines + 1] = 't ' .. fingerprint .. ' ' .. newMeta
  else
    refuse(fingerprint, meta, versionOf(expected))
  end
end
for at = settleAt, forgetAt - 1, 3 do
  seen = seen + 1
  local fingerprint, version, groupId, meta = ARGV[at], ARGV[at + 1], ARGV[at + 2], metas[seen] or ''
  if versionOf(meta) == version then
    local known = settled[fingerprint] or redis.call('HGET', settledKey, fingerprint) or ''
    if versionOf(known) ~= version then known = version end
    if not string.find(known .. ' ', ' ' .. groupId .. ' ', 1, true) then
      settled[fingerprint] = known .. ' ' .. groupId
      lines[#lines + 1] = 'd ' .. fingerprint .. ' ' .. version .. ' ' .. groupId
    end
  else
    refuse(fingerprint, meta, version)
  end
end
for at = forgetAt, forgetAt + forgets * 2 - 1, 2 do
  seen = seen + 1
  local fingerprint, meta = ARGV[at], metas[seen] or ''
  if meta == ARGV[at + 1] then
    gone[#gone + 1] = fingerprint
    lines[#lines + 1] = 'f ' .. fingerprint
  else
    refuse(fingerprint, meta, versionOf(ARGV[at + 1]))
  end
end

if #lines > 0 or #refused == 0 then arm(nowMs, 7, ARGV, forgetAt + forgets * 2) end
if #lines > 0 then
  position = tonumber(nextPosition)
  redis.call('SET', positionKey, nextPosition)
  callMany('HSET', bodyKey, bodies)
  callMany('HSET', metaKey, newMetas)
  local newSettled = {}
  for fingerprint, groups in pairs(settled) do
    newSettled[#newSettled + 1] = fingerprint
    newSettled[#newSettled + 1] = groups
  end
  callMany('HSET', settledKey, newSettled)
  callMany('HDEL', bodyKey, gone)
  callMany('HDEL', metaKey, gone)
  callMany('HDEL', settledKey, gone)
  appendChange(streamKey, marksKey, nextPosition, writer, lines, nowMs, keepMs)
end

local reply = { position, #lines > 0 and 1 or 0 }
if #refused > 0 then
  local asked = {}
  for index = 1, #refused do asked[index] = refused[index][1] end
  local known = getMany(settledKey, asked)
  for index = 1, #refused do
    local fingerprint, meta, wantsBody = unpack(refused[index])
    reply[#reply + 1] = fingerprint
    reply[#reply + 1] = meta
    reply[#reply + 1] = wantsBody and redis.call('HGET', bodyKey, fingerprint)
    reply[#reply + 1] = known[index]
  end
end
return reply
