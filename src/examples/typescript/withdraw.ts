// SPDX-License-Identifier: Apache-2.0
// A withdrawal that is paid once, whatever is lost on the way, and however often this is run.
//
//   node withdraw.ts --node HOST:PORT[,HOST:PORT] --genesis HASH --keystore FILE --password-file FILE
//     --journal FILE --request-id UUID --asset SYMBOL --to 0x… --amount ATOMIC [--tag N] [--patience SECONDS]
//     [--valid-for SECONDS]
//
// It ends with 0 when the payment is final, with 6 when it was refused and never will be, and with 7 while
// nobody can say: then it is run again, with the same words. Any other end says nothing of the payment. It
// never signs a second time for one request id. --fault NAME asks a sandbox to go wrong at the first
// attempt.

import * as fs from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { Wallet } from "ethers";
import { bytes, hash, hex, Journal, message, Node, options, pause, refusalOf } from "./ledger.ts";

/** What is signed, before it is sent; and what became of it. */
type Line = Signed | { requestId: string; outcome: Outcome };

interface Signed {
  requestId: string;
  payment: Payment;
  transactionId: string;
  body: string;
  signature: string;
  validUntilMs: string;
  /** The newest final block then: a node that knows the blocks since knows whether it was included. */
  signedAtHeight: string;
}

interface Payment {
  asset: string;
  to: string;
  amount: string;
  tag: string;
}

interface Outcome {
  outcome: "final" | "refused" | "unknown";
  code?: string;
  height?: string;
}

const given = options(
  ["node", "genesis", "keystore", "password-file", "journal", "request-id", "asset", "to", "amount", "tag",
    "patience", "valid-for", "fault"],
  // Ten minutes: an outcome stays unknown no longer.
  { tag: "0", patience: "30", "valid-for": "600", fault: "" },
);
const nodes = given.node.split(",").map((address) => new Node(address));
const genesis = bytes(given.genesis);
const requestId = bytes(given["request-id"].replaceAll("-", ""));
const journal = new Journal<Line>(given.journal);

async function main(): Promise<Outcome> {
  const mine = journal.lines.filter((line) => line.requestId === hex(requestId));
  const known = mine.find((line): line is Signed => "body" in line);
  const done = mine.find((line) => "outcome" in line);
  const payment = { asset: given.asset, to: hex(bytes(given.to)), amount: given.amount, tag: given.tag };
  if (known && JSON.stringify(known.payment) !== JSON.stringify(payment)) {
    throw new Error(`IDEMPOTENCY_CONFLICT: ${given["request-id"]} stands for another payment`);
  }

  if (done && "outcome" in done) {
    return done.outcome;
  }

  const signed = known ?? (await sign(payment));
  const outcome = await settle(signed, known !== undefined);
  if (outcome.outcome !== "unknown") {
    journal.append({ requestId: hex(requestId), outcome });
  }

  return outcome;
}

/** Signs once, and has the bytes on the disk before anybody sees them. */
async function sign(payment: Payment): Promise<Signed> {
  const network = await nodes[0].queries<any>("getNetwork", {});
  if (!genesis.equals(network.genesisHash)) {
    throw new Error(`${nodes[0].address} is of network ${hex(network.genesisHash)}, not of ${given.genesis}`);
  }

  const keystore = fs.readFileSync(given.keystore, "utf8");
  const password = fs.readFileSync(given["password-file"], "utf8").trim();
  const wallet = await Wallet.fromEncryptedJson(keystore, password);
  const sender = bytes(wallet.address);
  const used = await nodes[0].transactions<any>("getTransactionByRequestId", { sender, requestId });
  requireOurs(used.status, "");
  const { next } = await nodes[0].queries<any>("getNonce", { sender });
  const validUntilMs = String(Date.now() + 1_000 * Number(given["valid-for"]));
  // A field with its default value is left out: this library would write one that is set, and the ledger
  // takes only the one shortest form (NOT_CANONICAL).
  const body = message("tokenledger.ledger.v1.Transaction").serialize({
    sender,
    ...(next === "0" ? {} : { nonce: next }),
    validUntilMs,
    requestId,
    operations: [
      {
        transfer: {
          asset: payment.asset,
          to: bytes(payment.to),
          amount: payment.amount,
          ...(payment.tag === "0" ? {} : { tag: payment.tag }),
        },
      },
    ],
  });
  const signature = await wallet.signTypedData(
    { name: "TokenLedger", version: "1", chainId: network.chainId, salt: genesis },
    { LedgerTransaction: [{ name: "body", type: "bytes" }] },
    { body },
  );
  const signed: Signed = {
    requestId: hex(requestId),
    payment,
    transactionId: hex(hash(0x11, genesis, body)),
    body: hex(body),
    signature: hex(bytes(signature)),
    validUntilMs,
    signedAtHeight: network.asOfHeight,
  };
  journal.append(signed);
  return signed;
}

/** Sends the same bytes until somebody says what became of them, or the patience ends. */
async function settle(signed: Signed, sentBefore: boolean): Promise<Outcome> {
  const transaction = { body: bytes(signed.body), signature: bytes(signed.signature) };
  const transactionId = bytes(signed.transactionId);
  const end = Date.now() + 1_000 * Number(given.patience);
  let doubt = sentBefore;
  for (let attempt = 0; ; attempt++) {
    const node = nodes[attempt % nodes.length];
    const metadata = new grpc.Metadata();
    if (attempt === 0 && given.fault) {
      metadata.set("tl-sandbox-fault", given.fault);
    }

    try {
      await node.transactions("submitTransaction", { transaction }, 5_000, metadata);
      doubt = true;
      const final = await node.transactions<any>("waitFinal", { transactionId }, 10_000);
      const outcome = outcomeOf(final.status);
      if (outcome) {
        return outcome;
      }
    } catch (error) {
      const refusal = refusalOf(error as grpc.ServiceError);
      if (refusal?.reason === "IDEMPOTENCY_CONFLICT") {
        throw new Error(`IDEMPOTENCY_CONFLICT: ${given["request-id"]} is in use, and not in this journal`);
      }

      console.error(`${node.address}: ${refusal?.reason ?? (error as Error).message}`);
      const verdict = refusal?.metadata.retriable;
      if (refusal && verdict === "false" && !doubt) {
        // Nobody took these bytes, and nobody will.
        return { outcome: "refused", code: refusal.reason };
      }

      // Whatever is no verdict says nothing: it may have been taken.
      doubt ||= verdict === undefined;
    }

    if (Date.now() >= end) {
      return { outcome: "unknown" };
    }

    await pause(attempt);
    const other = nodes[(attempt + 1) % nodes.length];
    const outcome = await ask(other, signed).catch((error) => {
      if (!("code" in error)) {
        throw error;
      }
    });
    if (outcome) {
      return outcome;
    }
  }
}

/** Asks by request id; once a block is later than the validity, what is not in the ledger never will be. */
async function ask(node: Node, signed: Signed): Promise<Outcome | undefined> {
  const sender = message("tokenledger.ledger.v1.Transaction").deserialize(bytes(signed.body)).sender;
  const before = await node.queries<any>("getNodeStatus", {});
  const known = await node.transactions<any>("getTransactionByRequestId", { sender, requestId });
  requireOurs(known.status, signed.transactionId);
  const outcome = outcomeOf(known.status);
  if (outcome || BigInt(before.blockTimeMs) <= BigInt(signed.validUntilMs)) {
    return outcome;
  }

  // The ledger forgets a request id when its time has passed; the transaction itself it never forgets. A
  // node that began with a later state does not know it.
  const last = await node.transactions<any>("getTransaction", { transactionId: bytes(signed.transactionId) });
  const blocksAreHere = BigInt(before.oldestBlockHeight) <= BigInt(signed.signedAtHeight) + 1n;
  return outcomeOf(last.status) ?? (blocksAreHere ? { outcome: "refused", code: "EXPIRED" } : undefined);
}

/**
 * What another journal signed under this request id may be paid, and is nothing that this one can answer
 * for.
 */
function requireOurs(status: any, transactionId: string): void {
  if (status?.transactionId.length && hex(status.transactionId) !== transactionId) {
    throw new Error(`IDEMPOTENCY_CONFLICT: ${given["request-id"]} is in use, and not in this journal`);
  }
}

function outcomeOf(status: any): Outcome | undefined {
  switch (status?.state) {
    case "TRANSACTION_STATE_SUCCEEDED":
      return { outcome: "final", height: status.height };
    case "TRANSACTION_STATE_FAILED":
      // Final as well: nothing moved, and nothing ever will.
      return { outcome: "refused", code: status.refusal.code, height: status.height };
    case "TRANSACTION_STATE_EXPIRED":
      return { outcome: "refused", code: "EXPIRED" };
    case "TRANSACTION_STATE_REPLACED":
      return { outcome: "refused", code: "NONCE_USED" };
    default:
      return undefined;
  }
}

const outcome = await main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
console.log(JSON.stringify({ requestId: given["request-id"], ...outcome }));
process.exit({ final: 0, refused: 6, unknown: 7 }[outcome.outcome]);
