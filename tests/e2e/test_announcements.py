"""People get an announcement of each order's end, and nobody else can publish one."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from deployment.escaped_text import is_unsafe_to_show
from tests.e2e.faults.support.temporary_dish import Dish
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.order_requests import CANCEL, PIZZA, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError
from verify.polling import wait_for_final_status
from verify.publish_mutation import MADE_UP_ORDER, PUBLISH_ORDER
from verify.signed_calls import AccessKey, signed_post


@pytest.fixture
def user_key(account: AdministratorAccess) -> Iterator[AccessKey]:
    """The key of an IAM user who may do nothing."""
    iam, name = account.client("iam"), f"e2e-{uuid.uuid4().hex}"
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    try:
        yield AccessKey(made["AccessKeyId"], made["SecretAccessKey"], user=name)
    finally:
        for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName=policy)
        iam.delete_access_key(UserName=name, AccessKeyId=made["AccessKeyId"])
        iam.delete_user(UserName=name)


def test_every_final_order_is_announced_once_in_words(
    customer: Customer, mailbox: Mailbox, account: AdministratorAccess
) -> None:
    paid = wait_for_final_status(customer, customer.post_order(**PIZZA))
    declined = wait_for_final_status(customer, customer.post_order(**PIZZA, paymentMethod="pm_card_chargeDeclined"))
    with account.hints_held():
        cancelled = customer.post_order(**PIZZA)
        customer.execute(CANCEL, id=cancelled["id"])

    messages = mailbox.wait_for(user_id_of(customer), count=3)

    assert {message.attributes["order_id"]: message.subject for message in messages} == {
        paid["id"]: "Order paid: 2 x Margherita",
        declined["id"]: "Payment failed: 2 x Margherita",
        cancelled["id"]: "Order cancelled: 2 x Margherita",
    }
    for message in messages:
        assert "\n2 x Margherita\nFrom:   Trattoria Roma\nTotal:  19.00 EUR (9.50 EUR each)\n" in message.text
        assert message.text.endswith(f"\nOrder {message.attributes['order_id']}")


def test_an_announcement_has_what_subscribers_filter_by(customer: Customer, mailbox: Mailbox) -> None:
    order = wait_for_final_status(customer, customer.post_order(**PIZZA))

    (message,) = mailbox.wait_for(user_id_of(customer), count=1)

    assert message.attributes == {
        "status": "PAID",
        "user_id": user_id_of(customer),
        "restaurant_id": "trattoria-roma",
        "order_id": order["id"],
        "version": "3",
        "announcement_id": f"{user_id_of(customer)}/{order['id']}/3",
    }


def test_two_customers_with_the_same_order_id_are_announced_each(
    customer: Customer, stranger: Customer, mailbox: Mailbox
) -> None:
    id_ = new_id()
    for one in (customer, stranger):
        wait_for_final_status(one, one.post_order(**PIZZA, id=id_))

    mails = [mail for one in (customer, stranger) for mail in mailbox.wait_for(user_id_of(one), count=1)]

    ids = [f"{user_id_of(one)}/{id_}/3" for one in (customer, stranger)]
    assert [mail.attributes["announcement_id"] for mail in mails] == ids
    assert [f"\nAnnouncement {id_}\n" in mail.text for id_, mail in zip(ids, mails, strict=True)] == [True, True]


def test_a_dish_that_would_steer_a_mail_reader_is_announced_in_plain_lines(
    customer: Customer, mailbox: Mailbox, account: AdministratorAccess
) -> None:
    dish = Dish(account, f"Pizza\r\nBcc: all@example.com\x1b[2J\u202e\x01 {new_id()}")
    dish.offer(950)
    try:
        wait_for_final_status(customer, customer.post_order(**dish.order))
    finally:
        dish.remove()

    (mail,) = mailbox.wait_for(user_id_of(customer), count=1)

    said = dish.name.replace("\r\n", "  ").replace("\x1b", " ").replace("\u202e", " ").replace("\x01", " ")
    assert mail.text.split("\n")[2:4] == [f"2 x {said}", "From:   Trattoria Roma"]
    assert mail.subject.startswith("Order paid: 2 x Pizza Bcc: all@example.com [2J ")
    assert not [character for character in mail.text.replace("\n", "") if is_unsafe_to_show(character)]


@pytest.mark.public_api
def test_a_customer_can_not_publish_orders(customer: Customer) -> None:
    with pytest.raises(GraphqlError, match="Not Authorized to access publishOrder on type Mutation") as refused:
        customer.execute(PUBLISH_ORDER, input=MADE_UP_ORDER)

    assert refused.value.type == "Unauthorized"


def test_publishing_orders_takes_the_right_to_do_so(
    account: AdministratorAccess, outputs: dict[str, Any], user_key: AccessKey
) -> None:
    refused = signed_post(outputs, user_key, PUBLISH_ORDER, {"input": MADE_UP_ORDER})
    field = f"apis/{outputs['graphql_url'].split('/')[-2]}/types/Mutation/fields/publishOrder"
    right = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": f"arn:aws:appsync:*:*:{field}"}
    account.client("iam").put_user_policy(
        UserName=user_key.user, PolicyName="publish", PolicyDocument=json.dumps({"Statement": [right]})
    )
    allowed = signed_post(outputs, user_key, PUBLISH_ORDER, {"input": MADE_UP_ORDER})
    other = signed_post(outputs, user_key, "{ orders { id } }", {})

    assert [error["errorType"] for error in refused["errors"]] == ["UnauthorizedException"]
    assert allowed["data"]["publishOrder"] == {"id": MADE_UP_ORDER["id"], "status": "PAID", "orderStatus": "PAID"}
    assert [error["errorType"] for error in other["errors"]] == ["UnauthorizedException"]


def test_only_announce_has_the_right_to_publish_orders(account: AdministratorAccess) -> None:
    assert account.roles_that_may("appsync:GraphQL") == ["orders-local-announce"]
    assert account.roles_that_may("sns:Publish") == ["orders-local-announce"]
