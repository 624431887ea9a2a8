"""Calls of AWS's SDK in a source file, read without running it, and their faults.

botocore validates a call's parameters only when it is made: names, required members and types.
Read from the source, every call is validated, also if no test makes it. So are enumerations, which
botocore doesn't check.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel, Shape

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "blob": (bytes, str),
}
# Methods of every client that are no operations of its service.
_OWN_METHODS = {"get_paginator", "get_waiter", "can_paginate", "close", "generate_presigned_url"}


@cache
def model(service: str) -> ServiceModel:
    """Return the botocore model of a service."""
    return botocore.session.get_session().get_service_model(service)


@cache
def services() -> frozenset[str]:
    """Return the names of all services."""
    return frozenset(botocore.session.get_session().get_available_services())


@cache
def operations(service: str) -> dict[str, OperationModel]:
    """Return the operations of a service by the names of a client's methods."""
    found = model(service)
    return {xform_name(name): found.operation_model(name) for name in found.operation_names}


@dataclass(frozen=True)
class Call:
    """One call. `service` is None if the source doesn't show whose client makes it."""

    place: str
    service: str | None
    method: str
    node: ast.Call
    is_paged: bool = False

    def __str__(self) -> str:
        return f"{self.place} {self.service}.{self.method}"

    def problems(self) -> Iterator[str]:
        """Yield the parts of the call that break the service's model."""
        operation = operations(self.service or "").get(self.method)
        if operation is None:
            yield f"{self}: there is no such operation"
            return
        given = {word.arg: word.value for word in self.node.keywords if word.arg}
        if self.is_paged:
            given.pop("PaginationConfig", None)
        if self.node.args:
            yield f"{self}: operations take keywords only"
        is_whole = all(word.arg for word in self.node.keywords)
        shape = operation.input_shape
        if shape is None:
            yield from (f"{self}: takes no {name}" for name in given)
            return
        yield from (f"{self}: {problem}" for problem in _of_structure(given, shape, is_whole=is_whole))


def _of_structure(given: dict[str, ast.expr], shape: Shape, *, is_whole: bool) -> Iterator[str]:
    members = shape.members  # type: ignore[attr-defined]  # structures have them
    yield from (f"{shape.name} has no {name}" for name in given if name not in members)
    if is_whole:
        yield from (f"{shape.name} needs {name}" for name in shape.required_members if name not in given)
    for name, value in given.items():
        if name in members:
            yield from (f"{name}: {problem}" for problem in _of_value(value, members[name]))


def _of_value(node: ast.expr, shape: Shape) -> Iterator[str]:
    """Yield the faults of a value, as far as the source shows it."""
    kind = shape.type_name
    if isinstance(node, ast.Constant) and node.value is not None:
        yield from _of_constant(node.value, shape)
    elif isinstance(node, ast.JoinedStr):
        if kind != "string":
            yield f"a text is given, {kind} is wanted"
    elif isinstance(node, ast.Dict) and kind == "structure":
        keys = {key.value: value for key, value in zip(node.keys, node.values, strict=True) if _is_text(key)}  # type: ignore[union-attr]
        yield from _of_structure(keys, shape, is_whole=len(keys) == len(node.keys))
    elif isinstance(node, ast.Dict) and kind == "map":
        for value in node.values:
            yield from _of_value(value, shape.value)  # type: ignore[attr-defined]
    elif isinstance(node, ast.List | ast.Tuple) and kind == "list":
        for item in node.elts:
            yield from _of_value(item, shape.member)  # type: ignore[attr-defined]
    elif isinstance(node, ast.ListComp) and kind == "list":
        yield from _of_value(node.elt, shape.member)  # type: ignore[attr-defined]
    elif isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.ListComp):
        yield f"a {type(node).__name__.lower()} is given, {kind} is wanted"


def _of_constant(value: object, shape: Shape) -> Iterator[str]:
    wanted = _TYPES.get(shape.type_name)
    if wanted is None or not isinstance(value, wanted) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"{value!r} is given, {shape.type_name} is wanted"
        return
    if isinstance(value, str) and shape.enum and value not in shape.enum:  # type: ignore[attr-defined]
        yield f"{value!r} is none of {', '.join(shape.enum)}"  # type: ignore[attr-defined]
    size = len(value) if isinstance(value, str | bytes) else value
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if isinstance(size, int | float) and ((least is not None and size < least) or (most is not None and size > most)):
        yield f"{value!r} is not within {least} and {most}"


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@dataclass
class _Known:
    """The names that stand for a service's client, or for the pages of an operation."""

    clients: dict[str, str] = field(default_factory=dict)
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)


class Source:
    """One source file."""

    def __init__(self, path: Path, root: Path) -> None:
        self._tree = ast.parse(path.read_text(encoding="utf-8"))
        self._place = path.relative_to(root).as_posix()
        self._types = dict(self._client_types())
        self._everywhere = _Known()
        for node in ast.walk(self._tree):
            if isinstance(node, ast.FunctionDef):
                self._remember(node.name, node.returns)
            if isinstance(node, ast.ClassDef):
                self._remember_attributes(node)

    def calls(self) -> Iterator[Call]:
        """Yield the calls on clients, and those that look like calls on a client."""
        for scope, known in self._scopes(self._tree, self._everywhere):
            for node in ast.iter_child_nodes(scope):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield from self._of_call(node, node.func, known)

    def exceptions(self) -> Iterator[tuple[str, str, str]]:
        """Yield place, service and name of each exception that is read from a client."""
        for scope, known in self._scopes(self._tree, self._everywhere):
            for node in ast.iter_child_nodes(scope):
                owner = node.value if isinstance(node, ast.Attribute) else None
                if not isinstance(node, ast.Attribute) or not isinstance(owner, ast.Attribute):
                    continue
                if owner.attr == "exceptions" and (service := self._service(owner.value, known)):
                    yield f"{self._place}:{node.lineno}", service, node.attr

    def _client_types(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mypy_boto3_"):
                service = (node.module or "").removeprefix("mypy_boto3_").partition(".")[0].replace("_", "-")
                yield from (
                    (alias.asname or alias.name, service) for alias in node.names if alias.name.endswith("Client")
                )

    def _remember(self, name: str, annotation: ast.expr | None, known: _Known | None = None) -> None:
        """Note the service of an annotated name, or of the client that its function returns."""
        for node in ast.walk(annotation) if annotation else ():
            text = node.value if isinstance(node, ast.Constant) else getattr(node, "id", None)
            if isinstance(text, str) and text in self._types:
                (known or self._everywhere).clients[name] = self._types[text]

    def _remember_attributes(self, class_: ast.ClassDef) -> None:
        for node in class_.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self._remember(f"self.{node.target.id}", node.annotation)
        for function in (node for node in class_.body if isinstance(node, ast.FunctionDef)):
            known = self._known_in(function, _Known())
            for given in (node for node in ast.walk(function) if isinstance(node, ast.Assign)):
                service = self._service(given.value, known)
                if service and isinstance(given.targets[0], ast.Attribute):
                    self._everywhere.clients[ast.unparse(given.targets[0])] = service

    def _known_in(self, function: ast.FunctionDef, outer: _Known) -> _Known:
        known = _Known(dict(outer.clients), dict(outer.pages))
        arguments = function.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            known.clients.pop(argument.arg, None)
            self._remember(argument.arg, argument.annotation, known)
            # Clients without type annotations are named after their service.
            if argument.annotation and ast.unparse(argument.annotation) == "Any" and argument.arg in services():
                known.clients[argument.arg] = argument.arg
        for node in ast.walk(function):
            if isinstance(node, ast.AnnAssign):
                self._remember(ast.unparse(node.target), node.annotation, known)
            for target, value in _assignments(node):
                if service := self._service(value, known):
                    known.clients[target] = service
                if pages := self._pages(value, known):
                    known.pages[target] = pages
        return known

    def _service(self, node: ast.expr, known: _Known) -> str | None:
        if isinstance(node, ast.Call):
            function = node.func
            if (
                isinstance(function, ast.Attribute)
                and function.attr == "client"
                and node.args
                and _is_text(node.args[0])
            ):
                return str(node.args[0].value)  # type: ignore[attr-defined]
            return self._service(function, known)
        name = ast.unparse(node)
        return known.clients.get(name) or known.clients.get(name.removeprefix("self."))

    def _pages(self, node: ast.expr, known: _Known) -> tuple[str, str] | None:
        if isinstance(node, ast.Name):
            return known.pages.get(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_paginator":
            service, named = self._service(node.func.value, known), node.args[0]
            if service and _is_text(named):
                return service, str(named.value)  # type: ignore[attr-defined]
        return None

    def _scopes(self, node: ast.AST, known: _Known) -> Iterator[tuple[ast.AST, _Known]]:
        """Yield each node below, with the names that are known at its place."""
        yield node, known
        for child in ast.iter_child_nodes(node):
            inside = self._known_in(child, known) if isinstance(child, ast.FunctionDef) else known
            yield from self._scopes(child, inside)

    def _of_call(self, node: ast.Call, function: ast.Attribute, known: _Known) -> Iterator[Call]:
        place = f"{self._place}:{node.lineno}"
        if function.attr == "paginate":
            service, method = self._pages(function.value, known) or (None, "paginate")
            yield Call(place, service, method, node, is_paged=True)
            return
        service = self._service(function.value, known)
        if service is not None and function.attr not in _OWN_METHODS:
            yield Call(place, service, function.attr, node)
        elif service is None and any(word.arg and word.arg[0].isupper() for word in node.keywords):
            yield Call(place, None, function.attr, node)


def _assignments(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement assigns, each with its value."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            yield from ((ast.unparse(t), v) for t, v in zip(target.elts, value.elts, strict=True))
        else:
            yield ast.unparse(target), value
    elif isinstance(node, ast.NamedExpr):
        yield node.target.id, node.value
