"""The profiles of design section 8: what each is called, what it sees, what it may do."""

from dataclasses import dataclass
from enum import StrEnum


class Sees(StrEnum):
    """How a profile's rows are found."""

    ALL = "all"  # every customer, narrowed by the scopes it carries
    SCOPED = "scoped"  # only what its scopes name; without any, nothing
    LEGAL = "legal"  # customers at law: a legal or insolvency hold, a class at law, or proposed for it
    ENTRUSTED = "entrusted"  # only customers granted by name
    NOTHING = "nothing"  # no customer data at all


class Own(StrEnum):
    """What a scoped profile sees while nobody gave it a scope: the customers that carry its name."""

    NONE = ""
    COLLECTOR = "collector"
    SALESPERSON = "salesperson"


PERMISSIONS = {
    "tasks.work": "work one's own tasks",
    "tasks.cover": "work the tasks that colleagues have in the same role",
    "tasks.every": "work everybody's tasks",
    "work.view": "see how much everybody has to do and how the day goes",
    "work.manage": "move work among people, set its weights, capacities, absences and targets",
    "customers.view": "see customers and their contacts",
    "customers.edit": "create, edit and retire customers",
    "customers.assign": "assign collectors and lend customers",
    "contacts.edit": "create and edit contacts",
    "ledger.view": "see items, amounts and payments",
    "ageing.view": "see the ageing report",
    "journal.view": "see the history of a customer",
    "notes.write": "write notes",
    "export": "take lists away as files",
    "explain.view": "see why the engine did or did not act",
    "holds.report": "report a promise, dispute, cheque or visit, to be confirmed by a collector",
    "holds.put": "put and extend holds",
    "holds.release": "release holds",
    "blocks.view": "see whether orders are blocked",
    "blocks.put": "block orders",
    "blocks.release": "release order blocks",
    "blocks.request": "ask for the release of a block",
    "payments.check": "check payments and returns",
    "messages.view": "read what was or will be sent",
    "messages.manage": "release, withdraw and print messages",
    "imports.view": "see imports and rejected rows",
    "imports.run": "import files and undo imports",
    "strategies.view": "read strategies",
    "strategies.edit": "change strategies in a draft",
    "strategies.publish": "put strategies in force",
    "campaigns.run": "start and stop campaigns",
    "runs.view": "see the daily runs",
    "runs.start": "start a run",
    "masterdata.view": "see creditors, agents, areas and classes",
    "masterdata.edit": "change creditors, agents, areas and classes",
    "reference.edit": "change the calendar, rates and fees",
    "users.view": "see users and what they may",
    "users.manage": "create users, give profiles and scopes",
    "approve": "decide on requests",
    "settings.manage": "change the settings of the installation",
    "health.view": "see whether everything runs",
}

_LOOK = {"customers.view", "ledger.view", "ageing.view", "journal.view", "export", "blocks.view", "masterdata.view"}
_READ = _LOOK | {"messages.view", "strategies.view", "explain.view", "runs.view", "imports.view", "work.view"}
_COLLECT = _LOOK | {
    "tasks.work", "tasks.every", "notes.write", "contacts.edit", "explain.view", "holds.report", "holds.put", "holds.release",
    "payments.check", "messages.view", "messages.manage", "strategies.view", "blocks.request",
}  # fmt: skip
_SELL = {
    "tasks.work", "customers.view", "ledger.view", "ageing.view", "journal.view", "export", "notes.write",
    "explain.view", "holds.report", "blocks.view", "blocks.request", "messages.view",
}  # fmt: skip
_LAW = _LOOK | {
    "tasks.work", "tasks.cover", "notes.write", "contacts.edit", "messages.view", "holds.put", "explain.view",
}  # fmt: skip
_OUTSIDE = {"tasks.work", "customers.view", "ledger.view", "journal.view", "notes.write"}
_ADMIN = {
    "users.view", "users.manage", "settings.manage", "health.view", "runs.view", "imports.view", "reference.edit",
}  # fmt: skip
_MANAGE = set(PERMISSIONS) - {"settings.manage"}
_DIRECT = _READ | {"tasks.work"}  # what a step asks them to decide, or tells them


@dataclass(frozen=True, slots=True)
class Profile:
    """`lens` is the point of view of its pages; `needs_end`: an assignment of it always ends."""

    code: str
    name_it: str
    name_en: str
    department_it: str
    department_en: str
    sees: Sees
    permissions: frozenset[str]
    lens: str
    own: Own = Own.NONE
    needs_end: bool = False
    is_external: bool = False


CREDIT = ("Gestione credito", "Credit management")
BOARD = ("Direzione generale", "General management")
SALES = ("Area commerciale", "Sales")
FINANCE = ("Finanza e controllo", "Finance and control")
LAW = ("Affari legali", "Legal affairs")
OUTSIDE = ("Esterni", "External")
CARE = ("Customer care", "Customer care")
AUDIT = ("Revisione", "Audit")
SYSTEMS = ("Sistemi informativi", "Information systems")


def _profile(
    code: str, name_it: str, name_en: str, department: tuple[str, str], sees: Sees, permissions: set[str], lens: str,
    *, own: Own = Own.NONE, needs_end: bool = False, is_external: bool = False,
) -> Profile:  # fmt: skip
    return Profile(code, name_it, name_en, *department, sees, frozenset(permissions), lens, own, needs_end, is_external)


_TABLE = [
    _profile("credit_manager", "Credit Manager", "Credit manager", CREDIT, Sees.ALL, _MANAGE, "credit"),
    _profile("collector_global", "Collector Globale", "Global collector", CREDIT, Sees.ALL, _COLLECT, "credit"),
    _profile("collector_sector", "Collector Settore", "Sector collector", CREDIT, Sees.SCOPED, _COLLECT, "credit",
             own=Own.COLLECTOR),
    _profile("temp_collector", "Collector Temporaneo", "Temporary collector", CREDIT, Sees.SCOPED, _COLLECT, "credit",
             own=Own.COLLECTOR, needs_end=True),
    _profile("cash_clerk", "Incassi e tesoreria", "Cash and treasury", CREDIT, Sees.ALL,
             _LOOK | {"tasks.work", "tasks.cover", "notes.write", "payments.check", "imports.view", "imports.run",
                      "holds.report"},
             "cash"),
    _profile("ceo", "Amministratore Delegato", "Chief executive officer", BOARD, Sees.ALL,
             _DIRECT | {"approve", "strategies.publish"},
             "management"),
    _profile("general_manager", "Direttore Generale", "General manager", BOARD, Sees.ALL,
             _DIRECT | {"approve", "strategies.publish"},
             "management"),
    _profile("sales_manager", "Sales Manager", "Sales manager", SALES, Sees.ALL, _SELL | {"masterdata.view"}, "sales"),
    _profile("division_manager", "Division Manager", "Division manager", SALES, Sees.SCOPED, _SELL, "sales"),
    _profile("area_manager", "Area Manager", "Area manager", SALES, Sees.SCOPED, _SELL, "sales"),
    _profile("salesperson", "Venditore", "Salesperson", SALES, Sees.SCOPED, _SELL, "sales", own=Own.SALESPERSON),
    _profile("order_desk", "Back office ordini", "Order desk", SALES, Sees.ALL,
             {"tasks.work", "tasks.cover", "customers.view", "blocks.view", "blocks.request"}, "orders"),
    _profile("customer_care", "Customer Care", "Customer care", CARE, Sees.ALL,
             {"tasks.work", "tasks.cover", "customers.view", "ledger.view", "journal.view", "notes.write",
              "contacts.edit", "holds.report", "messages.view", "blocks.view"}, "care"),
    _profile("cfo", "Direttore Finanziario", "Chief financial officer", FINANCE, Sees.ALL,
             _DIRECT | {"approve", "strategies.publish"},
             "management"),
    _profile("controller", "Controllo Gestione", "Controller", FINANCE, Sees.ALL, _DIRECT, "management"),
    _profile("lawyer_internal", "Avvocato Interno", "In-house lawyer", LAW, Sees.LEGAL, _LAW | {"holds.release"},
             "legal"),
    _profile("legal_clerk", "Operatore Interno", "Legal clerk", LAW, Sees.LEGAL, _LAW, "legal"),
    _profile("lawyer_external", "Legale Esterno", "External lawyer", OUTSIDE, Sees.ENTRUSTED, _OUTSIDE, "legal",
             is_external=True),
    _profile("consultant_external", "Consulente Esterno", "External consultant", OUTSIDE, Sees.ENTRUSTED, _OUTSIDE,
             "legal", is_external=True),
    _profile("agency_manager", "Agenzia: responsabile", "Agency: manager", OUTSIDE, Sees.ENTRUSTED,
             _OUTSIDE | {"contacts.edit", "holds.report"}, "agency", is_external=True),
    _profile("agency_operator", "Agenzia: operatore", "Agency: operator", OUTSIDE, Sees.ENTRUSTED,
             _OUTSIDE | {"contacts.edit", "holds.report"}, "agency", is_external=True),
    _profile("principal", "Committente", "Principal", OUTSIDE, Sees.SCOPED,
             _LOOK - {"masterdata.view"} | {"messages.view", "approve", "notes.write"}, "principal", is_external=True),
    _profile("auditor", "Revisore", "Auditor", AUDIT, Sees.ALL, _READ | {"users.view"}, "audit"),
    _profile("system_admin", "Amministratore di sistema", "System administrator", SYSTEMS, Sees.NOTHING, _ADMIN,
             "system"),
]  # fmt: skip
PROFILES: dict[str, Profile] = {profile.code: profile for profile in _TABLE}
WORKING = [profile.code for profile in _TABLE if "tasks.work" in profile.permissions]  # whom tasks may be given to
