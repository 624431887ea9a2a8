"""Repairs of Cognito user pools."""

from emulator.ministack.repairs.cognito import (
    access_tokens,
    added_operations,
    attributes,
    authenticators,
    bounded_sign_ins,
    challenges,
    client_secrets,
    codes,
    password_policy,
    refresh_rotation,
    refresh_tokens,
    refusals,
    srp_numbers,
    username_case,
)
