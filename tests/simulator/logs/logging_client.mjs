// Uses the stock Node client on the log service: writes, lists with paging, refuses a bad filter, tails.
// Arguments: HOST PORT PROJECT. Prints "tailing" once the tail is asked for, and one JSON line at the end.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.COCKPIT_NODE_MODULES, "index.js"));
const { Logging } = require("@google-cloud/logging");
const { credentials } = createRequire(require.resolve("google-gax"))("@grpc/grpc-js");

const [host, port, projectId] = process.argv.slice(2);
const logging = new Logging({
  projectId,
  apiEndpoint: host,
  port: Number(port),
  sslCreds: credentials.createInsecure(),
});

const log = logging.log("node");
const resource = { type: "global" };
await log.write([
  log.entry({ resource, severity: "WARNING" }, "from node"),
  log.entry({ resource }, { message: "structured", n: 2 }),
]);
const [entries] = await logging.getEntries({
  resourceNames: [`projects/${projectId}`],
  // the client writes an entry about itself first
  filter: 'logName:"logs/node" AND NOT jsonPayload."logging.googleapis.com/diagnostic":*',
  orderBy: "timestamp asc",
  pageSize: 1,
  autoPaginate: true,
});
const listed = entries.map((entry) => entry.data);

const refused = await logging
  .getEntries({ resourceNames: [`projects/${projectId}`], filter: "thud=1" })
  .then(() => null, (error) => ({ code: error.code, details: error.details }));

const tailed = await new Promise((resolve, reject) => {
  const stream = logging.tailEntries({ filter: "severity>=ERROR" });
  stream.on("error", reject);
  stream.on("data", (response) => {
    resolve(response.entries.map((entry) => entry.data));
    stream.end();
  });
  console.log("tailing");
});
console.log(JSON.stringify({ listed, refused, tailed }));
process.exit(0);
