-- One row: an account in payment education: its group, and amount times days late and amount of the documents known to be
-- paid, in the year before it entered and since. Since: documents that fell due after it entered, paid by `as_of`.
-- reads: strategies_education, portfolio_customer, portfolio_item
select
    education."group",
    sum(item.amount * greatest(item.closed_on - item.due_date, 0)) filter (where item.closed_on <= education.enrolled_on) as before_days,
    sum(item.amount) filter (where item.closed_on <= education.enrolled_on) as before_amount,
    sum(item.amount * greatest(item.closed_on - item.due_date, 0)) filter (where item.due_date > education.enrolled_on) as since_days,
    sum(item.amount) filter (where item.due_date > education.enrolled_on) as since_amount
from strategies_education as education
left join portfolio_customer as member on member.account_id = education.account_id
left join portfolio_item as item
    on item.customer_id = member.id
    and item.closing_cause = 'paid'
    and not item.is_inferred
    and item.document_type in ('invoice', 'debit_note')
    and item.amount > 0
    and item.closed_on > education.enrolled_on - 365
    and item.closed_on <= %(as_of)s
where (%(customers)s::bigint[] is null or education.account_id = any(%(customers)s))
group by education.account_id, education."group"
