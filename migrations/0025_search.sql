-- What the console looks for jobs by. Each index leaves out all rows without the thing, so that jobs without a key, a
-- trace or a trouble cost nothing; steps have their workflow's trace, so only roots are indexed by it.

create index job_key on holdfast.job (key) where key <> '';
create index job_trace on holdfast.job (substr(trace, 4, 32)) where root = id and trace is not null;
create index job_forked on holdfast.job (forked_from) where forked_from is not null;

-- Dead and cancelled ones, newest first; what a list of them is narrowed by lies in the index, for rows far apart.
create index done_trouble on holdfast.done (id) include (outcome, kind, tenant) where outcome <> 0;
