"""AppSync's real-time endpoint: subscriptions over WebSockets.

Source: AppSync developer guide, "Building a real-time WebSocket client" and "Using subscriptions".
"""
