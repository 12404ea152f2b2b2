from django.urls import path

from spartito.web.workload import absences, moving, settings, sharing, views

urlpatterns = [
    path("workload/", views.workload, name="workload"),
    path("workload/tasks/", views.tasks, name="workload_tasks"),
    path("workload/exhausted/", views.exhausted, name="exhausted"),
    path("workload/share-out/", sharing.share_out, name="share_out"),
    path("workload/share-out/do/", sharing.do_share_out, name="share_out_do"),
    path("workload/preview/", moving.preview, name="tasks_preview"),
    path("workload/apply/", moving.apply, name="tasks_apply"),
    path("workload/settings/", settings.settings, name="workload_settings"),
    path("workload/settings/weights/", settings.weights, name="workload_weights"),
    path("workload/settings/efforts/", settings.efforts, name="workload_efforts"),
    path("workload/settings/people/<int:person>/", settings.person, name="workload_person"),
    path("workload/settings/targets/new/", settings.target, name="workload_target"),
    path("workload/settings/single-persons/", settings.single_persons, name="workload_single_persons"),
    path("absences/", absences.absences, name="absences"),
    path("absences/new/", absences.new, name="absence_new"),
    path("absences/<int:absence>/end/", absences.end, name="absence_end"),
    path("targets/", views.targets_now, name="targets_now"),
]
