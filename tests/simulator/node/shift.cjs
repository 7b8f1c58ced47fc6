// What Google's Node client sees and does: lists, shifts, waits, and meets a refusal. Prints one JSON object.
"use strict";

const { ServicesClient, RevisionsClient } = require("@google-cloud/run").v2;
const { credentials } = require("@grpc/grpc-js");

async function main([port, parent, service, stable, canary]) {
  const options = {
    apiEndpoint: "127.0.0.1",
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  };
  const services = new ServicesClient(options);
  const revisions = new RevisionsClient(options);
  const [listed] = await services.listServices({ parent });
  const [found] = await revisions.listRevisions({ parent: service });
  const type = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
  const [operation] = await services.updateService({
    service: {
      name: service,
      traffic: [
        { type, revision: stable, percent: 60 },
        { type, revision: canary, percent: 40, tag: "node" },
      ],
    },
    updateMask: { paths: ["traffic"] },
  });
  const [served] = await operation.promise();
  const refusal = await services.getService({ name: `${parent}/services/nope` }).catch((error) => error);
  console.log(
    JSON.stringify({
      services: listed.map((each) => each.name),
      revisions: found.map((each) => each.name),
      serving: served.trafficStatuses.map((each) => [each.revision, each.percent, each.tag]),
      refusal: { code: refusal.code, details: refusal.details },
    }),
  );
  await Promise.all([services.close(), revisions.close()]);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
