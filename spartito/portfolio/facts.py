"""The facts about an account that conditions may ask for (design 4.3): its master data, and what is overdue."""

from spartito.platform.facts import Fact

OVERDUE = """left join (
    select
        member.account_id,
        sum(position.overdue) as amount
    from portfolio_customer as member
    inner join portfolio_position as position on position.customer_id = member.id
    where (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as overdue on overdue.account_id = account.id"""


def _code_of(table: str, column: str) -> str:
    return f"left join {table} as fact_{column} on fact_{column}.id = account.{column}_id"


FACTS = {
    fact.name: fact
    for fact in [
        Fact("overdue", "amount", "coalesce(overdue.amount, 0)", "Scaduto", "Overdue", OVERDUE, "currency", True),
        Fact("credit_class", "text", "fact_credit_class.code", "Classe di credito", "Credit class",
             _code_of("portfolio_creditclass", "credit_class")),
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
        Fact("language", "text", "nullif(account.language, '')", "Lingua", "Language"),
        Fact("currency", "text", "nullif(account.currency, '')", "Valuta", "Currency"),
        Fact("is_consumer", "yes_no", "account.is_consumer", "Consumatore", "Consumer"),
    ]
}  # fmt: skip
