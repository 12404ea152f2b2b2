from django.urls import path

from spartito.web.messages import approvals, batches, pauses, views

urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/<int:message>/", views.message, name="message"),
    path("messages/<int:message>/page/", views.mail, name="message_mail"),
    path("messages/<int:message>/letter.pdf", views.letter, name="message_letter"),
    path("messages/<int:message>/drop/", views.drop, name="message_drop"),
    path("messages/<int:message>/release/", views.release, name="message_release"),
    path("messages/<int:message>/confirm/", views.confirm, name="message_confirm"),
    path("messages/approvals/", approvals.approvals, name="approvals"),
    path("messages/approvals/grant/", approvals.grant_marked, name="approvals_grant"),
    path("messages/approvals/<int:action>/grant/", approvals.grant, name="approval_grant"),
    path("messages/approvals/<int:action>/refuse/", approvals.refuse, name="approval_refuse"),
    path("messages/prints/", batches.prints, name="prints"),
    path("messages/prints/new/", batches.make, name="print_make"),
    path("messages/prints/<int:batch>/", batches.print_batch, name="print_batch"),
    path("messages/prints/<int:batch>/letters.pdf", batches.letters, name="print_letters"),
    path("messages/prints/<int:batch>/addresses.csv", batches.addresses, name="print_addresses"),
    path("messages/prints/<int:batch>/confirm/", batches.confirm, name="print_confirm"),
    path("messages/prints/<int:batch>/drop/", batches.drop, name="print_drop"),
    path("messages/pauses/", pauses.pauses, name="pauses"),
    path("messages/pauses/new/", pauses.pause, name="pause"),
    path("messages/pauses/<int:pause>/lift/", pauses.lift, name="pause_lift"),
]
