"""Questions that anybody can ask of the user pool."""

from uuid import uuid4

from botocore.exceptions import ClientError

from verify.question_context import QuestionContext
from verify.verification_report import QuestionAnswer, Verdict


def code_for_no_account(context: QuestionContext) -> QuestionAnswer:
    """Ask for the code of an address that nobody signed up with, so that no mail is sent."""
    client_id = context.target.outputs["user_pool_client_id"]
    address = f"nobody-{uuid4().hex}@example.com"
    try:
        answer = context.target.unsigned_cognito.resend_confirmation_code(ClientId=client_id, Username=address)
    except ClientError as error:
        return QuestionAnswer(f"it is refused with {error.response['Error']['Code']}", Verdict.OTHER)
    is_simulated = "CodeDeliveryDetails" in answer
    said = f"it answers {'as if a code was sent' if is_simulated else 'without a place that a code was sent to'}"
    return QuestionAnswer(said, Verdict.EXPECTED if is_simulated else Verdict.OTHER)
