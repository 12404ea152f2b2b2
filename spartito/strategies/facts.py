"""All facts that conditions may ask for: those of the rooms below, and this room's own. One name, one fact."""

from dataclasses import replace

from spartito.actions.facts import FACTS as OF_ACTIONS
from spartito.platform.facts import Fact
from spartito.portfolio.facts import FACTS as OF_PORTFOLIO
from spartito.portfolio.payment_facts import FACTS as OF_PAYMENTS

BROKEN = """left join (
    select
        member.account_id,
        count(distinct broken.hold_id) as promises
    from strategies_order as broken
    inner join portfolio_item as item on item.id = broken.item_id
    inner join portfolio_customer as member on member.id = item.customer_id
    where broken.hold_id is not null
        and broken.given_on > %(as_of)s::date - 365
        and broken.given_on <= %(as_of)s
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as broken on broken.account_id = account.id"""
OWN = [
    Fact("broken_promises_12m", "number", "coalesce(broken.promises, 0)", "Promesse non mantenute negli ultimi 12 mesi",
         "Promises broken in the last 12 months", BROKEN, "", True),
    Fact("education", "text", 'education."group"', "Educazione al pagamento", "Payment education",
         "left join strategies_education as education on education.account_id = account.id"),
]  # fmt: skip
FACTS = {
    fact.name: replace(fact, room=room)
    for room, facts in (("portfolio", [*OF_PORTFOLIO, *OF_PAYMENTS]), ("actions", OF_ACTIONS), ("strategies", OWN))
    for fact in facts
}
FACT_TYPES = {name: fact.type for name, fact in FACTS.items()}
OF_ITEMS = frozenset(name for name, fact in FACTS.items() if fact.of == "item")
