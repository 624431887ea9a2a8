"""Builds the executable schema of a deployment, with AppSync's scalars and directives."""

from graphql import DefinitionNode, DirectiveNode, DocumentNode, GraphQLError, GraphQLSchema, parse
from graphql.language import ObjectTypeDefinitionNode, ObjectTypeExtensionNode, ScalarTypeDefinitionNode
from graphql.utilities import build_ast_schema

from emulator.appsync import scalars
from emulator.appsync.errors import RequestRefused

_DIRECTIVES = """
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
"""
Directives = dict[tuple[str, str | None], tuple[DirectiveNode, ...]]


def build(sdl: str) -> tuple[GraphQLSchema, Directives]:
    """Return the schema, and the directives by (type, field) and (type, None)."""
    try:
        document = parse(sdl)
        declared = {d.name.value for d in document.definitions if isinstance(d, ScalarTypeDefinitionNode)}
        prelude = _DIRECTIVES + "".join(f"scalar {name}\n" for name in scalars.NAMES if name not in declared)
        own = tuple(definition for definition in document.definitions if not _is_aws_directive(definition))
        schema = build_ast_schema(DocumentNode(definitions=(*parse(prelude).definitions, *own)))
    except (GraphQLError, TypeError) as error:
        raise RequestRefused(400, "GraphQLSchemaException", f"The deployed schema can't be used: {error}") from error
    scalars.install(schema)
    return schema, _directives(document)


def _is_aws_directive(definition: DefinitionNode) -> bool:
    """Return True for AppSync's own directives, which exported schemas define themselves."""
    return definition.kind == "directive_definition" and definition.name.value.startswith("aws_")  # type: ignore[attr-defined]


def _directives(document: DocumentNode) -> Directives:
    found: Directives = {}
    for definition in document.definitions:
        if isinstance(definition, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            type_name = definition.name.value
            found[type_name, None] = (*found.get((type_name, None), ()), *definition.directives)
            for field in definition.fields:
                found[type_name, field.name.value] = tuple(field.directives)
    return found
