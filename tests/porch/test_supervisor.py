"""How long a process that keeps dying is left alone."""

import pytest

from hackathon.porch.supervisor import Child


def test_each_fall_doubles_the_pause_and_a_steady_life_resets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child("live hub", lambda: None)
    pauses = []
    for lived in [1, 1, 1, 1, 9, 10, 1, *[1] * 9]:
        monkeypatch.setattr("time.monotonic", lambda end=child.started + lived: end)
        child.fall(1)
        pauses.append(round(child.due - child.started - lived, 1))
        child.started = child.due

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30]


def test_a_fall_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Child("live hub", lambda: None).fall(-9)
    Child("job process", lambda: None).fall(3)

    assert capsys.readouterr().err.splitlines() == [
        "The live hub ended (signal 9) and starts again in 0.1 s.",
        "The job process ended (code 3) and starts again in 0.1 s.",
    ]
