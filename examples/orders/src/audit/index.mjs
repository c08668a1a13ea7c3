export async function handler(event) {
  for (const record of event.Records ?? []) console.log("audit", record.Sns?.MessageId);
}
