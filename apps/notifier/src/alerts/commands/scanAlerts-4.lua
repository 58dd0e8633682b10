--[[ scanAlerts-4: the next part of all alerts, and the position of the change stream at this moment.
  KEYS  1 last position of the change stream   2 hash: fingerprint -> body   3 hash: fingerprint -> meta
        4 hash: fingerprint -> settled
  ARGV  1 cursor (0 to begin)   2 about how many alerts, at most 2000
  Returns next cursor (0: done), position, then per alert: fingerprint, meta, body, settled. ]]
local CHUNK = 1000
local scanned = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local reply = { scanned[1], tonumber(redis.call('GET', KEYS[1]) or '0') }
local pairsFound = scanned[2]
for from = 1, #pairsFound, CHUNK * 2 do
  local fingerprints = {}
  for at = from, math.min(from + CHUNK * 2, #pairsFound + 1) - 1, 2 do
    fingerprints[#fingerprints + 1] = pairsFound[at]
  end
  local metas = redis.call('HMGET', KEYS[3], unpack(fingerprints))
  local settled = redis.call('HMGET', KEYS[4], unpack(fingerprints))
  for index = 1, #fingerprints do
    reply[#reply + 1] = fingerprints[index]
    reply[#reply + 1] = metas[index] or ''
    reply[#reply + 1] = pairsFound[from + index * 2 - 1]
    reply[#reply + 1] = settled[index]
  end
end
return reply
