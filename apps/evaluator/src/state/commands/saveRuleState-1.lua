--[[ saveRuleState-1: stores a rule group as of a slot, unless it is stored as of this or a newer one.
  KEYS  1 hash of the group: slot, summary, and `rule:<id>` for each rule
  ARGV  1 slot   2 summary   3 how long the group is kept from now, ms   4 number of rules to remove
        then the ids of these rules, then id, state, id, state ... of rules to write
  Returns SAVED or LATE. ]]
local SAVED, LATE = 0, -1
local slot = redis.call('HGET', KEYS[1], 'slot')
if slot and tonumber(ARGV[1]) <= tonumber(slot) then return LATE end
redis.call('HSET', KEYS[1], 'slot', ARGV[1], 'summary', ARGV[2])
local firstWritten = 5 + tonumber(ARGV[4])
for i = 5, firstWritten - 1 do redis.call('HDEL', KEYS[1], 'rule:' .. ARGV[i]) end
for i = firstWritten, #ARGV, 2 do redis.call('HSET', KEYS[1], 'rule:' .. ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return SAVED
