# The businesses of the house.

tenants-all = all businesses
tenants-nobody = no business
tenants-none = There is no business yet
tenants-none-more = Add the first one on the command line: holdfast tenant add
tenants-id = Id
tenants-ready = Ready
tenants-running = Running
tenants-retrying = Retrying
tenants-held = Held
tenants-blocked = Blocked
tenants-scheduled = Scheduled
tenants-waiting = Waiting
tenants-dead = Dead, 24 h
tenants-share = Share
tenants-pause = Pause
tenants-pause-all = Pause all its jobs
tenants-more = The share weighs how workers choose between businesses whose jobs are ready: ×2 gets twice as many starts as ×1.
