"""Long work that a person starts: how far it is, and that it stops when it is not wanted any more."""

from spartito.cycle import work as works


def test_a_running_work_stops_when_it_next_tells_how_far_it_is(live_tenant):
    work = works.start(kind="rehearsal", user=None, params={})
    told = []

    def doing(on_progress):
        on_progress("one", 1, 2)
        works.cancel(work)
        on_progress("two", 2, 2)
        told.append("went on")
        return {}

    works.carry_out(work, doing)
    work.refresh_from_db()
    assert work.status == "cancelled"
    assert told == []
