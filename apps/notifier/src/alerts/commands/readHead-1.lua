--[[ readHead-1: the last position of the change stream.
  KEYS  1 last position of the change stream
  Returns it, 0 where there is none. ]]
return tonumber(redis.call('GET', KEYS[1]) or '0')
