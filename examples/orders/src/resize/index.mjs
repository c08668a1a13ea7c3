import { execSync } from "node:child_process";
import { S3Client, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { readFileSync, writeFileSync } from "node:fs";

const s3 = new S3Client();

export async function handler(event) {
  for (const record of event.Records) {
    const bucket = record.s3.bucket.name;
    const key = decodeURIComponent(record.s3.object.key.replace(/\+/g, " "));
    const picture = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    writeFileSync("/tmp/picture", await picture.Body.transformToByteArray());
    // The object's name reaches a shell.
    execSync(`convert /tmp/picture -resize 800x800 "/tmp/${key.split("/").pop()}"`);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `small/${key}`, Body: readFileSync("/tmp/picture") }));
  }
}
