# Dead jobs by what they died of.

dead-none = Nothing is dead
dead-none-more = Jobs that have used up all their attempts are gathered here by what they died of. To look at all jobs, open the list.
dead-told = { $kinds ->
    [one] { $kinds } kind of failure
   *[other] { $kinds } kinds of failure
  }, { $n ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
  }.
dead-more = Only the newest 10,000 dead jobs are counted here; there are older ones.
dead-sorts-more = { $n } more kinds of failure, of few jobs each, are not shown. Look at one type to see them.
dead-share = { $share } of the dead jobs
dead-first = First
dead-last = last
dead-latest = latest:
dead-look = Look at the jobs
dead-retry = Retry all…
dead-delete = Delete all…
