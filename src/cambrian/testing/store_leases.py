"""Conformance of a journal store: who may write, and what is committed at once. A part of `StoreSuite`."""

# ruff: noqa: D102 - the names of the tests say what they hold a store to

from __future__ import annotations

from contextlib import suppress

import anyio
import pytest

from cambrian.core.errors import (
    Fenced,
    LeaseHeld,
    SequenceConflict,
    UsageError,
)
from cambrian.core.ids import digest
from cambrian.journal.store import Claim, Commit, Lease, Store

from .store_facts import NOW, OTHER, RUN, committed, everything, fill, head_of, note

__all__ = ["LeaseCases"]


class LeaseCases:
    """Leases, epochs and commits. `StoreSuite` has them."""

    # leases

    async def test_the_epoch_grows_with_every_acquisition(self, store: Store) -> None:
        epochs: list[int] = []
        for number in range(4):
            lease = await store.acquire(RUN, f"holder {number}", ttl=10.0, now=NOW + 10 * number)
            assert (lease.run, lease.holder, lease.expires) == (RUN, f"holder {number}", NOW + 10 * number + 10)
            epochs.append(lease.epoch)
            if number % 2:
                await store.release(lease)
        assert epochs == [1, 2, 3, 4]
        await fill(store, RUN, 1, epoch=4)
        assert (await head_of(store)).epoch == 4

    async def test_a_lease_holds_until_it_expires(self, store: Store) -> None:
        lease = await store.acquire(RUN, "first", ttl=10.0, now=NOW)
        with pytest.raises(LeaseHeld, match="first"):
            await store.acquire(RUN, "second", ttl=10.0, now=NOW + 9.9)
        await fill(store, RUN, 1, epoch=lease.epoch)
        assert (await head_of(store)).lease == lease
        assert (await store.acquire(OTHER, "second", ttl=10.0, now=NOW)).epoch == 1
        assert (await store.acquire(RUN, "second", ttl=10.0, now=NOW + 10.0)).epoch == 2

    async def test_the_holder_may_acquire_again(self, store: Store) -> None:
        await store.acquire(RUN, "me", ttl=10.0, now=NOW)
        assert (await store.acquire(RUN, "me", ttl=10.0, now=NOW)).epoch == 2

    async def test_a_dead_holders_lease_is_taken_over(self, store: Store) -> None:
        dead = await store.acquire(RUN, "dead", ttl=10.0, now=NOW)
        taken = await store.acquire(RUN, "second", ttl=10.0, now=NOW, over=dead)
        assert (taken.holder, taken.epoch) == ("second", 2)
        with pytest.raises(LeaseHeld, match="second"):
            await store.acquire(RUN, "third", ttl=10.0, now=NOW, over=dead)

    async def test_renewal_prolongs(self, store: Store) -> None:
        lease = await store.acquire(RUN, "me", ttl=10.0, now=NOW)
        renewed = await store.renew(lease, ttl=10.0, now=NOW + 9)
        assert (renewed.epoch, renewed.expires) == (lease.epoch, NOW + 19)
        with pytest.raises(LeaseHeld):
            await store.acquire(RUN, "other", ttl=10.0, now=NOW + 18)
        late = await store.renew(lease, ttl=10.0, now=NOW + 100)
        assert late.expires == NOW + 110

    async def test_a_lost_lease_is_not_renewed(self, store: Store) -> None:
        lease = await store.acquire(RUN, "me", ttl=10.0, now=NOW)
        await store.acquire(RUN, "other", ttl=10.0, now=NOW + 11)
        with pytest.raises(Fenced, match="me"):
            await store.renew(lease, ttl=10.0, now=NOW + 12)
        mine = await store.acquire(OTHER, "me", ttl=10.0, now=NOW)
        await store.release(mine)
        with pytest.raises(Fenced):
            await store.renew(mine, ttl=10.0, now=NOW)

    async def test_release_frees_only_ones_own(self, store: Store) -> None:
        old = await store.acquire(RUN, "me", ttl=10.0, now=NOW)
        new = await store.acquire(RUN, "other", ttl=10.0, now=NOW + 10)
        await store.release(old)
        with pytest.raises(LeaseHeld, match="other"):
            await store.acquire(RUN, "third", ttl=10.0, now=NOW + 11)
        await store.release(new)
        await store.release(new)
        assert (await store.acquire(RUN, "third", ttl=10.0, now=NOW + 11)).epoch == 3

    async def test_a_zombie_cannot_write(self, store: Store) -> None:
        zombie = await store.acquire(RUN, "zombie", ttl=10.0, now=NOW)
        await fill(store, RUN, 2, epoch=zombie.epoch)
        heir = await store.acquire(RUN, "heir", ttl=10.0, now=NOW + 10)
        for expected in (2, 1):  # told first, and nothing else
            with pytest.raises(Fenced, match="epoch 2"):
                await store.append(RUN, [note()], expected=expected, epoch=zombie.epoch, time=NOW, blobs=[b"zombie"])
        with pytest.raises(Fenced):
            await store.append(RUN, [note()], expected=2, epoch=0, time=NOW)
        assert await store.append(RUN, [note()], expected=2, epoch=heir.epoch, time=NOW) == 3
        with pytest.raises(LookupError):
            await store.blob(digest(b"zombie"))

    async def test_an_epoch_never_granted_is_refused(self, store: Store) -> None:
        with pytest.raises(UsageError, match="never granted"):
            await fill(store, RUN, 1, epoch=1)

    async def test_one_of_many_acquires(self, store: Store) -> None:
        won: list[str] = []

        async def acquire(holder: str) -> None:
            with suppress(LeaseHeld):
                won.append((await store.acquire(RUN, holder, ttl=10.0, now=NOW)).holder)

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(acquire, f"holder {number}")
        assert len(won) == 1

    async def test_a_commit_claims_appends_and_lets_go(self, store: Store) -> None:
        claim = Claim(holder="me", ttl=10.0)
        first = Commit(run=RUN, facts=[note(1)], expected=0, time=NOW, claim=claim, blobs=[b"body"])
        lease = (await committed(store, first)).lease
        assert lease == Lease(run=RUN, holder="me", epoch=1, expires=NOW + 10)
        assert (await head_of(store)).lease == lease
        assert await store.blob(digest(b"body")) == b"body"
        following = Commit(run=RUN, facts=[note(2), note(3)], expected=1, time=NOW, lease=lease, release=True)
        assert (await committed(store, following)).lease is None
        head = await head_of(store)
        assert (head.seq, head.epoch, head.lease) == (3, 1, None)
        assert [event.seq for event in await everything(store, RUN)] == [1, 2, 3]

    async def test_a_commit_without_a_lease_leaves_none(self, store: Store) -> None:
        await committed(store, Commit(run=RUN, facts=[note()], expected=0, time=NOW))
        head = await head_of(store)
        assert (head.seq, head.epoch, head.lease) == (1, 0, None)

    async def test_a_refused_commit_leaves_nothing(self, store: Store) -> None:
        await fill(store, RUN, 2)
        claim = Claim(holder="me", ttl=10.0)
        with pytest.raises(SequenceConflict):
            await committed(store, Commit(run=RUN, facts=[note()], expected=0, time=NOW, claim=claim, blobs=[b"no"]))
        assert ((await head_of(store)).seq, (await head_of(store)).lease) == (2, None)
        theirs = await store.acquire(OTHER, "other", ttl=10.0, now=NOW)
        with pytest.raises(LeaseHeld):
            await committed(store, Commit(run=OTHER, facts=[note()], expected=0, time=NOW, claim=claim, blobs=[b"no"]))
        assert await store.heads(OTHER) == []
        assert await store.renew(theirs, ttl=20.0, now=NOW)
        zombie, heir = theirs, await store.acquire(OTHER, "heir", ttl=10.0, now=NOW + 30)
        with pytest.raises(Fenced):
            await committed(store, Commit(run=OTHER, facts=[note()], expected=0, time=NOW, lease=zombie, blobs=[b"no"]))
        assert (
            await committed(store, Commit(run=OTHER, facts=[note()], expected=0, time=NOW, lease=heir))
        ).lease is None
        with pytest.raises(LookupError):
            await store.blob(digest(b"no"))

    @pytest.mark.parametrize(("holder", "ttl"), [("", 1.0), ("a\nb", 1.0), ("me", 0.0), ("me", -1.0)])
    async def test_a_lease_that_is_none_is_refused(self, store: Store, holder: str, ttl: float) -> None:
        with pytest.raises(UsageError):
            await store.acquire(RUN, holder, ttl=ttl, now=NOW)
