import { createHmac, timingSafeEqual } from "node:crypto";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const bus = new EventBridgeClient();

export async function handler(event) {
  const expected = createHmac("sha256", process.env.SIGNING_SECRET).update(event.body).digest();
  const given = Buffer.from(event.headers["x-signature"] ?? "", "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { statusCode: 401, body: "" };
  }
  await bus.send(new PutEventsCommand({
    Entries: [{ EventBusName: process.env.SHOP_BUS, Source: "shop.payments", DetailType: "order.paid", Detail: event.body }],
  }));
  return { statusCode: 204, body: "" };
}
