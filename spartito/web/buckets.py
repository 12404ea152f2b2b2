"""The names of the ageing buckets, as a person says them."""

from datetime import date

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spartito.reference.models import Bucket
from spartito.reference.queries import buckets_on


def bucket_label(bucket: Bucket) -> str:
    """`a scadere`, `1–30`, `oltre 365`: days past the due date."""
    if bucket.upper is not None and bucket.upper <= 0:
        return _("not yet due")
    if bucket.upper is None:
        return _("over %(days)s") % {"days": (bucket.lower or 1) - 1}
    return f"{bucket.lower}–{bucket.upper}"


def bucket_names(*, as_of: date) -> list[str]:
    """The names of the buckets in force, in the order of `Position.buckets`."""
    key = f"buckets:{as_of}:{get_language()}"
    return cache.get_or_set(key, lambda: [bucket_label(bucket) for bucket in buckets_on(as_of)], 60)


def bucket_choices(*, as_of: date) -> list[tuple[str, str]]:
    """(place in `Position.buckets`, name) of each bucket in force."""
    return [(str(place), name) for place, name in enumerate(bucket_names(as_of=as_of))]
