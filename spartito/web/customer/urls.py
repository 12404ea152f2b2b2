from django.urls import path

from spartito.web.customer import acts, views

urlpatterns = [
    path("customers/<int:customer>/", views.customer, name="customer"),
    path("customers/<int:customer>/why/", views.why, name="customer_why"),
    path("customers/<int:customer>/next/", views.next_step, name="customer_next"),
    path("customers/<int:customer>/history/", views.history, name="customer_history"),
    path("customers/<int:customer>/contact/", acts.record_contact, name="record_contact"),
    path("customers/<int:customer>/note/", acts.write_note, name="write_note"),
    path("customers/<int:customer>/hold/", acts.put_hold, name="put_hold"),
    path("customers/<int:customer>/holds/<int:hold>/release/", acts.release_hold, name="release_hold"),
    path("customers/<int:customer>/assign/", acts.assign, name="assign"),
    path("customers/<int:customer>/exclude/", acts.exclude, name="exclude"),
    path("customers/<int:customer>/block/", acts.block, name="block"),
    path("next/", views.next_customer, name="next_customer"),
]
