"""The environment, as a mapping handed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.app.settings import Settings, read_settings
from cambrian.core.errors import UsageError


def test_an_empty_environment_has_defaults() -> None:
    settings = read_settings({"HOME": "/home/ada"})
    assert settings.workspace == Path(".cambrian")
    assert settings.signing_key == Path("/home/ada/.local/state/cambrian/signing.key")
    assert (settings.color, settings.dumb) == (True, False)
    assert settings.user.startswith("uid ")


def test_each_variable_changes_what_it_says() -> None:
    assert read_settings({"CAMBRIAN_WORKSPACE": "/w"}).workspace == Path("/w")
    assert read_settings({"XDG_STATE_HOME": "/s"}).state == Path("/s")
    assert read_settings({"NO_COLOR": "1"}).color is False
    assert read_settings({"NO_COLOR": ""}).color is True, "no-color.org: only when not empty"
    assert read_settings({"TERM": "dumb"}) == read_settings({"TERM": "dumb", "NO_COLOR": "1"})
    assert read_settings({"LOGNAME": "grace"}).user == "grace"
    assert read_settings({"USER": "ada", "LOGNAME": "grace"}).user == "ada"


def test_a_relative_state_folder_is_ignored_as_the_specification_says() -> None:
    assert read_settings({"XDG_STATE_HOME": "state", "HOME": "/h"}).state == Path("/h/.local/state")


def test_an_empty_workspace_is_an_error() -> None:
    with pytest.raises(UsageError, match="CAMBRIAN_WORKSPACE is ' '"):
        read_settings({"CAMBRIAN_WORKSPACE": " "})


def test_the_default_record_names_no_machine() -> None:
    assert Settings().workspace == Path(".cambrian")
