-- One row: a salesperson of the file with area and user.
-- reads: ingest_staged_salesperson, portfolio_salesperson, access_orgunit, access_user
-- writes: nothing (a temporary table)
create temporary table ingest_resolved_salesperson on commit drop as
select
    staged.*,
    salesperson.id as salesperson_id,
    area.id as area_id,
    person.id as user_id
from ingest_staged_salesperson as staged
inner join portfolio_salesperson as salesperson on salesperson.code = staged.salesperson_code
left join access_orgunit as area on area.kind = 'area' and area.code = staged.area_code
left join access_user as person on lower(person.username) = lower(staged.username)
