def ship(event, context):
    return {"customer": event["customer"], "placedAt": event["placedAt"]}


def print_label(event, context):
    for record in event["Records"]:
        print("label for message", record["messageId"])
