"""The transport: lines of any size in any pieces, waits that end when they are cancelled."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.mcp import stdio
from cambrian.app.mcp.stdio import Lines, own_descriptors


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n", exclude_categories=["Cs"]))), st.integers(1, 9))
def test_lines_come_out_as_they_went_in(lines: list[str], piece: int) -> None:
    async def through() -> list[str]:
        source, target = os.pipe()
        found: list[str] = []
        data = "".join(f"{line}\n" for line in lines).encode()

        async def write() -> None:
            for at in range(0, len(data), piece):
                os.write(target, data[at : at + piece])
                await anyio.lowlevel.checkpoint()
            os.close(target)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(write)
            found += [line async for line in Lines(source)]
        os.close(source)
        return found

    assert anyio.run(through) == lines


async def test_a_file_may_be_the_input(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"one\n\xff\ntwo")
    with (tmp_path / "in").open("rb") as file:
        assert [line async for line in Lines(file.fileno())] == ["one", "\ufffd"]


async def test_a_line_without_end_is_not_read_for_ever(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stdio, "MAX_LINE", 1000)
    os.write(pipe[1], b"short\n" + b"x" * 2000)
    with anyio.fail_after(10):
        assert [line async for line in Lines(pipe[0])] == ["short"]
    assert "more than 1000 bytes" in capsys.readouterr().err


async def test_waiting_can_be_cancelled(pipe: tuple[int, int]) -> None:
    with anyio.move_on_after(0.1) as reading:
        _ = [line async for line in Lines(pipe[0])]
    with anyio.move_on_after(0.3) as writing:
        await Lines(target=pipe[1]).write("x" * 10**6)  # nobody reads
    assert (reading.cancelled_caught, writing.cancelled_caught) == (True, True)


async def test_a_long_text_is_written_whole(pipe: tuple[int, int]) -> None:
    text = "ü" * 200_000 + "\n"
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(Lines(target=pipe[1]).write, text)
        async for line in Lines(pipe[0]):
            assert line == text.strip()
            break


async def test_a_client_that_left_is_no_error(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with anyio.fail_after(10):
        await Lines(target=pipe[1]).write("anybody there?")


def test_prints_do_not_reach_the_client(capfd: pytest.CaptureFixture[str]) -> None:
    with own_descriptors() as (source, target):
        os.write(1, b"noise\n")
        os.write(target, b"protocol\n")
        assert os.read(0, 10) == b""
        assert source > 2
    os.write(1, b"afterwards\n")
    sys.stdout.flush()
    told = capfd.readouterr()
    assert (told.out, told.err) == ("protocol\nafterwards\n", "noise\n")
