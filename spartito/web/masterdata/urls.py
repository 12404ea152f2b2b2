from django.urls import path

from spartito.web.masterdata import customers, rates, texts, views

urlpatterns = [
    path("masterdata/", views.masterdata, name="masterdata"),
    path("masterdata/customers/new/", customers.new, name="masterdata_customer_new"),
    path("masterdata/customers/<int:customer>/", customers.edit, name="masterdata_customer"),
    path("masterdata/customers/<int:customer>/retire/", customers.retire, name="masterdata_customer_retire"),
    path("masterdata/customers/<int:customer>/history/", customers.history, name="masterdata_customer_history"),
    path("masterdata/contacts/new/", customers.contact, name="masterdata_contact_new"),
    path("masterdata/contacts/<int:contact>/", customers.contact, name="masterdata_contact"),
    path("masterdata/contacts/<int:contact>/end/", customers.end_contact, name="masterdata_contact_end"),
    path("masterdata/templates/", texts.templates, name="masterdata_templates"),
    path("masterdata/templates/preview/", texts.preview, name="masterdata_template_preview"),
    path("masterdata/templates/<slug:code>/<slug:language>/", texts.template, name="masterdata_template"),
    path("masterdata/rates/", rates.rates, name="exchange_rates"),
    path("masterdata/rates/new/", rates.new_rate, name="exchange_rate_new"),
    path("masterdata/<slug:subject>/", views.rows, name="masterdata_rows"),
    path("masterdata/<slug:subject>/new/", views.row, name="masterdata_new"),
    path("masterdata/<slug:subject>/<int:row>/", views.row, name="masterdata_row"),
    path("masterdata/<slug:subject>/<int:row>/retire/", views.retire, name="masterdata_retire"),
]
