"""Subscribers: one PostgreSQL schema each.

Tables (in the shared schema): tenants_tenant, tenants_domain.
A *tenant* has its slug (in addresses and on the command line), schema, country, currency, language,
time zone and clock. Its *business date* is today there, or, for `clock: last_run`, the date of its last
cycle. A new tenant's schema is a copy of the *template schema*; then every room's `seed_tenant` fills it.
"""
