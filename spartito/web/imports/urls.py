from django.urls import path

from spartito.web.imports import batches, extras, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/file/", views.hand_in, name="import_hand_in"),
    path("imports/file/<slug:token>/", views.mapping, name="import_mapping"),
    path("imports/file/<slug:token>/check/", views.check, name="import_check"),
    path("imports/file/<slug:token>/start/", views.start, name="import_start"),
    path("imports/file/<slug:token>/forget/", views.forget, name="import_forget"),
    path("imports/<int:batch>/", batches.batch, name="import_batch"),
    path("imports/<int:batch>/rejects.csv", batches.rejects, name="import_rejects"),
    path("imports/<int:batch>/undo/", batches.undo, name="import_undo"),
    path("imports/model/<slug:kind>.csv", extras.model_file, name="import_model"),
    path("imports/proposals/", extras.proposals, name="proposals"),
    path("imports/proposals/<int:proposal>/", extras.decide, name="proposal"),
    path("imports/watched/", extras.watched, name="watched"),
    path("imports/watched/<int:watched>/", extras.watched_edit, name="watched_edit"),
    path("imports/watched/new/", extras.watched_edit, name="watched_new"),
]
