import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const table = new DynamoDBClient();
const bus = new EventBridgeClient();

export async function handler(event) {
  const order = JSON.parse(event.body);
  const customer = event.requestContext.authorizer.claims.sub;
  const placedAt = new Date().toISOString();
  if (!Array.isArray(order.items) || order.items.length === 0) {
    return { statusCode: 400, body: "an order needs items" };
  }
  await table.send(new PutItemCommand({
    TableName: process.env.ORDERS_TABLE,
    Item: { customer: { S: customer }, placed_at: { S: placedAt }, items: { S: JSON.stringify(order.items) } },
  }));
  await bus.send(new PutEventsCommand({
    Entries: [{ EventBusName: process.env.SHOP_BUS, Source: "shop.orders", DetailType: "order.placed", Detail: JSON.stringify({ customer, placedAt }) }],
  }));
  return { statusCode: 201, body: JSON.stringify({ placedAt }) };
}
