"""The OpenAPI document states the same limits as the values do."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_origin
from urllib.request import urlopen

import jsonschema_rs
import msgspec
import pytest
from msgspec import Meta

from kobikom_emulator import Emulator
from kobikom_emulator.control.examples import PATHS
from kobikom_emulator.domain import values
from kobikom_emulator.domain.delivery import Phase, Status
from kobikom_emulator.protocol.readings import CATALOGUE

with Emulator() as _emulator:
    DOCUMENT: dict[str, Any] = json.loads(_emulator.ask_control("GET", "/_emulator/openapi.json")[1])

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
LIMITS = {
    "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum", "pattern": "pattern",
    "min_length": "minLength", "max_length": "maxLength",
}  # fmt: skip


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object within the document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def limited_values() -> dict[str, dict[str, Any]]:
    """The types of `domain.values` that have limits, and how JSON schema states these."""
    limits: dict[str, dict[str, Any]] = {}
    for name, value in vars(values).items():
        if get_origin(value) is None or not hasattr(value, "__metadata__"):
            continue
        stated: dict[str, Any] = {}
        for meta in value.__metadata__:
            assert isinstance(meta, Meta)
            stated |= {word: limit for own, word in LIMITS.items() if (limit := getattr(meta, own)) is not None}
            stated |= meta.extra_json_schema or {}
        limits[name] = stated
    return limits


VALUES = limited_values()


def test_the_values_with_limits_are_these() -> None:
    """A new one appears here, and below."""
    assert {
        "Amount", "Currency", "GsmError", "Instant", "Milliseconds", "NetworkName", "Password", "Pattern", "Rate",
        "Seconds", "Title", "UserName",
    } == set(VALUES)  # fmt: skip
    assert {} not in VALUES.values()


@pytest.mark.parametrize("name", VALUES)
def test_the_limits_of_a_value_are_in_the_document(name: str) -> None:
    """Some schema of it states every one of them."""
    stated = VALUES[name].items()
    assert any(all(key in part and part[key] == limit for key, limit in stated) for part in parts(DOCUMENT))


@pytest.mark.parametrize(
    ("schema", "field", "value"),
    [
        ("AccountTerms", "credit", "Amount"),
        ("AccountTerms", "price", "Amount"),
        ("AccountTerms", "currency", "Currency"),
        ("AccountTerms", "password", "Password"),
        ("NewAccount", "user", "UserName"),
        ("NewAccount", "credit", "Amount"),
        ("Scenario", "credit", "Amount"),
        ("ClockChange", "set", "Instant"),
        ("ClockChange", "rate", "Rate"),
        ("ClockState", "now", "Milliseconds"),
        ("ClockState", "rate", "Rate"),
        ("DeliveryOutcome", "after", "Seconds"),
        ("DeliverySettings", "jitter", "Seconds"),
        ("OutcomeRequest", "after", "Seconds"),
        ("OutcomeRequest", "gsm_error", "GsmError"),
        ("MessageMatch", "to", "Pattern"),
        ("MessageMatch", "text", "Pattern"),
        ("Match", "title", "Pattern"),
        ("When", "until", "Instant"),
    ],
)
def test_a_field_has_the_limits_of_its_value(schema: str, field: str, value: str) -> None:
    """In the schema of the body it stands in."""
    described = SCHEMAS[schema]["properties"][field]
    options = [described, *described.get("anyOf", [])]
    assert any(all(option.get(key) == limit for key, limit in VALUES[value].items()) for option in options)


def test_titles_and_networks_have_their_limits() -> None:
    """As items, keys and values of an account's terms."""
    terms = SCHEMAS["AccountTerms"]["properties"]
    for described, value in (
        (terms["titles"]["items"], "Title"),
        (terms["coverage"]["items"], "NetworkName"),
        (terms["prices"]["propertyNames"], "NetworkName"),
        (terms["prices"]["additionalProperties"], "Amount"),
    ):
        assert VALUES[value] == {key: described.get(key) for key in VALUES[value]}


@pytest.mark.parametrize(
    "schema",
    [
        SCHEMAS["NewSpace"]["properties"]["readings"],
        SCHEMAS["Scenario"]["properties"]["readings"],
        SCHEMAS["State"]["properties"]["readings"],
        DOCUMENT["paths"]["/_emulator/spaces/{space}/readings"]["patch"]["requestBody"]["content"]["application/json"][
            "schema"
        ],
    ],
)
def test_readings_are_named_with_their_values(schema: dict[str, Any]) -> None:
    """Wherever readings are given."""
    expected = {ambiguity.name: list(ambiguity.values) for ambiguity in CATALOGUE}
    assert expected == {name: reading["enum"] for name, reading in schema["properties"].items()}
    assert list(expected) == schema["propertyNames"]["enum"]


def test_statuses_are_named() -> None:
    """In filters, waits and forced outcomes."""
    known = {*map(str, Phase), *map(str, Status)}
    (query,) = [
        each for each in DOCUMENT["paths"]["/_emulator/spaces/{space}/messages"]["get"]["parameters"]
        if each["name"] == "status"
    ]  # fmt: skip
    assert {"$ref": "#/components/schemas/MessageStatus"} == query["schema"]
    assert query["schema"] == SCHEMAS["MessageMatch"]["properties"]["status"]["anyOf"][0]
    assert known == set(SCHEMAS["MessageStatus"]["enum"])
    assert set(map(str, Status)) == set(SCHEMAS["FinalStatus"]["enum"])


def test_schemas_have_plain_names() -> None:
    """No module path stands in a name, every title is its name, every reference leads somewhere, none is unused."""
    assert [] == [name for name in SCHEMAS if not name.isidentifier()]
    assert [] == [name for name, schema in SCHEMAS.items() if schema.get("title", name) != name]
    references = {part["$ref"] for part in parts(DOCUMENT) if isinstance(part.get("$ref"), str)}
    references |= {place for part in parts(DOCUMENT) if "mapping" in part for place in part["mapping"].values()}
    assert {f"#/components/schemas/{name}" for name in SCHEMAS} == references


OPERATIONS: list[dict[str, Any]] = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]


def test_every_operation_has_one_tag() -> None:
    """Its subject; each tag is described and used."""
    assert {1} == {len(operation["tags"]) for operation in OPERATIONS}
    tags = [tag["name"] for tag in DOCUMENT["tags"] if tag["description"]]
    assert sorted(tags) == sorted({operation["tags"][0] for operation in OPERATIONS})


def test_the_server_is_the_one_that_was_asked() -> None:
    """A client that is generated from the document talks to the server that the document was read from."""
    with Emulator() as emulator, urlopen(f"{emulator.url}/_emulator/openapi.json") as answer:
        assert [{"url": emulator.url}] == json.load(answer)["servers"]


EXAMPLES: dict[str, Any] = {
    operation["operationId"]: (method.upper(), path, body.get("example"))
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if (body := operation.get("requestBody", {}).get("content", {}).get("application/json"))
}
"""Operations with a body: method, path and example by id."""


def test_every_path_parameter_and_body_has_an_example() -> None:
    """But for a whole state, which is long and never written by hand."""
    parameters = [each for operation in OPERATIONS for each in operation.get("parameters", ()) if each["in"] == "path"]
    assert [] == [parameter["name"] for parameter in parameters if "example" not in parameter]
    assert ["importState"] == [name for name, (_, _, example) in EXAMPLES.items() if example is None]


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"importState"}))
def test_an_example_works(name: str) -> None:
    """It is answered with success where the message of the examples was sent, or an answer is held."""
    method, path, body = EXAMPLES[name]
    for parameter, value in PATHS.items():
        path = path.replace(f"{{{parameter}}}", value)
    with Emulator(clock={"start": "2026-01-31T09:00:00+03:00"}) as emulator, ThreadPoolExecutor() as threads:
        held = name in {"releaseAnswers", "waitUntilHeld"}
        if held:
            emulator.kobikom.faults.stall_next()
        send = threads.submit(urlopen, f"{emulator.url}/api/sendsms/xml/", SEND, 30)
        if not held:
            send.result().close()
        status, answer = emulator.ask_control(method, path, json.dumps(body).encode())
        emulator.kobikom.release(0)
        send.result().close()
    assert 2 == status // 100, answer


SEND = (
    b"<SMS><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama><mesajiniz>"
    b'<metin>Kodunuz 1234</metin><alicilar><gsm messageId="order-17">905329975725</gsm></alicilar></mesajiniz></SMS>'
)


AMOUNTS = ("0", "1.5", "999999999999999.999999", "1000000000000000", "-1", "0.0000001", "1e40")


@pytest.mark.parametrize("amount", AMOUNTS)
def test_the_pattern_of_amounts_accepts_what_the_value_accepts(amount: str) -> None:
    """And refuses what it refuses."""

    class Bill(values.Checked, frozen=True):
        amount: values.Amount

    try:
        msgspec.convert({"amount": amount}, Bill)
        accepted = True
    except msgspec.ValidationError:
        accepted = False
    assert accepted == jsonschema_rs.is_valid({"type": "string", **VALUES["Amount"]}, amount)
