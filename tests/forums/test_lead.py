from community.core.db import db
from community.forums.models import Board, Topic
from tests import makers


def test_smoke(anna, bob, run_jobs, as_anna):
    club = makers.club(members=[anna])
    b = makers.board("Sleep")
    cb = makers.board("March", club=club)
    t = makers.topic(b, anna, "How do I sleep?")
    makers.reply(t, bob)
    makers.reply(t, bob, is_anonymous=True)
    t2 = makers.topic(cb, bob, "Hi", is_anonymous=True)
    run_jobs()
    db.session.expire_all()
    t = db.session.get(Topic, t.id)
    assert (t.post_count, t.last_live_number, t.path, t.state) == (
        3,
        3,
        f"/nl/forums/topics/{t.id}-how-do-i-sleep",
        "live",
    )
    assert db.session.get(Board, b.id).post_count == 3 and db.session.get(Board, b.id).item_count == 1
    assert db.session.get(type(anna), anna.id).notice_count == 2
    t2 = db.session.get(Topic, t2.id)
    assert t2.author_id is None and t2.author_name == "Anonymous parent 1" or t2.author_name
    as_anna.see("/nl/home")
