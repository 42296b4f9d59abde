# Breakers.

breakers-none = No breaker is known yet
breakers-none-more = Job types name what they depend on; breakers are written down when the first worker starts.
breakers-state-closed = closed
breakers-state-open = open
breakers-state-half-open = tries again
breakers-state-recovering = recovers
breakers-since = Since
breakers-next = Next try
breakers-until = Forced until
breakers-failures = Failures that count
breakers-successes = Successes that count
breakers-held = Jobs that wait
breakers-kinds = Job types
breakers-forced = Forced by
breakers-force-open = Force open
breakers-force-closed = Force closed
breakers-release = End the force
breakers-open-more = Nothing starts that depends on it.
breakers-closed-more = Everything starts, whatever fails.
breakers-minutes = For so many minutes
breakers-no-minutes = Minutes: write a whole number from 1 to 10080
breakers-limits = Limits
breakers-limit = Limit
told-breaker-forced = { $n ->
    [one] Forced for 1 minute; then it decides for itself again.
   *[other] Forced for { $n } minutes; then it decides for itself again.
}
told-breaker-released = It decides for itself again.
told-no-breaker-forced = Nothing was done: it is not forced.
