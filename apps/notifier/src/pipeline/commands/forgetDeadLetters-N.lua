--[[ forgetDeadLetters-N: takes dead letters off the list where their records have expired or have none any more.
  KEYS  1 sorted set of names   then of each name: hash integration -> "revision record"
  ARGV  of each name: integration, name ]]
for i = 2, #KEYS do
  local record = redis.call('HGET', KEYS[i], ARGV[2 * i - 3])
  if not record or string.find(record, '"deadLetter":null', 1, true) then
    redis.call('ZREM', KEYS[1], ARGV[2 * i - 2])
  end
end
