"""Reference data with validity dates: never constants in code.

Tables: day (the working-day calendar), holiday (the tenant's own: patron saint, closings),
bucket (ageing), currency, exchangerate, rate (late-payment and legal interest), fee,
legaltext, province. Every dated row names its source.
"""
