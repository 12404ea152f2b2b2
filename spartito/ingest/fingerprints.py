"""Fingerprints: a 64-bit hash of each row as it came, by which rows that did not change are told at once.

BLAKE2b with an 8-byte digest over the cells the mapping reads, in the order of the registry, joined with the unit
separator, salted with the kind, the mapping and VERSION. It is the same in every process and with
every version of every library; a new VERSION makes every row be looked at again once.
"""

import sys
from array import array
from collections.abc import Sequence
from hashlib import blake2b

import polars as pl

from spartito.ingest.canonical import KINDS
from spartito.ingest.mapping import Spec, place_of

VERSION = 1


def seed_of(kind: str, spec: Spec, *, creditor: str) -> bytes:
    """What changes the meaning of a row besides its own text."""
    return blake2b(f"{VERSION}|{kind}|{creditor}|{spec.digest()}".encode(), digest_size=16).digest()


def fingerprints(frame: pl.DataFrame, *, places: Sequence[int], seed: bytes) -> pl.Series:
    """The fingerprint of every row, as signed 64-bit numbers, over the cells at these places."""
    joined = frame.select(pl.concat_str([pl.col(str(at)) for at in places], separator="\x1f")).to_series()
    return pl.Series("fingerprint", _each(joined.to_list(), seed), dtype=pl.Int64)


def places_of(kind: str, spec: Spec, heads: list[str]) -> list[int]:
    """Which cells of a row make its fingerprint: those the mapping reads, in the order of the registry."""
    named = [spec.columns[c.name] for c in KINDS[kind] if c.name in spec.columns]
    named += [head for name in sorted(spec.difference) for head in spec.difference[name]]
    named += [str(spec.sign["column"])] if spec.sign else []
    return [place_of(heads, head) for head in named]


def _each(texts: Sequence[str], seed: bytes) -> "array[int]":
    start = blake2b(digest_size=8, salt=seed)
    digests = []
    for text in texts:
        state = start.copy()
        state.update(text.encode())
        digests.append(state.digest())
    numbers = array("q", b"".join(digests))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
