"""The canonical columns of every kind of file: the one registry that readers, guesses, verdicts and docs use.

A column's `synonyms` are compared without case, accents and punctuation. `choices` maps what a file may
say to the canonical value.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache

TRUE = ["true", "1", "si", "s", "yes", "y", "x", "vero", "t"]
FALSE = ["false", "0", "no", "n", "falso", "f"]
DOCUMENT_TYPES = {
    "invoice": "invoice fattura fatt ft fa fattura_differita fattura_accompagnatoria parcella inv td01 td06 td24 td25",
    "credit_note": "credit_note nota_di_credito nota_credito nc ncr cn creditnote credit_memo td04",
    "debit_note": "debit_note nota_di_debito nota_debito nd dn debitnote td05",
    "advance": "advance acconto anticipo caparra prepayment td02",
    "payment": "payment pagamento incasso bonifico ricevuto receipt pag",
}
BANK_STATUSES = {
    "none": "none nessuno nessuna no open aperta",
    "portfolio": "portfolio portafoglio in_portafoglio emessa",
    "presented": "presented presentata presentato in_banca distinta",
    "credited": "credited accreditata accreditato sbf al_dopo_incasso",
    "returned": "returned insoluta insoluto unpaid respinta stornata",
    "recalled": "recalled richiamata richiamato",
}
ROLES = {
    "owner": "owner titolare legale_rappresentante ceo",
    "accounting": "accounting amministrazione contabilita contabilita_fornitori accounts_payable ap",
    "purchasing": "purchasing acquisti ufficio_acquisti buyer",
    "finance": "finance finanza direzione_finanziaria cfo",
    "invoices": "invoices ricezione_fatture fatture",
    "pec": "pec",
    "disputes": "disputes contestazioni referente_contestazioni",
    "lawyer": "lawyer legale avvocato legale_del_debitore",
    "liquidator": "liquidator curatore",
    "guarantor": "guarantor garante fideiussore",
    "agent": "agent agente",
    "sales": "sales commerciale",
    "site": "site sede filiale cantiere",
}
HOLDS = {
    "manual": "manual manuale si s yes y x true 1 sospeso sospesa sospensione hold blocco",
    "dispute": "dispute contestazione contestata contestato in_contestazione disputed",
    "promise": "promise promessa",
    "plan": "plan piano piano_di_rientro",
    "payment_check": "payment_check verifica_pagamento",
    "do_not_contact": "do_not_contact non_contattare",
    "legal": "legal legale al_legale",
    "insolvency": "insolvency procedura procedura_concorsuale fallimento",
}


def normal(text: str) -> str:
    """Lower case, no accents, runs of anything else as one underscore: how heads and choices are compared."""
    plain = unicodedata.normalize("NFKD", text)
    letters = [c if c.isalnum() else "_" for c in plain.lower() if not unicodedata.combining(c)]
    return "_".join(part for part in "".join(letters).split("_") if part)


def _choices(table: dict[str, str]) -> dict[str, str]:
    return {word: value for value, words in table.items() for word in words.split()}


@dataclass(frozen=True)
class Column:
    """One canonical column.

    kind: text, code, money, date, choice, bool, currency, country, language, credit_class, payment_type,
    user. `stored` is its name in the staging table when it differs.
    """

    name: str
    kind: str
    about_it: str
    about_en: str
    synonyms: str = ""
    required: bool = False
    longest: int = 200
    choices: dict[str, str] = field(default_factory=dict, hash=False)
    example: str = ""

    @property
    def heads(self) -> set[str]:
        """Every normalised head that means this column."""
        return {normal(self.name), *(normal(each) for each in self.synonyms.split("|") if each)}


C = Column
_CUSTOMER = C("customer_code", "code", "Codice del cliente presso il creditore", "Customer's code at the creditor",
              "codice cliente|cod cliente|cliente codice|codcli|cod cli|cliente|customer|customer id|customer no|customer number|account|account number|debtor|conto cliente|codice conto|soggetto", True, 80, example="C0001")  # fmt: skip
_CREDITOR = C("creditor_code", "code", "Codice del creditore, quando sono più d'uno", "Creditor's code, where there are several",
              "creditore|codice creditore|societa|codice societa|azienda|ditta|company|company code|creditor", longest=40)  # fmt: skip
_CURRENCY = C(
    "currency",
    "currency",
    "Divisa ISO; quella del creditore se manca",
    "ISO currency; the creditor's when missing",
    "divisa|valuta|cur|ccy|currency code",
    example="EUR",
)
_PAYMENT_TYPE = C("payment_type", "payment_type", "Modalità di pagamento: codice o nome", "Payment method: code or name",
                  "pagamento|tipo pagamento|modalita pagamento|modalita di pagamento|mod pagamento|codice pagamento|payment method|condizione pagamento tipo", example="BON")  # fmt: skip
_ORGANISATION = (
    C("salesperson_code", "code", "Codice dell'agente o venditore", "Salesperson's code", "agente|codice agente|venditore|codice venditore|agent|salesman|sales rep|salesperson|rep", longest=80),
    C("area_code", "code", "Codice dell'area", "Area's code", "area|zona|codice zona|codice area|region|territory", longest=80),
    C("division_code", "code", "Codice della divisione", "Division's code", "divisione|codice divisione|division|business unit", longest=80),
    C("sector_code", "code", "Codice del settore", "Sector's code", "settore|codice settore|sector|industry", longest=80),
)  # fmt: skip
_IDENTITY = (
    C("vat_number", "code", "Partita IVA", "VAT number", "partita iva|p iva|piva|p_iva|vat|vat no|vat id|vat code", longest=20),
    C("tax_code", "code", "Codice fiscale", "Tax code", "codice fiscale|cod fiscale|cf|c f|fiscal code|tax id", longest=20),
)  # fmt: skip
_GROUP = (
    C("credit_class", "credit_class", "Classe di credito: codice o nome", "Credit class: code or name", "classe|classe credito|classe cliente|credit class|tipo cliente|categoria cliente", example="STD"),
    C("payer_code", "code", "Codice di chi paga, se è un altro cliente", "Code of who pays, if another customer", "pagatore|codice pagatore|payer|bill to|intestatario fattura", longest=80),
    C("parent_code", "code", "Codice della capogruppo", "Parent company's code", "capogruppo|gruppo|codice gruppo|parent|group|casa madre", longest=80),
)  # fmt: skip
_REACH = (
    C("email", "text", "E-mail", "E-mail", "e mail|mail|indirizzo email|posta elettronica", longest=254),
    C("pec", "text", "Posta elettronica certificata", "Certified e-mail", "pec mail|indirizzo pec|posta certificata", longest=254),
    C("phone", "text", "Telefono", "Phone", "telefono|tel|telephone|numero telefono", longest=60),
)  # fmt: skip
_ADDRESS = (
    C("address", "text", "Via e numero", "Street and number", "indirizzo|via|street|address line 1|sede"),
    C("postal_code", "text", "CAP", "Postal code", "cap|zip|zip code|postcode", longest=20),
    C("city", "text", "Comune", "City", "citta|comune|localita|town", longest=100),
    C("province", "text", "Provincia", "Province", "prov|provincia|state", longest=60),
    C("country", "country", "Paese: codice ISO o nome", "Country: ISO code or name", "nazione|paese|stato|country code|codice nazione", example="IT"),
    C("language", "language", "Lingua in cui scrivere", "Language to write in", "lingua|lang|codice lingua", example="it"),
)  # fmt: skip
_ASSIGNED = C(
    "assigned_to",
    "user",
    "Nome utente di chi segue il cliente",
    "User name of who works the customer",
    "assegnato a|gestore|collector|incaricato|recuperatore",
    longest=80,
)

ITEMS = (
    _CUSTOMER,
    C("document_number", "code", "Numero del documento", "Document number",
      "numero documento|num documento|n documento|nr documento|numero fattura|num fattura|n fattura|fattura numero|documento|numdoc|num doc|numero doc|doc number|document|invoice number|invoice no|invoice|invoice id|fattura|numero|riferimento", True, 80, example="2026/0001"),
    C("due_date", "date", "Scadenza della rata", "Due date of the instalment", "scadenza|data scadenza|data di scadenza|data scad|scad|due|duedate|due on|maturity|payment due|net due date", True, example="2026-10-31"),
    C("open_amount", "money", "Importo ancora aperto, nella divisa; i crediti sono negativi", "Amount still open, in the currency; credits are negative",
      "importo aperto|residuo|importo residuo|saldo|saldo partita|da incassare|aperto|importo scadenza|open|open balance|balance|outstanding|outstanding amount|amount due|balance due|remaining", True, example="1220.00"),
    C("customer_name", "text", "Ragione sociale", "Customer's name", "ragione sociale|rag sociale|ragsoc|nome cliente|denominazione|intestazione|descrizione cliente|nominativo|name|customer name|company name"),
    *_IDENTITY,
    C("document_type", "choice", "Tipo di documento (fattura se manca)", "Document type (invoice when missing)", "tipo documento|tipo doc|tipo|td|tipodoc|causale|doc type|type", choices=_choices(DOCUMENT_TYPES), example="invoice"),
    C("instalment", "code", "Numero della rata", "Instalment number", "rata|numero rata|num rata|n rata|installment|instalment no|split", longest=20),
    C("issue_date", "date", "Data del documento", "Document date", "data documento|data doc|data fattura|data emissione|data|data reg|data registrazione|invoice date|document date|issue|date|posting date", example="2026-09-30"),
    C("amount", "money", "Importo originario della rata", "Original amount of the instalment", "importo|importo originario|importo totale|totale|totale documento|importo rata|original amount|invoice amount|total|gross amount"),
    _CURRENCY,
    _PAYMENT_TYPE,
    _GROUP[0],
    *_ORGANISATION,
    _CREDITOR,
    *_GROUP[1:],
    *_REACH,
    *_ADDRESS,
    C("bank_status", "choice", "Stato dell'effetto in banca", "State of the bill at the bank", "stato effetto|stato banca|stato riba|stato ri ba|bank state", choices=_choices(BANK_STATUSES), example="none"),
    C("presented_on", "date", "Data di presentazione", "Presented on", "data presentazione|data distinta"),
    C("returned_on", "date", "Data dell'insoluto", "Returned on", "data insoluto|data ritorno|returned date"),
    C("return_reason", "text", "Motivo dell'insoluto", "Return reason", "motivo insoluto|causale insoluto"),
    C("replaces_document", "code", "Numero del documento che questo sostituisce", "Number of the document this one replaces", "sostituisce|documento sostituito|replaces", longest=80),
    C("original_due_date", "date", "Scadenza originaria, se prorogata", "Original due date, if postponed", "scadenza originaria|scadenza originale|original due"),
    C("withheld", "money", "Ritenuta d'acconto: non dovuta dal cliente", "Withholding tax: not due by the customer", "ritenuta|ritenuta d acconto|ritenuta acconto|withholding|withholding tax"),
    C("vat_split", "money", "IVA in scissione dei pagamenti", "VAT under split payment", "iva split|split payment|scissione pagamenti|scissione dei pagamenti"),
    C("retention", "money", "Ritenuta a garanzia", "Retention money", "ritenuta a garanzia|ritenuta garanzia|trattenuta a garanzia"),
    C("retention_release_date", "date", "Svincolo della ritenuta a garanzia", "Release of the retention", "data svincolo|svincolo garanzia"),
    C("order_number", "code", "Numero d'ordine del cliente", "Customer's order number", "ordine|numero ordine|ordine cliente|order|po number|purchase order", longest=80),
    C("cig", "code", "CIG", "CIG (public tender code)", "codice cig", longest=20),
    C("cup", "code", "CUP", "CUP (public project code)", "codice cup", longest=20),
    C("pay_to_iban", "code", "IBAN su cui pagare", "IBAN to pay to", "iban|iban accredito|nostro iban", longest=40),
    _ASSIGNED,
    C("level", "code", "Passo di sollecito già raggiunto", "Dunning step already reached", "livello|livello sollecito|ultimo sollecito|dunning level", longest=60),
    C("level_date", "date", "Data di quel passo", "Date of that step", "data livello|data ultimo sollecito|data sollecito|last dunning date"),
    C("hold", "choice", "Sospensione: tipo, oppure sì", "Hold: its kind, or yes", "sospensione|sospeso|blocco sollecito|blocco solleciti|dunning block|disputed|contestata", choices=_choices(HOLDS) | dict.fromkeys([*FALSE, "nessuna", "nessuno", "none"], "")),
    C("hold_until", "date", "Fine della sospensione", "End of the hold", "sospeso fino al|fine sospensione|hold end|blocked until"),
    C("hold_reason", "text", "Motivo della sospensione", "Reason of the hold", "motivo sospensione|motivo blocco|block reason", longest=300),
    C("external_id", "code", "Identificativo della partita nel gestionale", "Item's identifier in the ERP", "id|id partita|id scadenza|identificativo|external reference|guid|item id|chiave", longest=120),
)  # fmt: skip
CUSTOMERS = (
    _CUSTOMER,
    C("customer_name", "text", "Ragione sociale", "Customer's name", "ragione sociale|rag sociale|ragsoc|nome cliente|denominazione|intestazione|nominativo|name|customer name|company name"),
    _CREDITOR,
    *_IDENTITY,
    *_GROUP,
    C("dun_group", "bool", "Sollecito al capogruppo (sulla capogruppo)", "The group is dunned at its parent (on the parent)", "sollecito al capogruppo|sollecito capogruppo|dun parent"),
    C("is_consumer", "bool", "È un consumatore", "Is a consumer", "consumatore|privato|persona fisica consumatore|consumer|b2c"),
    C("rating", "code", "Classe di rating", "Rating", "classe rating|classe di rating|score", longest=10),
    C("credit_limit", "money", "Fido", "Credit limit", "fido|fido commerciale|fido accordato|affidamento|limit"),
    C("insured_limit", "money", "Fido assicurato", "Insured limit", "fido assicurato|massimale assicurato|insurance limit"),
    C("payable_balance", "money", "Nostro debito verso di lui, compensabile", "What we owe them, open to set-off", "saldo fornitore|debito verso cliente|payables"),
    C("payment_terms", "text", "Condizioni di pagamento", "Payment terms", "condizioni|condizioni di pagamento|condizioni pagamento|termini|terms", longest=80),
    _PAYMENT_TYPE,
    _CURRENCY,
    *_ORGANISATION,
    _ASSIGNED,
    C("strategy_code", "code", "Strategia imposta a mano", "Strategy set by hand", "strategia|codice strategia|strategy", longest=60),
    C("is_excluded", "bool", "Escluso dai solleciti", "Excluded from dunning", "escluso|escluso dai solleciti|non sollecitare|excluded|no dunning"),
    C("excluded_because", "text", "Perché è escluso", "Why excluded", "motivo esclusione|exclusion reason", longest=300),
    *_REACH,
    *_ADDRESS,
)  # fmt: skip
CONTACTS = (
    C("customer_code", "code", "Codice del cliente", "Customer's code", _CUSTOMER.synonyms, True, 80, example="C0001"),
    _CREDITOR,
    C("name", "text", "Nome della persona o della sede", "Name of the person or site", "nome|nominativo|contatto|referente|contact|contact name|full name", True, example="Anna Bianchi"),
    C("role", "choice", "Ruolo (amministrazione se manca)", "Role (accounting when missing)", "ruolo|funzione|tipo contatto|reparto|role code|function", choices=_choices(ROLES), example="accounting"),
    *_REACH,
    C("mobile", "text", "Cellulare", "Mobile", "cellulare|cell|mobile phone", longest=60),
    C("fax", "text", "Fax", "Fax", "numero fax", longest=60),
    *_ADDRESS,
    C("is_preferred", "bool", "È il contatto preferito", "Is the preferred contact", "preferito|principale|predefinito|preferred|default"),
    C("valid_from", "date", "Valido dal", "Valid from", "valido dal|dal|from"),
    C("valid_until", "date", "Valido fino al", "Valid until", "valido fino al|al|fino al|until|to"),
    C("note", "text", "Nota", "Note", "note|annotazioni|osservazioni", longest=500),
    C("external_id", "code", "Identificativo nel gestionale", "Identifier in the ERP", "id|id contatto|identificativo|contact id", longest=120),
)  # fmt: skip
SALESPEOPLE = (
    C("salesperson_code", "code", "Codice dell'agente", "Salesperson's code", _ORGANISATION[0].synonyms + "|codice|code|id", True, 80, example="V01"),
    C("name", "text", "Nome", "Name", "nome|nominativo|ragione sociale|denominazione|descrizione|full name"),
    C("area_code", "code", "Codice dell'area", "Area's code", _ORGANISATION[1].synonyms, longest=80),
    *_REACH,
    *_ADDRESS[:-1],
    C("username", "user", "Nome utente in Spartito", "User name in Spartito", "utente|user|login", longest=80),
    C("retired_on", "date", "Cessato il", "Retired on", "cessato il|data cessazione|fine rapporto|end date"),
)  # fmt: skip
PAYMENTS = (
    C("customer_code", "code", "Codice del cliente", "Customer's code", _CUSTOMER.synonyms, True, 80, example="C0001"),
    C("payment_date", "date", "Data dell'incasso", "Date of the receipt", "data pagamento|data incasso|data valuta|data|data accredito|date|paid on|payment day|value date|settled date|settleddate", True, example="2026-10-15"),
    C("amount", "money", "Importo incassato, positivo", "Amount received, positive", "importo|importo incassato|incassato|importo pagamento|importo pagato|paid|paid amount|amount received|payment amount|total", True, example="1220.00"),
    _CREDITOR,
    _CURRENCY,
    _PAYMENT_TYPE,
    C("document_number", "code", "Documento pagato", "Document paid", ITEMS[1].synonyms, longest=80),
    C("document_type", "choice", "Tipo del documento pagato", "Type of the document paid", ITEMS[7].synonyms, choices=_choices(DOCUMENT_TYPES)),
    C("document_year", "code", "Anno del documento pagato", "Year of the document paid", "anno|anno documento|year", longest=4),
    C("instalment", "code", "Rata pagata", "Instalment paid", "rata|numero rata|installment", longest=20),
    C("item_external_id", "code", "Identificativo della partita pagata", "Identifier of the item paid", "id partita|item id", longest=120),
    C("reference", "text", "Causale o riferimento", "Remittance text or reference", "causale|riferimento|descrizione|note|cro|trn|remittance", longest=300),
    C("external_id", "code", "Identificativo del pagamento nel gestionale", "Payment's identifier in the ERP", "id|id pagamento|payment id|numero registrazione|identificativo", longest=120),
)  # fmt: skip

KINDS: dict[str, tuple[Column, ...]] = {
    "items": ITEMS,
    "customers": CUSTOMERS,
    "contacts": CONTACTS,
    "salespeople": SALESPEOPLE,
    "payments": PAYMENTS,
}


def columns_of(kind: str) -> dict[str, Column]:
    """The columns of a kind by name, in the order of the registry."""
    return {column.name: column for column in KINDS[kind]}


@cache
def meanings(kind: str) -> dict[str, str]:
    """Normalised head → canonical name; exact names win over synonyms, earlier columns over later."""
    found: dict[str, str] = {}
    for column in KINDS[kind]:
        for head in column.heads:
            found.setdefault(head, column.name)
    return found | {normal(column.name): column.name for column in KINDS[kind]}


def template(kind: str) -> bytes:
    """An empty canonical file of a kind with one example row, to fill in."""
    from spartito.platform.sheets import write_csv

    names = [column.name for column in KINDS[kind]]
    return write_csv([[column.example for column in KINDS[kind]]], names, language="en")
