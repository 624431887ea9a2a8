"""Limits that settings have to keep to: AWS's, and one of ours."""

# The values that CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays).
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# The regions of AWS's commercial partition (ARNs of the others don't begin with arn:aws:).
REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1"),
    *("eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("af-south-1", "il-central-1", "me-central-1", "me-south-1", "ap-east-1", "ap-east-2", "ap-south-1", "ap-south-2"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"),
    *("ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
)
# An EXPRESS execution ends after this long.
EXPRESS_SECONDS = 300
# A queue shows a message again after at least this many timeouts of the function that reads it (Lambda's guide).
VISIBILITY_TIMEOUTS = 6
# The longest that a function may run, and a queue may delay a message.
FUNCTION_SECONDS = 900
DELAY_SECONDS = 900
# How long Cognito lets a token be good: from and to.
SIGN_IN_TOKEN_MINUTES = (5, 24 * 60)
REFRESH_TOKEN_HOURS = (1, 10 * 365 * 24)
# How many resolvers one request may ask for in any environment. AppSync's own limit is 10,000. The page asks for one.
MOST_RESOLVERS = 20
