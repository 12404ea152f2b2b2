"""The facts about an account that conditions may ask for (design 4.3): master data, what is owed, how it paid; and
those about one open item, for the conditions of steps.

Amounts are in the tenant's currency at the day's reference rate, or the item's own where a year's sums are meant.
"""

from dataclasses import replace

from spartito.platform.facts import Fact

POSITION = """left join (
    select
        member.account_id,
        sum(position.overdue) as overdue,
        sum(position.exposure) as exposure,
        sum(position.on_hold) as on_hold,
        sum(position.open_items) as open_items,
        sum(position.overdue_items) as overdue_items,
        min(position.oldest_due_date) as oldest_due_date
    from portfolio_customer as member
    inner join portfolio_position as position on position.customer_id = member.id
    where (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
        and (%(customers)s::bigint[] is null or position.customer_id = any(%(customers)s))
    group by member.account_id
) as position on position.account_id = account.id"""

# Weighted by amount, late payments only; an inferred closing counts as a payment (domain 6).
PAID = """left join (
    select
        member.account_id,
        sum(item.amount * greatest(item.closed_on - item.due_date, 0)) / sum(item.amount) as days_late,
        100 * sum(item.amount) filter (where item.closed_on > item.due_date) / sum(item.amount) as late_share
    from portfolio_customer as member
    inner join portfolio_item as item on item.customer_id = member.id
    where item.closing_cause in ('paid', 'unknown')
        and item.document_type in ('invoice', 'debit_note')
        and item.amount > 0
        and item.closed_on > %(as_of)s::date - 365
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as paid on paid.account_id = account.id"""

YEAR = """left join (
    select
        member.account_id,
        sum(item.amount) filter (where item.issue_date > %(as_of)s::date - 365 and item.issue_date <= %(as_of)s) as turnover,
        count(*) filter (where item.returned_on > %(as_of)s::date - 365 and item.returned_on <= %(as_of)s) as returned,
        min(item.issue_date) as first_invoice
    from portfolio_customer as member
    inner join portfolio_item as item on item.customer_id = member.id
    where (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as year on year.account_id = account.id"""

DISPUTED = """left join (
    select
        member.account_id,
        sum(least(coalesce(hold.amount, item.open_amount), item.open_amount)) as amount
    from portfolio_hold as hold
    inner join portfolio_customer as member on member.id = hold.customer_id
    inner join portfolio_item as item
        on item.customer_id = member.id
        and item.closed_on is null
        and item.open_amount > 0
        and (hold.item_id is null or hold.item_id = item.id)
    where hold.kind = 'dispute'
        and hold.starts_on <= %(as_of)s
        and (hold.ends_on is null or hold.ends_on >= %(as_of)s)
        and (hold.released_on is null or hold.released_on > %(as_of)s)
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as disputed on disputed.account_id = account.id"""

BLOCK = """left join portfolio_block as block on block.customer_id = account.id and block.released_on is null"""
NEW_DAYS = 180


def _code_of(table: str, column: str) -> str:
    return f"left join {table} as fact_{column} on fact_{column}.id = account.{column}_id"


CLASS = _code_of("portfolio_creditclass", "credit_class")
FACTS = [
    Fact("overdue", "amount", "coalesce(position.overdue, 0)", "Scaduto", "Overdue", POSITION, "currency", True, True),
    Fact("days_overdue", "number", "greatest(%(as_of)s::date - position.oldest_due_date, 0)",
         "Giorni dello scaduto più vecchio", "Days of the oldest overdue", POSITION, "days", True),
    Fact("overdue_items", "number", "coalesce(position.overdue_items, 0)", "Partite scadute", "Overdue items", POSITION, "", True, True),
    Fact("open_items", "number", "coalesce(position.open_items, 0)", "Partite aperte", "Open items", POSITION, "", True, True),
    Fact("exposure", "amount", "coalesce(position.exposure, 0)", "Esposizione", "Exposure", POSITION, "currency", True),
    Fact("on_hold", "amount", "coalesce(position.on_hold, 0)", "Importo sospeso", "Amount on hold", POSITION, "currency", True, True),
    Fact("disputed", "amount", "coalesce(disputed.amount, 0)", "Importo contestato", "Amount in dispute", DISPUTED, "currency", True, True),
    Fact("credit_limit", "amount", "account.credit_limit", "Fido", "Credit limit", "", "currency"),
    Fact("limit_use", "number", "100 * coalesce(position.exposure, 0) / nullif(account.credit_limit, 0)",
         "Utilizzo del fido", "Use of the limit", POSITION, "percent", True),
    Fact("insured_limit", "amount", "account.insured_limit", "Fido assicurato", "Insured limit", "", "currency"),
    Fact("returned_12m", "number", "coalesce(year.returned, 0)", "Insoluti negli ultimi 12 mesi", "Returned in the last 12 months",
         YEAR, "", True),
    Fact("turnover_12m", "amount", "coalesce(year.turnover, 0)", "Fatturato degli ultimi 12 mesi",
         "Turnover of the last 12 months", YEAR, "currency", True),
    Fact("days_late_12m", "number", "paid.days_late", "Ritardo medio ponderato degli ultimi 12 mesi",
         "Weighted average days late, last 12 months", PAID, "days", True),
    Fact("paid_late_12m", "number", "coalesce(paid.late_share, 0)", "Quota pagata in ritardo negli ultimi 12 mesi",
         "Share paid late in the last 12 months", PAID, "percent", True),
    Fact("is_new", "yes_no", f"coalesce(least(year.first_invoice, account.created_on), %(as_of)s::date) > %(as_of)s::date - {NEW_DAYS}",
         "Cliente da meno di 6 mesi", "Customer for less than 6 months", YEAR, "", True),
    Fact("block_level", "number", "coalesce(block.level, 0)", "Livello di blocco ordini", "Order block level", BLOCK, "", True),
    Fact("credit_class", "text", "fact_credit_class.code", "Classe di credito", "Credit class", CLASS),
    Fact("is_public_body", "yes_no", "coalesce(fact_credit_class.code = 'ENT', false)", "Ente pubblico", "Public body", CLASS),
    Fact("rating", "text", "nullif(account.rating, '')", "Rating", "Rating"),
    Fact("creditor", "text", "fact_creditor.code", "Creditore", "Creditor", _code_of("portfolio_creditor", "creditor")),
    Fact("payment_type", "text", "fact_payment_type.code", "Modalità di pagamento", "Payment type",
         _code_of("portfolio_paymenttype", "payment_type")),
    Fact("salesperson", "text", "fact_salesperson.code", "Venditore", "Salesperson",
         _code_of("portfolio_salesperson", "salesperson")),
    Fact("area", "text", "fact_area.code", "Area", "Area", _code_of("access_orgunit", "area")),
    Fact("division", "text", "fact_division.code", "Divisione", "Division", _code_of("access_orgunit", "division")),
    Fact("sector", "text", "fact_sector.code", "Settore", "Sector", _code_of("access_orgunit", "sector")),
    Fact("country", "text", "nullif(account.country, '')", "Paese", "Country"),
    Fact("province", "text", "nullif(account.province, '')", "Provincia", "Province"),
    Fact("language", "text", "nullif(account.language, '')", "Lingua", "Language"),
    Fact("currency", "text", "nullif(account.currency, '')", "Valuta", "Currency"),
    Fact("is_consumer", "yes_no", "account.is_consumer", "Consumatore", "Consumer"),
]  # fmt: skip

RATE = """left join (
    select distinct on (known.currency_id)
        known.currency_id as currency,
        known.rate
    from reference_exchangerate as known
    where known.day <= %(as_of)s
    order by known.currency_id, known.day desc
) as rate on rate.currency = item.currency"""
ITEM_PAYMENT_TYPE = (
    "left join portfolio_paymenttype as item_payment_type on item_payment_type.id = item.payment_type_id"
)


def _of_item(table: str, column: str) -> str:
    """What stands on the item, else on the customer (design 3)."""
    return f"left join {table} as item_{column} on item_{column}.id = coalesce(item.{column}_id, account.{column}_id)"


OF_ITEM = (
    Fact("item_amount", "amount", "round(item.open_amount / coalesce(rate.rate, 1), 2)", "Importo aperto della partita",
         "Open amount of the document", RATE, "currency", True, True),
    Fact("item_original_amount", "amount", "round(item.amount / coalesce(rate.rate, 1), 2)", "Importo originario della partita",
         "Original amount of the document", RATE, "currency", True, True),
    Fact("item_days_overdue", "number", "%(as_of)s::date - item.due_date", "Giorni di ritardo della partita",
         "Days overdue of the document", "", "days", True),
    Fact("item_age", "number", "%(as_of)s::date - item.issue_date", "Giorni dalla data del documento",
         "Days since the document was issued", "", "days", True),
    Fact("item_payment_type", "text", "item_payment_type.code", "Modalità di pagamento della partita",
         "Payment type of the document", ITEM_PAYMENT_TYPE),
    Fact("item_document_type", "text", "item.document_type", "Tipo di documento", "Document type"),
    Fact("item_bank_status", "text", "item.bank_status", "Stato in banca della partita", "Bank status of the document"),
    Fact("item_currency", "text", "item.currency", "Valuta della partita", "Currency of the document"),
    Fact("item_salesperson", "text", "item_salesperson.code", "Venditore della partita", "Salesperson of the document",
         _of_item("portfolio_salesperson", "salesperson")),
    Fact("item_area", "text", "item_area.code", "Area della partita", "Area of the document",
         _of_item("access_orgunit", "area")),
    Fact("item_division", "text", "item_division.code", "Divisione della partita", "Division of the document",
         _of_item("access_orgunit", "division")),
    Fact("item_sector", "text", "item_sector.code", "Settore della partita", "Sector of the document",
         _of_item("access_orgunit", "sector")),
)  # fmt: skip
FACTS += [replace(fact, of="item") for fact in OF_ITEM]
