"""The benchmark harness: `make bench`, or `python -m bench --only import --items 100000`.

Measures the bars of the design (section 10) on portfolios it invents, in its own home (`var/bench`),
prints a table and writes `docs/reference/bench.md` and `bench.json`. Nothing here runs in the tests.
"""
