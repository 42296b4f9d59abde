# The queues, one for each job type, with their pauses and limits.

queues-none = No job type is known yet
queues-none-more = They are written down when the first worker starts: holdfast serve
queues-ready = Ready
queues-oldest = Oldest ready
queues-running = Running
queues-held = Held
queues-blocked = Blocked
queues-later = Later
queues-scheduled = Scheduled
queues-retrying = Retrying
queues-waiting = Waiting
queues-dead = Dead, 24 h
queues-hour = Last hour
queues-run-wait = Run, wait
queues-run = An attempt takes
queues-wait = Wait before the start
queues-idle = { $n ->
    [one] 1 queue without anything to do
   *[other] { $n } queues without anything to do
}
queues-idle-table = Queues without anything to do
queues-depth-told = { $n ->
    [one] 1 job is ready
   *[other] { $n } jobs are ready
}
queues-hour-told = Completed in the last hour: { $n }. Failed attempts: { $m }.
queues-quiet = Nothing happened here in the last hour.
queues-open = open
queues-paused = paused
queues-draining = paused, draining
queues-unserved = no worker
queues-pauses = What is paused
queues-everything = everything
queues-for = For
queues-pause = Pause
queues-pause-everything = Pause everything
queues-resume = Resume
queues-all-jobs = All its jobs
queues-now = Now
queues-policy = How it is treated
queues-attempts = Attempts
queues-timeout = Longest attempt
queues-concurrency = At once in one process
queues-breaker = Depends on the breaker
queues-former = Former names
queues-no-limits = No limit bounds it: how many run together depends on the number of processes.
queues-limit = Limit
queues-at-once = At one time
queues-rate = Starts in a time
queues-starts = Starts
queues-per = In so many seconds
queues-any = any number
queues-empty-any = empty: any number
queues-used-told = { $n ->
    [one] 1 runs under it
   *[other] { $n } run under it
}
queues-scope = Counted
queues-scope-all = over all
queues-scope-tenant = for each business
queues-scope-key = for each key
queues-waits-here = Wait at it
queues-limit-kinds = Job types
queues-limit-by-hand = Changed by
queues-limit-change = Change the limit
queues-limit-release = Back to what the code says
queues-no-running = At one time: write a whole number from 0 to 1000000, or leave it empty
queues-no-rate = Starts: write a whole number from 1 to 1000000, or leave it empty
queues-no-per = Seconds: write a number from 0.001 to 604800
told-queue-paused = Paused. What runs ends as usual.
told-queue-drains = { $n ->
    [one] Paused. 1 job still runs, and ends as usual.
   *[other] Paused. { $n } jobs still run, and end as usual.
}
told-queue-resumed = Resumed.
told-no-queue-pause = Nothing was done: there was no such pause any more.
told-no-limit-change = Nothing was done: the limit has the numbers of the code already, or this release does not know it.
