-- One row: an item that was due at the run before, forgotten before looking again.
-- reads: nothing
-- writes: strategies_duestep
delete from strategies_duestep
where (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
