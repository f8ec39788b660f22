"""What a large document is looked at for, in pieces (T-11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.protocol import bounds


@given(st.text("</?=", max_size=40).map(str.encode), st.integers(1, 9), st.sampled_from([b"<", b"</", b"<?", b"="]))
def test_counting_in_pieces_counts_everything_once(xml: bytes, step: int, sought: bytes) -> None:
    """Also what stands across the end of a piece."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "_STEP", step)
        assert xml.count(sought) == bounds._count(xml, sought)
