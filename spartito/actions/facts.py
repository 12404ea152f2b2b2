"""The facts about an account's contacts that conditions may ask for: those planned or made, and not withdrawn."""

from spartito.platform.facts import Fact

CONTACTS = """left join (
    select
        planned.account_id,
        max(planned.due_on) as last_on,
        count(*) filter (where planned.due_on > %(as_of)s::date - 30) as of_late
    from actions_plannedaction as planned
    where planned.kind = 'contact'
        and planned.withdrawn_on is null
        and planned.due_on < %(as_of)s
        and planned.due_on > %(as_of)s::date - 400
        and (%(customers)s::bigint[] is null or planned.account_id = any(%(customers)s))
    group by planned.account_id
) as contacts on contacts.account_id = account.id"""

FACTS = [
    Fact("contacts_30d", "number", "coalesce(contacts.of_late, 0)", "Contatti negli ultimi 30 giorni",
         "Contacts in the last 30 days", CONTACTS, "", True),
    Fact("days_since_contact", "number", "%(as_of)s::date - contacts.last_on", "Giorni dall'ultimo contatto",
         "Days since the last contact", CONTACTS, "days", True),
]  # fmt: skip
