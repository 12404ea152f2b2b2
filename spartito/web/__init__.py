"""The pages. One sub-package a screen, all on one shell.

A screen `web/<screen>/` holds `urls.py`, `views.py` (function views), `templates/<screen>/*.html`,
`locale/it/LC_MESSAGES/django.po` and its tests; `web/urls.py` includes it by name (`SCREENS`).
Template and locale folders of screens are found by `config/settings.py`.

How a view is written
- Rows come from the room's `queries` through `visible_to(request.user, request.business_date)`: what is not
  visible answers 404, what is visible but not allowed 403 (decorators in `access/doors.py`).
- A view that changes something takes POST and calls *one* operation: `doors.perform(request, operation,
  customers=[…], **kw)` goes through `cycle.act`, tells the person what the engine decided (a toast headed
  "what happens now") and turns a `Refused` into a red toast. Then `return doors.back(request, url)`.
- One template a view. A part that htmx swaps is a `{% partialdef name %}` of that template, rendered with
  `doors.page(request, "screen/page.html", context, part="name")`; without JavaScript the whole page answers.
- Links that open a form in the drawer carry `data-drawer`; their view answers a whole page too:
  extend `drawer_or_page.html`, put the form in `{% block form %}`.
- Lists are `tables.Table` + `{% table table %}`: sorted, paged, exported, remembered.
- No inline script, no `style=` (strict CSP). Bars are SVG. Page scripts are files, loaded in `{% block scripts %}`.

Words for templates (`templatetags/spartito.py`, loaded everywhere): `amount`, `money`, `day`, `exact_day`,
`label`, `named`, `ageing_bar`, `field`, `icon`. Partials: `partials/*.html`, each says in its first line what it takes.
"""
