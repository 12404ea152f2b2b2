"""How long work tells how far it is: it calls `on_progress(what, done, total)`, and a door decides what that shows."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# what is being done (a short word or name), how many are done, how many there are (None when unknown)
Progress = Callable[[str, int, int | None], None]


@contextmanager
def on_terminal() -> Iterator[Progress | None]:
    """A progress bar on stderr where that is a terminal; None elsewhere, so that scripts see no bar."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(file=sys.stderr, leave=False, bar_format="{desc} {bar} {n_fmt}/{total_fmt} {elapsed}") as bar:

        def show(what: str, done: int, total: int | None) -> None:
            bar.total = total
            bar.n = done
            bar.set_description_str(what)

        yield show
