// SPDX-License-Identifier: Apache-2.0
// What the four programs share: connections made from the published schema, the three kinds of an answer,
// and a book that a kill cannot tear.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as loader from "@grpc/proto-loader";

const schema = process.env.TL_PROTO ?? fileURLToPath(new URL("../../../proto", import.meta.url));

// 64-bit numbers as strings: JavaScript rounds above 2^53, and tags have 64 bits.
const definition = loader.loadSync(
  [
    "tokenledger/ledger/v1/transaction_service.proto",
    "tokenledger/ledger/v1/query_service.proto",
    "tokenledger/ledger/v1/event.proto",
    "google/rpc/status.proto",
    "google/rpc/error_details.proto",
  ],
  { includeDirs: [schema], longs: String, enums: String, defaults: true, oneofs: true },
);

const services = grpc.loadPackageDefinition(definition) as any;
const { TransactionService, QueryService, EventService } = services.tokenledger.ledger.v1;

/** Reads or writes a message of the schema by itself, as it is signed or stands in an error's details. */
export function message(name: string): loader.MessageTypeDefinition<object, any> {
  return definition[name] as loader.MessageTypeDefinition<object, any>;
}

/** One node's services. A connection that died without a word is noticed by its pings. */
export class Node {
  readonly address: string;
  readonly #clients: Record<string, any>;

  constructor(address: string) {
    this.address = address;
    const options = { "grpc.keepalive_time_ms": 10_000, "grpc.keepalive_timeout_ms": 5_000 };
    const credentials = grpc.credentials.createInsecure();
    this.#clients = {
      transactions: new TransactionService(address, credentials, options),
      queries: new QueryService(address, credentials, options),
      events: new EventService(address, credentials, options),
    };
  }

  transactions<T>(method: string, request: object, timeoutMs?: number, metadata?: grpc.Metadata): Promise<T> {
    return this.#unary("transactions", method, request, timeoutMs, metadata);
  }

  queries<T>(method: string, request: object): Promise<T> {
    return this.#unary("queries", method, request);
  }

  subscribe(request: object, metadata?: grpc.Metadata): grpc.ClientReadableStream<any> {
    return this.#clients.events.subscribe(request, metadata ?? new grpc.Metadata());
  }

  #unary<T>(service: string, method: string, request: object, timeoutMs = 5_000, metadata?: grpc.Metadata) {
    return new Promise<T>((resolve, reject) => {
      this.#clients[service][method](
        request,
        metadata ?? new grpc.Metadata(),
        { deadline: Date.now() + timeoutMs },
        (error: grpc.ServiceError | null, answer: T) => (error ? reject(error) : resolve(answer)),
      );
    });
  }
}

/**
 * What a node says about a failed call; undefined when the call failed on its way. Only with
 * metadata.retriable is it the ledger's own verdict on a transaction: "false" for one that it will never
 * take.
 */
export interface Refusal {
  reason: string;
  metadata: Record<string, string>;
}

export function refusalOf(error: grpc.ServiceError): Refusal | undefined {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(bytes)) {
    return undefined;
  }

  for (const detail of message("google.rpc.Status").deserialize(bytes).details) {
    if (detail.type_url.endsWith("/google.rpc.ErrorInfo")) {
      const info = message("google.rpc.ErrorInfo").deserialize(detail.value);
      return info.domain === "tokenledger" ? info : undefined;
    }
  }

  return undefined;
}

/** 200 ms, and twice as long each time, up to ten seconds. */
export function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 200 * 2 ** attempt)));
}

/**
 * A file of one JSON object a line. What `append` has returned from is on the disk; a line that a kill tore
 * was never finished, and is cut off by the next run. One process at a time.
 */
export class Journal<T> {
  readonly lines: T[];
  readonly #file: number;

  constructor(path: string) {
    this.#file = fs.openSync(path, "a");
    const { whole, lines } = Journal.read<T>(path);
    fs.ftruncateSync(this.#file, whole);
    this.lines = lines;
  }

  /** Reads what is whole, also while another process appends, and changes nothing. */
  static read<T>(path: string): { whole: number; lines: T[] } {
    const text = fs.readFileSync(path);
    const whole = text.lastIndexOf("\n") + 1;
    const lines = text.subarray(0, whole).toString("utf8").split("\n").filter(Boolean);
    return { whole, lines: lines.map((line) => JSON.parse(line)) };
  }

  append(line: T): void {
    fs.writeSync(this.#file, JSON.stringify(line) + "\n");
    fs.fdatasyncSync(this.#file);
    this.lines.push(line);
  }
}

/** --name VALUE pairs; the names with a default may be left out. */
export function options<N extends string>(names: readonly N[], defaults: Partial<Record<N, string>> = {}) {
  const known = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const given = { ...defaults, ...parseArgs({ options: known }).values } as Record<N, string>;
  for (const name of names) {
    if (given[name] === undefined) {
      console.error(`--${name} is missing. It takes: ${names.map((each) => `--${each}`).join(" ")}`);
      process.exit(2);
    }
  }

  return given;
}

export const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/^0x/, ""), "hex");

export const hex = (raw: Uint8Array): string => Buffer.from(raw).toString("hex");

/** SHA-256 over a tag byte and the parts: no bytes have two meanings. */
export function hash(tag: number, ...parts: Uint8Array[]): Buffer {
  const sha = createHash("sha256").update(Uint8Array.of(tag));
  parts.forEach((part) => sha.update(part));
  return sha.digest();
}
