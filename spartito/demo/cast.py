"""Who works at the invented company: one person for each profile, and what they may see."""

from dataclasses import dataclass

from spartito.demo.company import Salesperson

PASSWORD = "partitura-demo"


@dataclass(frozen=True)
class Person:
    username: str
    full_name: str
    profile: str
    scopes: tuple[tuple[str, str], ...] = ()


PEOPLE = (
    Person("chiara.fabbri", "Chiara Fabbri", "credit_manager"),
    Person("laura.conti", "Laura Conti", "collector_global"),
    Person("giulia.ferri", "Giulia Ferri", "collector_sector", (("collector", "giulia.ferri"),)),
    Person("marco.riva", "Marco Riva", "collector_sector", (("collector", "marco.riva"),)),
    Person("anna.neri", "Anna Neri", "temp_collector", (("collector", "anna.neri"),)),
    Person("paolo.villa", "Paolo Villa", "cash_clerk"),
    Person("davide.leone", "Davide Leone", "sales_manager"),
    Person("stefano.poli", "Stefano Poli", "division_manager", (("division", "IDR"),)),
    Person("francesca.guidi", "Francesca Guidi", "area_manager", (("area", "NORD"),)),
    Person("elena.sala", "Elena Sala", "order_desk"),
    Person("sara.longo", "Sara Longo", "customer_care"),
    Person("roberto.galli", "Roberto Galli", "ceo"),
    Person("silvia.monti", "Silvia Monti", "general_manager"),
    Person("andrea.morini", "Andrea Morini", "cfo"),
    Person("irene.testa", "Irene Testa", "controller"),
    Person("matteo.greco", "Matteo Greco", "lawyer_internal"),
    Person("carla.donati", "Carla Donati", "legal_clerk"),
    Person("luisa.serra", "Luisa Serra", "auditor"),
    Person("bruno.costa", "Bruno Costa", "principal", (("creditor", "ASV"),)),
    Person("admin", "Amministratore di sistema", "system_admin"),
)


def seller(salesperson: Salesperson) -> Person:
    """The login of one salesperson of the ledger."""
    username = salesperson.email.split("@")[0]
    return Person(username, salesperson.name, "salesperson", (("salesperson", salesperson.code),))
