"""What every room stands on and no room owns: no business words here.

database    the embedded PostgreSQL: made, started, stopped, found again
backend     the Django database backend that starts it on the first connection
schema      migrations of the shared schema, the template and the tenants
sql         the runner of `.sql` steps
clock       the one place, besides the doors, that reads the clock
money       amounts: parsing, rounding, Italian and English formats
jobs        the job queue; every job carries its tenant
locks       the advisory locks of a tenant
storage     files below SPARTITO_HOME, a folder a tenant
progress    how long work reports how far it is
logs        structured logs on stderr
errors      Refused, the root of every reason a user is told
"""
