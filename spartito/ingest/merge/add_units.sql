-- One row: an area, division or sector that a file names by a code not known yet.
-- reads: ingest_staged_code, access_orgunit
-- writes: access_orgunit
with codes_in_the_file as (
    select 'area' as kind, area_code as code from ingest_staged_code where area_code is not null
    union
    select 'division' as kind, division_code as code from ingest_staged_code where division_code is not null
    union
    select 'sector' as kind, sector_code as code from ingest_staged_code where sector_code is not null
)
insert into access_orgunit (kind, code, name)
select
    codes.kind,
    codes.code,
    codes.code
from codes_in_the_file as codes
where not exists (
    select 1 from access_orgunit as known where known.kind = codes.kind and known.code = codes.code
)
order by codes.kind, codes.code
