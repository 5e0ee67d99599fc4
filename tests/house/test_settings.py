"""Every setting stands in config.example.toml with its default and a sentence."""

import tomllib

import pytest

from hackathon.core.config import PREFIX, ROOT, BadConfiguration, Settings, load_settings

EXAMPLE = ROOT / "config.example.toml"


def test_every_setting_is_documented_with_its_default() -> None:
    documented = tomllib.loads(EXAMPLE.read_text())
    defaults = {name: field.default for name, field in Settings.model_fields.items()}

    assert {name: str(value) for name, value in documented.items()} == {n: str(v) for n, v in defaults.items()}


def test_every_setting_has_a_sentence_before_it() -> None:
    lines = EXAMPLE.read_text().splitlines()
    undocumented = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if "=" in line and not line.startswith("#") and not before.startswith("#") and "=" not in before
    ]

    assert undocumented == []


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_can_come_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"port": "8123", "workers": "3", "threads": "5", "trusted_proxies": "1", "demo": "false"}.get(name, "said")
    monkeypatch.setenv(PREFIX + name.upper(), said)

    settings = load_settings(ROOT / "no-such-file.toml")

    assert str(getattr(settings, name)).lower() == said


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HACKATHON_PORT", "ninety")

    with pytest.raises(BadConfiguration, match="port"):
        load_settings(ROOT / "no-such-file.toml")
