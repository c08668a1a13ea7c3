import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    # The customer comes from the query string: without an authoriser on this
    # route, anybody may ask for anybody's orders.
    customer = event["queryStringParameters"]["customer"]
    found = table.query(
        KeyConditionExpression="customer = :c",
        ExpressionAttributeValues={":c": customer},
    )
    return {"statusCode": 200, "body": json.dumps(found["Items"], default=str)}
