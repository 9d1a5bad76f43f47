"""Counted holds: cues at their seconds, interruptions that lose neither place nor time."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk, in_the_hold
from voiceskill.dialogue.actions import Hold, Listen
from voiceskill.dialogue.events import Heard, HoldBroken, HoldEnded, Silence


@pytest.fixture
def holding() -> Talk:
    return in_the_hold()


def _hold(talk: Talk) -> Hold:
    hold = talk.reply.actions[-1]
    assert isinstance(hold, Hold)
    return hold


def _cues(talk: Talk) -> list[str]:
    return [cue.text for cue in _hold(talk).cues]


def test_counts_come_at_their_seconds_after_a_breathing_cue(holding: Talk) -> None:
    cues = _hold(holding).cues
    assert [cue.text for cue in cues[1:]] == ["Five.", "Ten.", "Fifteen.", "Twenty."]
    assert [cue.at_s for cue in cues[1:]] == [5, 10, 15, 20]
    assert 0 < cues[0].at_s < 5
    assert "breath" in cues[0].text


def test_a_word_in_the_hold_keeps_the_seconds_that_are_left(holding: Talk) -> None:
    holding.happen(Heard("louder"), seconds=8)
    hold = _hold(holding)
    assert hold.seconds == pytest.approx(12)
    assert [(cue.at_s, cue.text) for cue in hold.cues[1:]] == [
        (pytest.approx(2), "Ten."),
        (pytest.approx(7), "Fifteen."),
        (pytest.approx(12), "Twenty."),
    ]


def test_moans_cost_the_hold_no_more_than_the_seconds_held(holding: Talk) -> None:
    for _ in range(3):
        holding.mumble()
    assert holding.said == ["Keep holding.", "Say stop to end it.", *_cues(holding)]
    assert _hold(holding).seconds == pytest.approx(11)


def test_a_pause_leaves_the_rest_of_the_hold(holding: Talk) -> None:
    holding.happen(Heard("pause"), seconds=8)
    holding.happen(Heard("resume"), seconds=30)
    assert _hold(holding).seconds == pytest.approx(12)


def test_a_hold_that_lost_its_sound_goes_on_with_what_was_left(holding: Talk) -> None:
    holding.happen(HoldBroken(13.0), seconds=60)
    assert holding.said[0] == "Keep your toes pulled up, and breathe."
    assert _hold(holding).seconds == pytest.approx(7)
    assert _cues(holding) == ["Fifteen.", "Twenty."]


def test_a_hold_broken_off_near_its_end_still_makes_sense(holding: Talk) -> None:
    holding.happen(Heard("repeat"), seconds=19)
    assert _hold(holding).seconds == 5
    assert _cues(holding) == ["Twenty."]


def test_time_left_is_told_in_words_and_the_hold_goes_on(holding: Talk) -> None:
    holding.happen(Heard("how long left"), seconds=10)
    assert holding.said[0] == "Ten seconds left."
    assert _hold(holding).seconds == pytest.approx(10)


def test_next_in_the_hold_releases_it(holding: Talk) -> None:
    holding.happen(Heard("next"))
    assert "Let go slowly, and wiggle your ankle." in holding.said
    assert holding.said[-1] == "Has it eased?"


def test_stop_in_the_hold_ends_the_stretch(holding: Talk) -> None:
    reply = holding.happen(Heard("stop"))
    assert reply.status.mode == "idle"


def test_a_noise_in_the_hold_goes_on_holding(holding: Talk) -> None:
    holding.mumble()
    assert holding.is_holding
    assert holding.reply.status.step == 5


def test_the_end_of_a_hold_asks_whether_it_has_eased(holding: Talk) -> None:
    reply = holding.happen(HoldEnded(), seconds=20)
    assert isinstance(reply.actions[-1], Listen)
    assert reply.status.mode == "stretch"
    assert (reply.status.step, reply.status.steps) == (5, 5)


def test_ten_minutes_by_the_clock_need_a_doctor(holding: Talk) -> None:
    holding.happen(HoldEnded(), seconds=20)
    holding.happen(Heard("no"), seconds=600)
    assert "See a doctor today, and do not wait." in holding.said
    assert holding.reply.status.urgency is not None
    assert holding.reply.status.urgency.value == "doctor_now"


def test_silence_after_the_check_in_starts_no_hold(holding: Talk) -> None:
    holding.happen(HoldEnded(), seconds=20)
    for _ in range(3):
        assert not holding.is_holding
        holding.happen(Silence(), seconds=10)
    assert holding.reply.status.ended
