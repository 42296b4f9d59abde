update turn set tokens_in = 1200, tokens_out = 80, model = 'offline' where tenant_id = 1;
update message set pricing = 'service', billable = false where tenant_id = 1 and direction = 'out';
