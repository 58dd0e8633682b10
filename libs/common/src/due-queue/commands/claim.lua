--[[ claim: snippet; leases one due member and adds it to `out` as
  member, token, revision, earlier claims in a row that did not complete, due time. ]]
local function claim(out, dueKey, metaKey, member, score, token, leaseEnd)
  -- A member whose metadata was lost is still work to do.
  local meta = redis.call('HGET', metaKey, member) or ('0 ' .. text(token) .. ' 0 - -')
  local revision, unfinished, claimed = string.match(meta, '^%d+ (%d+) (%d+) (%S+) %S+$')
  local due = claimed == '-' and score or claimed
  redis.call('ZADD', dueKey, leaseEnd, member)
  redis.call('HSET', metaKey, member, table.concat({ text(token), revision, text(unfinished + 1), due, '-' }, ' '))
  out[#out + 1] = member
  out[#out + 1] = text(token)
  out[#out + 1] = revision
  out[#out + 1] = unfinished
  out[#out + 1] = due
end
