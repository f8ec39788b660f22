"""A space that several servers share: what one of them changed is taken over by the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kobikom_emulator.journal.kept import decoded
from kobikom_emulator.space.kept import KeepableSpace, read, set_values
from kobikom_emulator.space.space import Space


class SharedSpace(KeepableSpace):
    """`ports.Keepable` of a shared space. `changed_users` gives the users whose requests go to the space, None if these
    are the same as when it was called last.
    """

    def __init__(self, space: Space, changed_users: Callable[[], set[str] | None]) -> None:
        super().__init__(space)
        self._seen_number = self._seen_replans = 0
        self.changed_users = changed_users
        space.shared = True

    @property
    def written(self) -> int:
        """The number of the newest entry of the journal."""
        return self._space.journal.written

    def hold_journal_back(self, when: Callable[[], None]) -> None:
        """Hold entries of the journal back, which are to be kept soon `when` there are some."""
        self._space.journal.hold_back(when)

    def release_journal(self) -> None:
        self._space.journal.release()

    def forget_entries(self, after: int) -> None:
        """Forget the entries of the journal that were not kept."""
        self._space.journal.forget_after(after)

    def take_over(self, octets: bytes, entries: Sequence[bytes], *, replaced: bool) -> None:
        """Be what another server made of the space: its state, and the entries of the journal that are new here.
        `replaced` where all contents were.
        """
        space, state = self._space, read(octets)
        if space.blueprint != state.blueprint:
            space.use_blueprint(state.blueprint)
        set_values(space, state)
        space.webhooks.take_over(state.webhooks, given=state.webhooks_given)
        new = [decoded(entry) for entry in entries]
        space.journal.take_over(new, first=state.first_entry, written=state.written)
        for numbered in new:
            space.webhooks.take(numbered)
        if replaced:
            space.generation += 1

    @property
    def is_watched(self) -> bool:
        """Whether somebody waits for messages."""
        if not len(self._space.watches):
            self._seen_number = self._seen_replans = 0
            return False
        return True

    def look_again(self, next_number: int) -> None:
        """Let those who wait look at what other servers accepted or changed."""
        watches = self._space.watches
        watches.look_again(range(self._seen_number, next_number))
        if self._seen_replans != watches.changes:
            watches.look_again(range(next_number), for_status=True)
        self._seen_number, self._seen_replans = next_number, watches.changes

    def announce(self) -> None:
        self._space.announce()
