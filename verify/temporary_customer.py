"""A customer for a test on any environment, of whom nothing is left."""

from collections.abc import Iterator
from contextlib import contextmanager

from environments.user_error import UserError
from verify.cleanup import close_orders, remove_rows
from verify.customer import Customer
from verify.user_pool_client import Person, UserPoolClient
from verify.verified_environment import VerifiedEnvironment


@contextmanager
def temporary_customer(target: VerifiedEnvironment) -> Iterator[Customer]:
    """Make a customer with keys, signed in as everybody signs in; remove them and their rows at the end."""
    person, pool = Person(), UserPoolClient(target)
    try:
        pool.make(person)
        with pool.sign_in(person) as customer:
            try:
                yield customer
            finally:
                left = close_orders(customer)
                remove_rows(target, customer.user_id, keep=left)
    finally:
        pool.remove(person)
    if left:
        raise UserError(f"orders of user_id {person.user_id} are still open: {', '.join(left)}")
