# Sends an event to a room of a cluster with a plain client of Redis, knowing nothing but PROTOCOL.md.
import json
import sys
from functools import partial

import redis

redis.Redis = partial(redis.Redis, port=int(sys.argv[1]))


def main():
    head = {"v": 1, "node": "cron-77", "kind": "room", "rooms": ["lobby"]}
    envelope = {"eventName": "news", "payload": {"text": "Lunch is ready."}}
    redis.Redis().publish("zap.room.lobby", json.dumps(head) + "\n" + json.dumps(envelope))


main()
