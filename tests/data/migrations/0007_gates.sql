-- Somebody has closed the house for one tenant.
select holdfast.pause(null, 99, 'moving house', 'migration');
