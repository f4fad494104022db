// SPDX-License-Identifier: Apache-2.0
// A withdrawal that is paid once, whatever is lost on the way, and however often this is run.
//
//   node withdraw.ts --node HOST:PORT[,HOST:PORT] --genesis HASH --keystore FILE --password-file FILE
//     --journal FILE --request-id UUID --asset SYMBOL --to 0x… --amount ATOMIC [--tag N] [--patience SECONDS]
//     [--valid-for SECONDS] [--tls-ca FILE] [--api-key-file FILE]
//
// It ends with 0 when the payment is final, with 6 when it was refused and never will be, and with 7 while
// nobody can say: then it is run again, with the same words. Any other end says nothing of the payment. It
// never signs a second time for one request id. --fault NAME asks a sandbox to go wrong at the first
// attempt.

import * as fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { Wallet } from "ethers";
import { bytes, hash, hex, Journal, message, Node, pause, refusalOf } from "./ledger.ts";
import { access, isCallError, requireNetwork, run, Words } from "./words.ts";

/**
 * What is signed, before it is sent; and what became of it. The request id is its 16 bytes: a UUID has more
 * than one spelling.
 */
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

const day = 24n * 3_600n;
let words: Words;
let nodes: Node[];
let genesis: Buffer;
let requestId: Buffer;
let journal: Journal<Line>;
let patienceMs: number;
let validForMs: number;

async function withdraw(payment: Payment): Promise<Outcome> {
  const mine = [...ofRequest()];
  const known = mine.find((line): line is Signed => "body" in line);
  const done = mine.find((line) => "outcome" in line);
  if (known && JSON.stringify(known.payment) !== JSON.stringify(payment)) {
    throw new Error(`IDEMPOTENCY_CONFLICT: ${hex(requestId)} stands for another payment`);
  }

  if (known && idOf(bytes(known.body)) !== known.transactionId) {
    throw new Error(`${hex(requestId)} was signed for another network than --genesis`);
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

function* ofRequest(): Generator<Line> {
  for (const line of journal.lines()) {
    if (line.requestId === hex(requestId)) {
      yield line;
    }
  }
}

const idOf = (body: Uint8Array): string => hex(hash(0x11, genesis, body));

/** Signs once, and has the bytes on the disk before anybody sees them. */
async function sign(payment: Payment): Promise<Signed> {
  const network = await requireNetwork(nodes[0], genesis);
  const keystore = fs.readFileSync(words.get("keystore"), "utf8");
  const password = fs.readFileSync(words.get("password-file"), "utf8").trim();
  const wallet = await Wallet.fromEncryptedJson(keystore, password);
  const sender = bytes(wallet.address);
  const used = await nodes[0].transactions<any>("getTransactionByRequestId", { sender, requestId });
  requireOurs(used.status, "");
  const { next } = await nodes[0].queries<any>("getNonce", { sender });
  const validUntilMs = String(Date.now() + validForMs);
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
  requireSays(body, payment, sender, next, validUntilMs);
  const signature = await wallet.signTypedData(
    { name: "TokenLedger", version: "1", chainId: network.chainId, salt: genesis },
    { LedgerTransaction: [{ name: "body", type: "bytes" }] },
    { body },
  );
  const signed: Signed = {
    requestId: hex(requestId),
    payment,
    transactionId: idOf(body),
    body: hex(body),
    signature: hex(bytes(signature)),
    validUntilMs,
    signedAtHeight: network.asOfHeight,
  };
  journal.append(signed);
  return signed;
}

/** The library writes a number that does not fit cut to its bits: what is signed is read again first. */
function requireSays(body: Uint8Array, payment: Payment, sender: Buffer, nonce: string, until: string): void {
  const read = message("tokenledger.ledger.v1.Transaction").deserialize(Buffer.from(body));
  const [operation, ...more] = read.operations;
  const { asset, to, amount, tag } = operation.transfer;
  const says = [
    hex(read.sender), read.nonce, read.validUntilMs, hex(read.requestId), asset, hex(to), amount, tag,
  ];
  const meant = [
    hex(sender), nonce, until, hex(requestId), payment.asset, payment.to, payment.amount, payment.tag,
  ];
  if (more.length || !isDeepStrictEqual(says, meant)) {
    throw new Error(`the body says ${says.join(" ")}, not ${meant.join(" ")}: nothing was signed`);
  }
}

/** Sends the same bytes until somebody says what became of them, or the patience ends. */
async function settle(signed: Signed, sentBefore: boolean): Promise<Outcome> {
  const transaction = { body: bytes(signed.body), signature: bytes(signed.signature) };
  const transactionId = bytes(signed.transactionId);
  const end = Date.now() + patienceMs;
  let doubt = sentBefore;
  for (let attempt = 0; ; attempt++) {
    const node = nodes[attempt % nodes.length];
    const fault = attempt === 0 ? words.get("fault") : "";
    let why: grpc.ServiceError | undefined;
    try {
      await node.transactions("submitTransaction", { transaction }, 5_000, fault);
      doubt = true;
      const final = await node.transactions<any>("waitFinal", { transactionId }, 10_000);
      const outcome = outcomeOf(final.status);
      if (outcome) {
        return outcome;
      }
    } catch (error) {
      if (!isCallError(error)) {
        throw error;
      }

      why = error;
      const refusal = refusalOf(error);
      if (refusal?.reason === "IDEMPOTENCY_CONFLICT") {
        throw new Error(`IDEMPOTENCY_CONFLICT: ${hex(requestId)} is in use, and not in this journal`);
      }

      console.error(`${node.address}: ${refusal?.reason ?? grpc.status[error.code]}`);
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

    await pause(attempt, why);
    const other = nodes[(attempt + 1) % nodes.length];
    const outcome = await ask(other, signed).catch((error) => {
      if (!isCallError(error)) {
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
  await requireNetwork(node, genesis);
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
    throw new Error(`IDEMPOTENCY_CONFLICT: ${hex(requestId)} is in use, and not in this journal`);
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

await run(async () => {
  words = new Words(
    ["node", "genesis", "keystore", "password-file", "journal", "request-id", "asset", "to", "amount"],
    ["tag", "patience", "valid-for", "fault", ...access],
  );
  [nodes, genesis, requestId] = [words.nodes(), words.hash("genesis"), words.requestId("request-id")];
  patienceMs = 1_000 * Number(words.number("patience", 30n, day));
  // Ten minutes: an outcome stays unknown no longer.
  validForMs = 1_000 * Number(words.number("valid-for", 600n, 7n * day));
  const payment = {
    asset: words.asset("asset"),
    to: hex(words.address("to")),
    amount: words.amount("amount"),
    tag: String(words.number("tag", 0n)),
  };
  journal = await Journal.open<Line>(words.get("journal"));
  const outcome = await withdraw(payment);
  console.log(JSON.stringify({ requestId: words.get("request-id"), ...outcome }));
  return { final: 0, refused: 6, unknown: 7 }[outcome.outcome];
});
