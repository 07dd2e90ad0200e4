"""A point lives only when it is set up and happens."""

import pytest

from core.checkup import POINTS, Answer, living


def test_states():
    assert Answer("bank", seen=3).state == "lives"
    assert Answer("bank").state == "waiting"
    assert Answer("bank", ("no feed",), 3).state == "off", "what happened once and cannot happen again"


def test_ten_points_each_once():
    assert len(set(POINTS)) == 10
    assert living(Answer(key, seen=number % 2) for number, key in enumerate(POINTS)) == 5
    with pytest.raises(ValueError):
        living(Answer(key) for key in POINTS[:9])
    with pytest.raises(ValueError):
        living(Answer(key) for key in (*POINTS, "bank"))
