"""Taking in contacts and salespeople."""

from spartito.ingest import staging
from spartito.ingest.taking import Taking


def merge_contacts(taking: Taking) -> None:
    """Contacts by external id, else by customer, role and name; unknown customers are created from their codes."""
    taking.run("add_creditors")
    staging.execute(
        "insert into ingest_staged_customer (creditor_code, customer_code)"
        " select distinct creditor_code, customer_code from ingest_staged_contact"
    )
    taking.run("add_customers", "resolve_contacts", "remember_contacts", "insert_contacts", "update_contacts")
    taking.run("note_contact_deliveries")
    _count(taking, "ingest_resolved_contact")


def merge_salespeople(taking: Taking) -> None:
    """Salespeople by code, with their area and the user they log in as."""
    known = {code for (code,) in staging.rows_of("select code from portfolio_salesperson")}
    taking.run("add_units", "add_salespeople")
    told = {code for (code,) in staging.rows_of("select salesperson_code from ingest_staged_salesperson")}
    taking.run("resolve_salespeople")
    taking.run("remember_salespeople", made=sorted(told - known))
    taking.run("update_salespeople", "note_salesperson_deliveries")
    taking.created, taking.updated = len(told - known), len(told & known)


def _count(taking: Taking, table: str) -> None:
    made, all_ = staging.rows_of(f"select count(*) filter (where is_new), count(*) from {table}")[0]
    taking.created, taking.updated = made, all_ - made
