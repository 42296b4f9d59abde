# Health: what needs somebody, and how everything goes.

health-attention = Attention
health-well = Nothing needs attention.
health-now = Now:
health-know = Note:
health-look = Look
health-no-worker = No worker is alive
health-no-worker-more = Jobs are kept and wait. Start one: holdfast serve
health-unserved = { $kind }: no living worker knows this type; ready: { $ready }
health-slow = { $kind }: the oldest ready job has waited for { $time }
health-dead = { $n ->
    [one] 1 job died in the last 24 hours
   *[other] { $count } jobs died in the last 24 hours
}
health-effects = { $n ->
    [one] 1 effect left the house, and nobody knows its end
   *[other] { $count } effects left the house, and nobody knows their end
}
health-open = Breaker { $rule } is open ({ $business }); jobs that wait: { $held }
health-unsure = Breaker { $rule } tries again, or is forced ({ $business })
health-late = Schedule { $schedule } is late: nobody made a job of its tick
health-transaction = A transaction has lasted for { $time }; dead rows stay until it ends
health-snapshot = Somebody has held an old snapshot for { $time }; dead rows stay meanwhile
health-connections = { $used } of { $most } connections of the database are taken
health-drift = The schema was changed by hand; holdfast migrate --check tells where
health-paused = Paused by { $by }: { $kind }, { $business }
health-schedule = Schedule { $schedule } was paused by { $by }
health-full = Limit { $limit } is reached; jobs that wait: { $held }
health-one-step = Your account asks for a password only. Set up the second step.
health-jobs = Jobs
health-ready = Ready
health-running = Running
health-retrying = Retrying
health-held = Held
health-dead-today = Dead, 24 h
health-unknown = Unknown effects
health-workers = Workers
health-queues = Busiest queues
health-all-queues = All queues
health-quiet = Nothing goes on
health-quiet-more = Queues are here as soon as they have something to do.
health-failed = { $n } failed
health-inbox = Customers who wait for an answer
health-inbox-oldest = Has waited longest
health-inbox-ready = Not yet begun
health-inbox-busy = Being answered
health-inbox-held = Kept back
health-breakers-closed = All are closed.
health-worker = Worker
health-beat = Last beat
health-version = Version
health-started = Started
health-silent = silent
health-draining = draining
health-works = works
health-database = Database
health-xmin = Oldest snapshot
health-transactions = { $count } transactions
health-longest = Longest transaction
health-pool = Connections
health-locks = Wait for a lock
health-size = Size
health-protocol = Protocol
health-drifted = changed by hand
health-tables = Tables
health-table = Table
health-live = Live rows
health-rows-dead = Dead rows
health-weeks = Parts
health-spend = Spent today
health-turns = Turns of the assistant
health-tokens-in = Tokens read
health-tokens-out = Tokens written
health-messages = WhatsApp messages
health-billable = Of these billable
health-model = Model
health-category = Category
health-category-service = service
health-category-utility = utility
health-category-marketing = marketing
health-category-authentication = authentication
health-category-template = template, not yet told
health-category-referral-conversion = from an advertisement
health-spend-of = { $n ->
    [one] Of 1 business, since its midnight; at most half a minute old.
   *[other] Of { $n } businesses, each since its own midnight; at most half a minute old.
}
health-spend-others = { $n ->
    [one] 1 more business is not added up here.
   *[other] { $n } more businesses are not added up here.
}
