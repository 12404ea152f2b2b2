"""Templates as pure functions: which fields there are, and Markdown with fields as a list of blocks.

Markdown is parsed before the fields are filled in, so that nothing a debtor (or an ERP) supplied is ever
read as Markdown, HTML or typst: values are plain text all the way.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from spartito.platform.errors import Refused

# What a text may name, inside a sentence.
INLINE_FIELDS = {
    "customer_name", "customer_code", "creditor_name", "date", "documents_count", "total", "oldest_due_date",
    "oldest_days", "pay_by", "contact_name", "contact_phone", "contact_email", "salesperson_name", "late_interest_law",
    "legal_interest_law", "recovery_fee_law", "formal_notice_law", "total_with_interest",
}  # fmt: skip
# What stands alone in its paragraph.
BLOCK_FIELDS = {"table", "credits", "interest", "delays", "payment", "signature"}
# What the subject may name; filled in by steps/compose_messages.sql.
SUBJECT_FIELDS = {"customer_name", "customer_code", "creditor_name", "documents_count", "total", "date"}
FIELD = re.compile(r"\{([a-z_]+)\}")


class TemplateWrong(Refused):
    """The text names a field that does not exist, or a block field inside a sentence."""


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; `br` is a line break."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    br: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph (`p`), a heading (`h`), a list (`list`), or the place of a block field (`field`)."""

    kind: str
    runs: tuple[Run, ...] = ()
    items: tuple[tuple[Run, ...], ...] = ()
    name: str = ""


@dataclass
class _Inline:
    bold: int = 0
    italic: int = 0
    runs: list[Run] = field(default_factory=list)


def check_template(*, subject: str, body: str) -> None:
    """Raises TemplateWrong, naming the field, when a text cannot be composed."""
    for name in FIELD.findall(subject):
        if name not in SUBJECT_FIELDS:
            raise TemplateWrong(
                "the subject names {%(name)s}; it may name %(known)s", name=name, known=_listed(SUBJECT_FIELDS)
            )
    for name in FIELD.findall(body):
        if name not in INLINE_FIELDS | BLOCK_FIELDS:
            raise TemplateWrong(
                "there is no field {%(name)s}; there are %(known)s",
                name=name,
                known=_listed(INLINE_FIELDS | BLOCK_FIELDS),
            )
    for block in parsed(body):
        for run in (*block.runs, *(run for item in block.items for run in item)):
            for name in FIELD.findall(run.text):
                if name in BLOCK_FIELDS:
                    raise TemplateWrong("{%(name)s} must stand alone in its paragraph", name=name)
    if not subject.strip() or not body.strip():
        raise TemplateWrong("a template needs a subject and a text")


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


@lru_cache(maxsize=256)
def parsed(body: str) -> tuple[Block, ...]:
    """Markdown as blocks: paragraphs, headings, bullet lists, bold, italic, line breaks. No HTML, no links."""
    parser = MarkdownIt("zero").enable(["emphasis", "newline", "heading", "list", "escape"])
    blocks: list[Block] = []
    items: list[tuple[Run, ...]] | None = None
    kind = "p"
    for token in parser.parse(body):
        if token.type == "bullet_list_open":
            items = []
        elif token.type == "bullet_list_close" and items is not None:
            blocks.append(Block("list", items=tuple(items)))
            items = None
        elif token.type == "heading_open":
            kind = "h"
        elif token.type == "inline":
            runs = _runs(token.children or [])
            if items is not None:
                items.append(runs)
            else:
                blocks.append(_block(kind, runs))
            kind = "p"
    return tuple(blocks)


def _block(kind: str, runs: tuple[Run, ...]) -> Block:
    """A paragraph that is nothing but a block field is the place of that field."""
    if len(runs) == 1 and (alone := FIELD.fullmatch(runs[0].text.strip())) and alone[1] in BLOCK_FIELDS:
        return Block("field", name=alone[1])
    return Block(kind, runs)


def _runs(tokens: list[Token]) -> tuple[Run, ...]:
    state = _Inline()
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            state.bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            state.italic += token.nesting
        elif token.type == "hardbreak":
            state.runs.append(Run(br=True))
        else:
            text = " " if token.type == "softbreak" else token.content
            if text:
                state.runs.append(Run(text, state.bold > 0, state.italic > 0))
    return tuple(state.runs)


def filled(body: str, value_of: Callable[[str], str]) -> list[Block]:
    """The blocks of a text with its inline fields replaced; block fields stay places."""

    def fill(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(
            Run(FIELD.sub(lambda found: value_of(found[1]), run.text), run.bold, run.italic, run.br) for run in runs
        )

    return [
        Block(block.kind, fill(block.runs), tuple(fill(item) for item in block.items), block.name)
        for block in parsed(body)
    ]


def names_in(body: str) -> set[str]:
    """The fields a text names."""
    return set(FIELD.findall(body))


@dataclass(frozen=True)
class EpcPayment:
    """A SEPA credit transfer as a QR code (EPC069-12, version 2): banks' apps fill the form from it. Amount in EUR."""

    name: str
    iban: str
    amount: str
    reason: str

    def text(self) -> str:
        lines = ["BCD", "002", "1", "SCT", "", self.name[:70], self.iban.replace(" ", ""), f"EUR{self.amount}", "", ""]
        return "\n".join([*lines, self.reason[:140]])


def grouped_iban(iban: str) -> str:
    """IT60 X054 2811 … as people read it out."""
    plain = iban.replace(" ", "").upper()
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def payment_reason(*, code: str, numbers: list[str], others: str, longest: int = 100) -> str:
    """What to write in the transfer: the customer's code and as many document numbers as fit in `longest` characters.

    `others` has one `%d` for how many were left out, e.g. `e altri %d`.
    """
    told = list(numbers)
    while told:
        left_out = len(numbers) - len(told)
        text = f"{code} {', '.join(told)}" + (f" {others % left_out}" if left_out else "")
        if len(text) <= longest:
            return text
        told.pop()
    return code


def documents_of(fields: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Numbers of the dunned documents and of the credits of a composed message, in the order listed."""
    return (
        [str(document["number"]) for document in fields.get("documents", [])],
        [str(credit["number"]) for credit in fields.get("credits", []) if credit.get("number")],
    )
