# Jobs: the list, one job, one workflow.

query = Query
query-hint = state:dead kind:send_reply phone:"+39 333 555 0110" error:"timed out" age:<1d
query-words = Words of the query
suggestions = Suggestions
chip-remove = Take this word away
examples = For example
example-dead = what died in the last day
example-stuck = what waits for another try, a limit or a breaker
example-error = what was cut off
example-answers = answers of the last hour
example-attempts = what needed more than three attempts
view-save = Save this search
view-name = Name
view-shared = For everybody here
view-mine = Mine
view-whose = Whose
view-delete = Delete
views-none = No saved searches
attempts = Attempts
enqueued = Enqueued
took = Took
last-error = Last error
select-page = Select all rows of this page
select-job = Select job
step = Step
key = Key
selected = selected
reason-hint = Reason (needed to cancel or delete)
verb = What to do
verb-retry = Retry
verb-retry-edited = Edit and retry
verb-run-now = Run now
verb-snooze = Snooze
verb-cancel = Cancel
verb-delete = Delete
verb-duplicate = Duplicate
snooze-for = Snooze for
minutes = { $n ->
    [60] 1 hour
    [480] 8 hours
    [1440] 1 day
   *[other] { $n } minutes
}
all-matching = All that match this search, on every page…
rate = Jobs a second
rate-kind = as fast as is kind
preview = Preview
jobs-none = No jobs
jobs-none-ever = Nothing has been put in yet. Write to the business, and the first ones are here.
jobs-none-fit = Nothing fits all of these words. Take one away, or try an example.
looked-back-to = This looked back to
look-further = Look further back
attempts-n = { $n ->
    [one] 1 attempt
   *[other] { $n } attempts
}
steps-n = { $n ->
    [one] 1 step
   *[other] { $n } steps
}
jobs-n = { $n ->
    [one] 1 job
   *[other] { $n } jobs
}
why-waiting = Why is this waiting?
timeline = Timeline
arguments = Arguments
merged-n = Taken up, number { $n }
output = Result
progress = Progress
revisions = Former arguments
reveal = Reveal
reveal-more = What customers wrote is hidden. That you read it, and why, is written into the audit.
revealed = You see what is hidden from others. The audit says so.
masked = What customers wrote is hidden from your role.
effects = Effects
effect = Effect
reference = Reference
effect-reason = Reason
effect-sent = Sent
effect-settled = Settled
cause-graph = What led to what
details = Details
priority = Priority
workers-living = Workers that run it
deadline = Deadline
queue-wait = Longest wait
limits = Limits
lane = Lane
limit-key = Limit key
breaker = Breaker
worker = Worker
forked-from = Copy of
forks = Copies
trace = Trace
logs = Logs
logs-more = Everything about it in the logs of all processes has
delete-more = The job goes for good, with its steps. This cannot be undone.
edit-more = The job runs once more with these arguments. Its former ones are kept.
duplicate-more = A new job with these arguments, beside this one.

event-enqueued = Enqueued
event-scheduled = Put in for
event-attempt = Attempt { $n }
event-snoozed = Snoozed
event-backoff = Waited for the next attempt
event-held = Held at a limit or a breaker
event-running = Running
event-cancellation = Somebody wants it to end
event-succeeded = Ran
state-failed = failed
state-timed-out = timed out
state-panicked = panicked
state-undecodable = unreadable
state-snoozed = snoozed
state-lost = lost
state-expired = too late
state-silent = silent
state-planned = planned
state-sent = sent
state-confirmed = confirmed
state-unknown = unknown
state-open = open
state-closed = closed
state-half-open = half open
state-recovering = recovering

why-no-worker = It could start, but no living worker runs { $kind }. Start one of a release that does.
why-queue = { $n ->
    [0] It is the next of its kind.
    [one] 1 job of its kind starts before it.
   *[other] { $n } jobs of its kind start before it.
}
why-queue-workers = { $n ->
    [one] 1 worker runs them.
   *[other] { $n } workers run them.
}
why-paused = Paused by
why-limit = At the limit
why-ahead = { $n ->
    [0] Nothing waits there before it.
    [one] 1 job waits there before it.
   *[other] { $n } jobs wait there before it.
}
why-due = Due
why-breaker = Behind the breaker
why-forced = Forced by
why-probe = The next try is
why-lane = Its lane is taken:
why-lane-position = { $n ->
    [1] it is the next
   *[other] it is number { $n }
}
why-scheduled = Put in for
why-debounced = { $n ->
    [0] It waits for more of the same, and starts
    [one] It has taken up 1 more of the same, and starts
   *[other] It has taken up { $n } more of the same, and starts
}
why-backoff = { $n ->
    [one] 1 attempt failed; the next one is
   *[other] { $n } attempts failed; the next one is
}
why-snoozed = It asked for a rest and goes on
why-every-step = It waits for all of these:
why-any-step = It waits for the first of these:
why-until = goes on anyway
why-signal = a signal or a sleep:

steps = Steps
result = Result
undone-for = Undone
undoes = undoes
undoing = undoing
detached = lives on by itself
wait-over = over
wait-open = waits
signal-came = came
signal-pending = A signal that nobody has taken:
patch-new = new code
patch-old = old code
decision = decided

told-job-retried = It runs once more.
told-job-due = It starts now.
told-job-snoozed = Snoozed.
told-job-cancelled = Cancelled.
told-job-asked = It has been told to end.
told-job-deleted = Deleted.
told-job-duplicated = This is the new job.
told-jobs-done = { $m ->
    [0] Done with { $n }.
   *[other] Done with { $n }; { $m } could not be changed where they stand.
}
told-no-jobs-done = Nothing was done: none of the { $m } is where this helps.
told-no-view-of-people = Not saved: searches that may name a person (phone:, message:, args, bare words) are not kept.
told-no-selection = Select jobs first.
told-no-job-not-ended = Nothing was done: it has not ended.
told-no-job-completed = Nothing was done: it has completed.
told-no-job-key-taken = Nothing was done: another job has its key by now.
told-no-job-is-step = Nothing was done: it is a step. Do it to its workflow.
told-no-job-ended = Nothing was done: it has ended.
told-no-job-ready = Nothing was done: it may start at any moment.
told-no-job-running = Nothing was done: it runs.
told-no-job-blocked = Nothing was done: others of its lane come first.
told-no-job-held = Nothing was done: it is held at a limit, a breaker or a pause.
told-no-job-waiting = Nothing was done: it is a workflow that waits for its steps.
told-no-job-has-open-effect = Nothing was done: nobody knows whether something of it went out. Settle the effect first.
told-no-job-too-large = Arguments have at most 1 MiB.
told-no-job-not-json = Arguments are JSON.
