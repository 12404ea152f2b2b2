from django.urls import path

from spartito.web.strategies import counting, editing, preview, texts, views

urlpatterns = [
    path("strategies/", views.strategies, name="strategies"),
    path("strategies/<slug:code>/", views.strategy, name="strategy"),
    path("strategies/<slug:code>/<int:number>/", views.strategy, name="strategy_version"),
    path("strategies/<slug:code>/<int:number>/text/", views.text, name="strategy_text"),
    path("strategies/<slug:code>/draft/", editing.draft, name="strategy_draft"),
    path("strategies/<slug:code>/draft/begin/", editing.begin, name="strategy_draft_begin"),
    path("strategies/<slug:code>/draft/steps/new/", editing.new_step, name="strategy_draft_new_step"),
    path("strategies/<slug:code>/draft/steps/<slug:step>/", editing.step, name="strategy_draft_step"),
    path("strategies/<slug:code>/draft/steps/<slug:step>/move/", editing.move, name="strategy_draft_move"),
    path("strategies/<slug:code>/draft/steps/<slug:step>/drop/", editing.drop_step, name="strategy_draft_drop_step"),
    path(
        "strategies/<slug:code>/draft/steps/<slug:step>/outcomes/<slug:outcome>/",
        editing.outcome,
        name="strategy_draft_outcome",
    ),
    path("strategies/<slug:code>/draft/limits/", editing.limits, name="strategy_draft_limits"),
    path("strategies/<slug:code>/draft/matching/", counting.matching, name="strategy_draft_matching"),
    path("strategies/<slug:code>/draft/says/", preview.says, name="strategy_draft_says"),
    path("strategies/<slug:code>/draft/says/<int:customer>/", preview.letter, name="strategy_draft_letter"),
    path(
        "strategies/<slug:code>/draft/payment-types/<slug:payment_type>/",
        editing.payment_type,
        name="strategy_draft_payment_type",
    ),
    path("strategies/<slug:code>/draft/calendar/new/", texts.new_text, name="strategy_draft_new_text"),
    path("strategies/<slug:code>/draft/calendar/<slug:text>/", texts.text_of_calendar, name="strategy_draft_calendar"),
    path("strategies/<slug:code>/draft/calendar/<slug:text>/drop/", texts.drop_text, name="strategy_draft_drop_text"),
    path("strategies/<slug:code>/draft/education/", texts.education, name="strategy_draft_education"),
    path("strategies/<slug:code>/draft/text/", editing.text, name="strategy_draft_text"),
    path("strategies/<slug:code>/draft/submit/", editing.submit, name="strategy_draft_submit"),
    path("strategies/<slug:code>/draft/publish/", editing.publish, name="strategy_draft_publish"),
    path("strategies/<slug:code>/draft/drop/", editing.drop, name="strategy_draft_drop"),
]
