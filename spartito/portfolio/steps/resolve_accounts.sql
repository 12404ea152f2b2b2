-- One row: a customer whose account (who is written to) changed.
-- Payer, else the parent where it is marked dun_group, else the customer itself (design 3).
-- reads: portfolio_customer
-- writes: portfolio_customer
with who_is_written_to as (
    select
        customer.id,
        case
            when customer.payer_id is not null then customer.payer_id
            when parent.dun_group then parent.id
            else customer.id
        end as account_id
    from portfolio_customer as customer
    left join portfolio_customer as parent on parent.id = customer.parent_id
    where (%(customers)s::bigint[] is null or customer.id = any(%(customers)s))
)
update portfolio_customer as customer
set account_id = who_is_written_to.account_id
from who_is_written_to
where customer.id = who_is_written_to.id
    and customer.account_id is distinct from who_is_written_to.account_id
