--[[ loadRuleState-1: what is stored of a rule group, if it is newer than what the caller knows.
  KEYS  1 hash of the group: slot, summary, and `rule:<id>` for each rule
  ARGV  1 slot the caller knows the group as of ('' = knows nothing)
  Returns nothing when the group is not stored or only as of an older slot; the slot alone when it is the caller's;
  otherwise field, value, field, value ... ]]
local slot = redis.call('HGET', KEYS[1], 'slot')
if not slot then return {} end
if ARGV[1] ~= '' then
  if slot == ARGV[1] then return { slot } end
  if tonumber(slot) < tonumber(ARGV[1]) then return {} end
end
return redis.call('HGETALL', KEYS[1])
