"""The package as a whole: its imports, its public names, pickled errors, and reprs without secrets."""

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
    """Importing the codec loads neither aiohttp nor any other HTTP library."""
    code = (
        "import sys, kobikom_client.codec, kobikom_client.push;"
        "print(sorted({'aiohttp', 'asyncio', 'http.client', 'click', 'lxml'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert "[]\n" == process.stdout


def test_every_public_name_exists() -> None:
    """The names that are imported on first access exist as well, and an unknown name does not."""
    assert [] == [name for name in kobikom_client.__all__ if not hasattr(kobikom_client, name)]
    assert not hasattr(kobikom_client, "Nonsense")


def test_errors_survive_pickling() -> None:
    """An error keeps its attributes when it is pickled, as task queues do."""
    error = refusal(Code.BAD_CREDENTIALS, progress=Progress(untried=(Recipient("905"),)), body=b"x")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), str(error), error.code, error.progress, error.body) == (
        type(copy),
        str(copy),
        copy.code,
        copy.progress,
        copy.body,
    )


def test_every_error_is_a_kobikom_error() -> None:
    """All eight error classes derive from KobikomError, and InvalidRequest is also a ValueError."""
    named = [getattr(kobikom_client, name) for name in kobikom_client.__all__]
    errors = [value for value in named if isinstance(value, type) and issubclass(value, Exception)]
    assert 8 == len(errors)
    assert all(issubclass(error, KobikomError) for error in errors)
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
    """The repr of a value with a password does not contain it."""
    assert "s3cret" not in repr(value)


def test_codes_have_a_meaning() -> None:
    """Each documented code has a meaning of its own; an undocumented one is called that."""
    assert ("not enough credit", "undocumented code") == (meaning(Code(-2)), meaning(-77))
    assert len(Code) == len({meaning(code) for code in Code})


@pytest.mark.parametrize(
    ("codes", "sense"),
    [((-10, -11), "missing or wrong"), ((-1, -23, -34, -99), "a title that is not the account's"),
     ((-6,), "digits missing"), ((-33,), "used before")],
)  # fmt: skip
def test_a_code_of_several_readings_names_them_all(codes: tuple[int, ...], sense: str) -> None:
    """What a code means under another reading (login-codes, title-code, short-number, duplicate-id) is in the error."""
    assert [True] * len(codes) == [sense in str(refusal(Code(code))) for code in codes]
