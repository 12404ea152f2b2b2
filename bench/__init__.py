"""The benchmark harness: `make bench`, or `python -m bench --quick` for 100,000 items alone.

Measures the bars of the design (section 10) on portfolios it invents, in its own home (`var/bench`),
prints a table and writes `docs/reference/bench.md` and `bench.json`. Every part has a time limit and the
whole has one (`--minutes`): a part that fails says why and the others go on. Nothing here runs in the tests.
"""
