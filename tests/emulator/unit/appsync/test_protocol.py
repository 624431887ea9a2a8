"""The real-time protocol's messages."""

import json

import pytest

from emulator.appsync.errors import RequestRefused
from emulator.appsync.realtime import protocol
from emulator.appsync.realtime.protocol import Init, NotUnderstood, Start, Stop

START = {"id": "1", "type": "start", "payload": {"data": "{}", "extensions": {"authorization": {"Host": "h", "x": 1}}}}


def test_a_start_carries_the_request_as_text_and_headers_in_lower_case() -> None:
    assert protocol.read(json.dumps(START)) == Start("1", "{}", {"host": "h"})


def test_init_and_stop_are_read() -> None:
    assert protocol.read('{"type": "connection_init", "payload": {}}') == Init()
    assert protocol.read('{"type": "stop", "id": "1"}') == Stop("1")


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        (None, None),
        ("", None),
        ("[1]", None),
        ("[" * 100_000, None),
        ('{"type": "subscribe", "id": "1"}', "1"),
        ('{"type": "start"}', None),
        ('{"type": "start", "id": 1, "payload": {"data": "{}"}}', None),
        ('{"type": "start", "id": "", "payload": {"data": "{}"}}', None),
        ('{"type": "start", "id": "1"}', "1"),
        ('{"type": "start", "id": "1", "payload": {"data": {}}}', "1"),
        ('{"type": "start", "id": "1", "payload": []}', "1"),
        ('{"type": "stop"}', None),
    ],
)
def test_anything_else_is_not_understood(text: str | None, id_: str | None) -> None:
    with pytest.raises(NotUnderstood) as failure:
        protocol.read(text)

    assert failure.value.id == id_


@pytest.mark.parametrize("extensions", [None, [], {}, {"authorization": "token"}, {"authorization": [1]}])
def test_a_start_without_headers_has_none(extensions: object) -> None:
    message = {**START, "payload": {"data": "{}", "extensions": extensions}}

    assert protocol.read(json.dumps(message)) == Start("1", "{}", {})


def test_a_message_is_delivered_with_its_payload_as_it_is() -> None:
    text = protocol.data('a"b', '{"data":{"é":1}}')

    assert json.loads(text) == {"id": 'a"b', "type": "data", "payload": {"data": {"é": 1}}}


def test_an_error_has_the_id_if_there_is_one() -> None:
    with_id, without = protocol.error("1", [{"message": "no"}]), protocol.error(None, [{"message": "no"}])

    assert json.loads(with_id) == {"id": "1", "type": "error", "payload": {"errors": [{"message": "no"}]}}
    assert json.loads(without) == {"type": "error", "payload": {"errors": [{"message": "no"}]}}


def test_a_refused_connection_is_told_type_message_and_code() -> None:
    text = protocol.connection_error(RequestRefused(401, "UnauthorizedException", "no"))

    assert json.loads(text) == {
        "type": "connection_error",
        "payload": {"errors": [{"errorType": "UnauthorizedException", "message": "no", "errorCode": 401}]},
    }
