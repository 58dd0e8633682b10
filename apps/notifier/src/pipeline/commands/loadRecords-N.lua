--[[ loadRecords-N: the notification records of groups, and the position of the alert book's change stream at this moment.
  KEYS  1 position of the change stream's last entry   from 2, of each group: hash integration -> "revision record"
  Returns position, then of each group: integration, "revision record", next integration, ... ]]
local reply = { tonumber(redis.call('GET', KEYS[1]) or '0') }
for group = 2, #KEYS do reply[group] = redis.call('HGETALL', KEYS[group]) end
return reply
