"""Law: the package as a whole: light to import, errors that travel, values that keep secrets."""

import pickle
import subprocess
import sys

import pytest

import kobikom_client
from kobikom_client import (
    Account,
    Code,
    InvalidRequest,
    KobikomError,
    Progress,
    Recipient,
    Refused,
    meaning,
)
from kobikom_client.codec import Answer, Request, reports_request
from kobikom_client.errors import refusal


def test_the_codec_imports_no_http_library() -> None:
    """Whoever brings another library pays for that one only."""
    code = (
        "import sys, kobikom_client.codec, kobikom_client.push;"
        "print(sorted({'aiohttp', 'asyncio', 'http.client', 'click', 'lxml'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert "[]\n" == ran.stdout


def test_every_public_name_is_there() -> None:
    """The lazy ones included, and no others."""
    assert [] == [name for name in kobikom_client.__all__ if not hasattr(kobikom_client, name)]
    assert not hasattr(kobikom_client, "Nonsense")


def test_errors_survive_pickling() -> None:
    """Task queues carry exceptions between processes; what is known must arrive."""
    error = refusal(Code.BAD_CREDENTIALS, progress=Progress(untried=(Recipient("905"),)), body=b"x")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), str(error), error.code, error.progress, error.body) == (
        type(copy),
        str(copy),
        copy.code,
        copy.progress,
        copy.body,
    )


def test_the_tree_has_one_root() -> None:
    """`except KobikomError` is enough; a mistake of the caller is a ValueError, too."""
    named = [getattr(kobikom_client, name) for name in kobikom_client.__all__]
    errors = [each for each in named if isinstance(each, type) and issubclass(each, Exception)]
    assert 8 == len(errors)
    assert all(issubclass(each, KobikomError) for each in errors)
    assert issubclass(InvalidRequest, ValueError)
    assert isinstance(refusal(-34), Refused)


@pytest.mark.parametrize(
    "value",
    [
        Account("http://h", "user", "s3cret"),
        reports_request(Account("http://h", "user", "s3cret")),
        Request("POST", "http://h", b"<parola>s3cret</parola>"),
        Answer(200, b"s3cret"),
    ],
)
def test_no_repr_shows_a_secret(value: object) -> None:
    """Reprs end in logs."""
    assert "s3cret" not in repr(value)


def test_codes_have_a_meaning() -> None:
    """Documented ones their own, others honestly none."""
    assert ("not enough credit", "undocumented code") == (meaning(Code(-2)), meaning(-77))
