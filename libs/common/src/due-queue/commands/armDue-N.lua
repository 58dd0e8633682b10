--[[ armDue-N: adds work to members of a due queue.
  KEYS  as the snippet `arm` takes them
  ARGV  1 now (epoch ms)   from 2 as the snippet `arm` takes them
  Returns nothing. ]]
--@include numbers
--@include arm
arm(tonumber(ARGV[1]), 1, ARGV, 2)
