"""The REST door as an OpenAPI document, made from the routes themselves and their schemas.

Nothing is described twice: ``ROUTES`` says what a route takes and gives, its view says in one
sentence what it does, and the errors say what can go wrong. For a host that shows its API::

    from flask_chat.web.openapi import document

    document(server="https://school.example/chat/api")

Needs the extra ``openapi``, and no app.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import GenericAlias, UnionType
from typing import TYPE_CHECKING, Any, get_args

from marshmallow import Schema

from ..config import PREFIX
from ..errors import MissingExtra, public_errors
from ..schemas.fields import Moment, PublicId, WrittenText
from .blueprint import ROUTES, Route

if TYPE_CHECKING:
    from apispec import APISpec

OPENAPI_VERSION = "3.1.0"

_PLACE = re.compile(r"<(\w+)>")
_PLAIN = {str: "string", int: "integer", bool: "boolean", float: "number", dict: "object"}
_ALWAYS = (401, 429, 503)


def document(*, server: str = "/chat/api", version: str = "1") -> dict[str, Any]:
    """The whole document, ready to be written as JSON.

    :param server: where the API is mounted: a path, or a URL.
    :param version: what the document says of its own version.
    :raises MissingExtra: if apispec is not installed.
    """
    spec = _specification(server, version)
    _describe_errors(spec)
    for route in ROUTES:
        path = _PLACE.sub(r"{\1}", route.rule)
        spec.path(path=path, operations={route.method.lower(): _operation(route)})
    made: dict[str, Any] = spec.to_dict()
    return made


def _specification(server: str, version: str) -> APISpec:
    try:
        from apispec import APISpec
        from apispec.ext.marshmallow import MarshmallowPlugin
    except ImportError:
        raise MissingExtra("apispec", "openapi") from None
    marshmallow: Any = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="flask_chat",
        version=version,
        openapi_version=OPENAPI_VERSION,
        plugins=[marshmallow],
        info={"description": "The chat of this site. Every answer is JSON and is never stored."},
        servers=[{"url": server}],
        security=[{"session": []}],
    )
    marshmallow.map_to_openapi_type(PublicId, "string", None)
    marshmallow.map_to_openapi_type(Moment, "string", "date-time")
    marshmallow.converter.add_attribute_function(_limit)
    session = {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "The host's own session cookie, under whatever name the host gives it.",
    }
    spec.components.security_scheme("session", session)
    return spec


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__).removesuffix("Schema")


def _limit(converter: Any, field: Any, **kwargs: Any) -> dict[str, Any]:
    """The limits of written texts are the host's settings, and not known here."""
    if not isinstance(field, WrittenText):
        return {}
    setting = f"{PREFIX}{field.setting.upper()}"
    return {"minLength": 1, "description": f"At most `{setting}` code points."}


# What can go wrong


def _describe_errors(spec: APISpec) -> None:
    codes = [problem.code for problem in public_errors()]
    error = {
        "type": "object",
        "required": ["code", "detail"],
        "properties": {
            "code": {"type": "string", "enum": sorted({*codes, "error"})},
            "detail": {"type": "string", "description": "A sentence for people."},
            "fields": {"type": "object", "description": "For each wrong field, its complaints."},
        },
    }
    body = {"type": "object", "required": ["error"], "properties": {"error": error}}
    spec.components.schema("Error", body)
    for status in {problem.status for problem in public_errors()}:
        told = [problem for problem in public_errors() if problem.status == status]
        spec.components.response(str(status), _error(" ".join(e.sentence for e in told), status))


def _error(description: str, status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": description, "content": _json({"$ref": _ERROR})}
    if status in (429, 503):
        wait = {"schema": {"type": "integer"}, "description": "Seconds after which to ask again."}
        response["headers"] = {"Retry-After": wait}
    return response


_ERROR = "#/components/schemas/Error"


# A route


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.view.__name__,
        "summary": summary(route),
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": _responses(route),
    }
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": _json(route.takes)}
    return operation


def summary(route: Route) -> str:
    """What a route does, in the words of its view."""
    return (route.view.__doc__ or "").strip().partition("\n")[0]


def _path_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in _PLACE.findall(route.rule):
        yield {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}


def _query_parameters(route: Route) -> Iterator[dict[str, Any]]:
    if route.query is not None:
        yield {"in": "query", "schema": route.query}


def _responses(route: Route) -> dict[str, Any]:
    answer = {"description": "Done.", "content": _json(_shape(route.gives))}
    responses: dict[str, Any] = {"200": answer}
    if route.creates:
        responses["201"] = {**answer, "description": "Done, and it is new."}
    if route.waits is not None:
        waits = {"description": "Accepted; it waits.", "content": _json(_shape(route.waits))}
        responses["202"] = waits
    for status in sorted(_troubles(route)):
        responses[str(status)] = str(status)  # of the components, by name
    return responses


def _troubles(route: Route) -> set[int]:
    statuses = set(_ALWAYS)
    if route.method != "GET":
        statuses |= {403}
    if route.takes is not None:
        statuses |= {400, 413, 422}
    if route.query is not None:
        statuses |= {422}
    asked = {} if route.query is None else route.query.fields
    if "<" in route.rule or any(field.required for field in asked.values()):
        statuses |= {404}
    if route.creates:
        statuses |= {404, 409}
    return statuses


def _shape(gives: Any) -> Any:
    """What a route gives, as JSON Schema: schemas stay as they are, the plugin resolves them."""
    if isinstance(gives, Schema):
        return gives
    if isinstance(gives, Mapping):
        properties = {name: _shape(value) for name, value in gives.items()}
        return {"type": "object", "required": list(gives), "properties": properties}
    if isinstance(gives, list):
        return {"type": "array", "items": _shape(gives[0])}
    if isinstance(gives, tuple):
        return {"anyOf": [_shape(gives[0]), {"type": "null"}]}
    if isinstance(gives, GenericAlias):
        return {"type": "object", "additionalProperties": _shape(get_args(gives)[1])}
    if isinstance(gives, UnionType):
        first, *_ = get_args(gives)
        return {"anyOf": [_shape(first), {"type": "null"}]}
    return {"type": _PLAIN[gives]}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
