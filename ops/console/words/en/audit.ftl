# The audit: what people did.

audit-none = Nobody has done anything yet
audit-none-more = Every act in this console and on its command line is written down here together with the act itself.
audit-none-fit = Nothing fits these filters. Take one away, or look at everything.
audit-anybody = anybody
audit-act = Act
audit-target = To what
audit-since = Since
audit-until = Until
audit-all = Everything
audit-detail = Details
audit-show = Show
