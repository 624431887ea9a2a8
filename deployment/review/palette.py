"""The diagrams' colours, in the light and in the dark."""

PAPER, WASH, INK, MUTED = "#ffffff", "#f3f5f8", "#1f2328", "#59636e"
# AWS's own colours of its categories of services.
INTEGRATION, COMPUTE, DATABASE, STORAGE, SECURITY = "#e7157b", "#ed7100", "#c925d1", "#7aa116", "#dd344c"
COLOURS = {
    "AppSync": INTEGRATION,
    "Cognito": SECURITY,
    "DynamoDB": DATABASE,
    "EventBridge Scheduler": INTEGRATION,
    "IAM": SECURITY,
    "KMS": SECURITY,
    "Lambda": COMPUTE,
    "S3": STORAGE,
    "SNS": INTEGRATION,
    "SQS": INTEGRATION,
    "Step Functions": INTEGRATION,
}
# What flows by itself is drawn firmly, what may be done thinly, what is only mentioned in dots.
LINES = {
    "event": {"color": INK, "penwidth": "1.8"},
    "grant": {"color": MUTED, "penwidth": "1.1"},
    "reference": {"color": MUTED, "penwidth": "1.1", "style": "dotted"},
}
# Style sheets win over the attributes that Graphviz writes, which are the light look.
STYLE = """\
text { font-family: Helvetica, Arial, sans-serif }
.small { fill: #59636e }
@media (prefers-color-scheme: dark) {
  .graph > polygon { fill: #0d1117 }
  .service > path { fill: #161b22; stroke: #30363d }
  .noun > path { fill: #0d1117 }
  text { fill: #9198a1 }
  .noun text { fill: #f0f6fc }
  .noun .small { fill: #9198a1 }
  .event path, .event polygon { stroke: #d1d9e0 }
  .event polygon { fill: #d1d9e0 }
  .grant path, .grant polygon, .reference path, .reference polygon { stroke: #7d8590 }
  .grant polygon, .reference polygon { fill: #7d8590 }
}"""


def colour_of(service: str) -> str:
    """The border of the service's nodes."""
    return COLOURS.get(service, MUTED)
