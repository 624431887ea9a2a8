"""The prose of docs/costs.md."""

HEAD = """
# What does a million orders cost on AWS?

`make cost` writes this page. It places orders on the local run that is up, and counts what
AWS would bill. It multiplies that with list prices of {region} as of {as_of}, without free
tiers. Log levels, tracing and keys are those of `{environment}` in `environments.toml`. Costs
that depend on time are divided by an assumed rate of {orders_a_second} order a second. The
goals are the team's own.
"""

COUNTING = """
## How it is counted

- **Counts are of what was executed.** The emulator counts while it works
  (`emulator/ministack/metering.py`). Orders are placed until {alike} of them used the same. For an
  order without live updates, the same run works without them for a moment.
- **Each order is alone.** Each hint is a batch of its own, and so is each change. Batches make busy
  systems cheaper ([what if](#what-if)).
- **API**: each query or mutation is one operation, whatever it resolves.
- **Live updates**: a customer who watches connects (1 update), subscribes (1) and hears each change
  (1 for each 5 kB). The page stays open for {minutes} minutes.
- **The visit before** isn't in the table. Before a customer orders, the page reads restaurants, a
  menu and perhaps orders. Each of these queries costs 4 USD for a million visits.
- **Without live updates the page asks** a second after placing, and a second after each change. So
  it asks twice about an order that takes up to two seconds. It also asks each minute while it shows
  an order that isn't finished, and when the customer comes back: 60 USD for a million orders whose
  change window of 15 minutes is watched to its end. The table has no change window.
- **Tables**: write units of 1 kB, an index's too (moving a row within an index is two); read units
  of 4 kB, double in transactions. Lambda reads the stream for nothing.
- **Queue**: send, receive and delete, in units of 64 kB.
- **Functions** (estimate): AWS bills milliseconds, which a laptop doesn't know. The estimate is the
  processor time here × 1769 MB / memory, because 1769 MB are one processor. The order that took the
  least time counts. Each call of DynamoDB adds 10 ms, and each call of another service 30 ms. Cold
  starts aren't counted.
- **Workflow, EXPRESS**: executions and GB-seconds. The estimate is 25 ms a state and the function's
  time, in steps of 100 ms and 64 MB.
- **Workflow, STANDARD**: transitions, which the emulator counts too: one for the start and one for
  each state.
- **Logs**: the bytes of each line and 26 for each event. The emulator doesn't write Lambda's own
  two lines for each invocation, nor AppSync's five entries for each request. Samples of them are
  added (estimate; `local/costs/aws_log_lines.py`).
- **KMS** (estimate): services cache data keys, so most requests depend on time ([requests to
  KMS](#requests-to-kms)).
- **Not counted**: what is stored (rows, logs, objects), data that leaves AWS, CloudFront, retries
  and whatever goes wrong.
- **Cognito's active users aren't counted either.** It bills each customer who was active in a
  month. The Plus plan, which `threat_protection` needs, has no free ones.
"""

LEVERS = """
## What made it cheaper

For a million orders that are watched:
"""

WHAT_IF = """
## What if

A million orders, EXPRESS, one thing changed at a time. X-Ray records the first request of each
second and 5 % of the others. So an order costs more when fewer orders come a second.

`{environment}` has more switched on than the tables count:

- Its change window is one more run of `announce`. With live updates it is also one more
  `publishOrder` and one more update: about 7 USD.
- `open_orders_limit` is one more query, of at most 100 rows.
- The firewall is a line below.
"""

IDLE = """
## A month in which nobody orders

The resources of `{environment}` as synthesized, and what the functions that run each minute use.
The metrics are those that the functions wrote on this run. The state bucket's key costs a dollar
more.
"""

KEYS = """
## Requests to KMS

The local run makes no requests to KMS. So AWS's rules are applied to the roles and log groups of
`{environment}`. Each role is assumed to use all that it may use, in each period. The column
"always" counts what goes on without orders; the month above includes it. AWS says that there may be
more requests than its formulas give, because its services are distributed.

- Lambda decrypts a function's variables at each cold start. {starts} of the runs are assumed to be
  cold starts; AWS says "under 1 %" ([Lambda, execution
  environments](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html)).
- Buckets have bucket keys, and an order that goes well writes to none ([S3, bucket
  keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html)).
"""

PRICES = """
## Prices

From `local/costs/prices.toml`: list prices in {region} as of {as_of}. AWS's own pages
couldn't be opened when the prices were collected, so "read in" names the text that each was
read in. Compare the prices before you rely on them.
"""
