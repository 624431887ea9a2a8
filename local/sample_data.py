"""Fills a fresh local run: a menu to order from and a customer to order as."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environments.order_rules import RESTAURANTS_KEY
from local.deploy import client

MENU = Path(__file__).with_name("sample_menu.json")
DEMO_USERNAME = "demo@example.com"


def menu_fingerprint() -> str:
    """A hash of the sample menu, to tell whether it changed."""
    return hashlib.sha256(MENU.read_bytes()).hexdigest()


def load_menu(outputs: Mapping[str, Any]) -> None:
    """Put the sample restaurants and dishes into the menu table; what is there is overwritten."""
    dynamodb = client("dynamodb", outputs)
    for restaurant in json.loads(MENU.read_text(encoding="utf-8")):
        items = [
            {
                "restaurant_id": {"S": RESTAURANTS_KEY},
                "name": {"S": restaurant["id"]},
                "display_name": {"S": restaurant["name"]},
            },
            *(
                {
                    "restaurant_id": {"S": restaurant["id"]},
                    "name": {"S": dish["name"]},
                    "unit_price": {"N": str(dish["unit_price"])},
                    "currency": {"S": restaurant["currency"]},
                    "available": {"BOOL": dish.get("available", True)},
                }
                for dish in restaurant["dishes"]
            ),
        ]
        requests = [{"PutRequest": {"Item": item}} for item in items]
        dynamodb.batch_write_item(RequestItems={outputs["menu_table"]: requests})


def make_demo_user(outputs: Mapping[str, Any], known: Mapping[str, str] | None) -> dict[str, str]:
    """Create the demo customer, or keep the one that is known; returns username and password."""
    cognito = client("cognito-idp", outputs)
    user = dict(known) if known else {"username": DEMO_USERNAME, "password": f"Aa1-{secrets.token_urlsafe(18)}"}
    pool = outputs["user_pool_id"]
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=user["username"],
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": user["username"]},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    except cognito.exceptions.UsernameExistsException:
        if known:
            return user
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=user["username"], Password=user["password"], Permanent=True
    )
    return user
