-- One row: the day on which figures stand, where it changed.
-- reads: nothing
-- writes: portfolio_standing
insert into portfolio_standing as kept (of_all, everybody_on, latest)
values (true, %(as_of)s, %(as_of)s)
on conflict (of_all) do update
set
    everybody_on = case when (%(customers)s::bigint[] is null) then excluded.everybody_on else kept.everybody_on end,
    latest = excluded.latest
where case when (%(customers)s::bigint[] is null)
        then (kept.everybody_on, kept.latest) <> (excluded.everybody_on, excluded.latest)
        else kept.latest < excluded.latest
    end
