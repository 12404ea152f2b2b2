-- One row: the day on which figures stand, where it changed: of everybody, or of some (`latest`).
-- Asked before it is written: a click that changes nothing here waits for nobody.
-- reads: portfolio_standing
-- writes: portfolio_standing
insert into portfolio_standing as kept (of_all, everybody_on, latest)
select
    true,
    case when (%(customers)s::bigint[] is null) then %(as_of)s::date else %(as_of)s::date - 1 end,
    %(as_of)s::date
where not exists (
    select 1
    from portfolio_standing as known
    where case when (%(customers)s::bigint[] is null)
            then (known.everybody_on, known.latest) = (%(as_of)s::date, %(as_of)s::date)
            else known.latest >= %(as_of)s::date
        end
)
on conflict (of_all) do update
set
    everybody_on = case when (%(customers)s::bigint[] is null) then excluded.everybody_on else kept.everybody_on end,
    latest = excluded.latest
