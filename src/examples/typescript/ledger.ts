// SPDX-License-Identifier: Apache-2.0
// What the four programs share: connections made from the published schema, the three kinds of an answer,
// and a book that a kill cannot tear.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import { fileURLToPath } from "node:url";
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
  readonly #key?: string;

  /** In cleartext without authorities; as nobody without a key. */
  constructor(address: string, authorities?: Buffer, key?: string) {
    this.address = address;
    this.#key = key;
    const options = { "grpc.keepalive_time_ms": 10_000, "grpc.keepalive_timeout_ms": 5_000 };
    const credentials = authorities
      ? grpc.credentials.createSsl(authorities)
      : grpc.credentials.createInsecure();
    this.#clients = {
      transactions: new TransactionService(address, credentials, options),
      queries: new QueryService(address, credentials, options),
      events: new EventService(address, credentials, options),
    };
  }

  transactions<T>(method: string, request: object, timeoutMs?: number, fault?: string): Promise<T> {
    return this.#unary("transactions", method, request, timeoutMs, fault);
  }

  queries<T>(method: string, request: object): Promise<T> {
    return this.#unary("queries", method, request);
  }

  subscribe(request: object, fault: string): grpc.ClientReadableStream<any> {
    return this.#clients.events.subscribe(request, this.#metadata(fault));
  }

  /** Who calls, and what --fault asks of a sandbox for one call. */
  #metadata(fault?: string): grpc.Metadata {
    const metadata = new grpc.Metadata();
    if (this.#key) {
      metadata.set("authorization", `Bearer ${this.#key}`);
    }

    if (fault) {
      metadata.set("tl-sandbox-fault", fault);
    }

    return metadata;
  }

  #unary<T>(service: string, method: string, request: object, timeoutMs = 5_000, fault?: string) {
    return new Promise<T>((resolve, reject) => {
      this.#clients[service][method](
        request,
        this.#metadata(fault),
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
  const info = detailOf(error, "google.rpc.ErrorInfo");
  return info?.domain === "tokenledger" ? info : undefined;
}

function detailOf(error: grpc.ServiceError, name: string): any {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(bytes)) {
    return undefined;
  }

  const { details } = message("google.rpc.Status").deserialize(bytes);
  const found = details.find((detail: any) => detail.type_url.endsWith(`/${name}`));
  return found && message(name).deserialize(found.value);
}

/** 200 ms, and twice as long each time, up to ten seconds; and never before the time that a node named. */
export function pause(attempt: number, after?: grpc.ServiceError): Promise<void> {
  const delay = after && detailOf(after, "google.rpc.RetryInfo")?.retryDelay;
  const asked = delay ? 1_000 * Number(delay.seconds) + delay.nanos / 1e6 : 0;
  const own = Math.min(10_000, 200 * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.max(own, asked)));
}

/**
 * A file of one JSON object a line. What `append` has returned from is on the disk; a line that a kill tore
 * was never finished, and is cut off by the next run. It is read line by line: a book may be larger than
 * memory.
 */
export class Journal<T> {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
    fs.ftruncateSync(file, whole(file));
  }

  /** One process at a time: a name that lives as long as the process says that it has the file. */
  static async open<T>(path: string): Promise<Journal<T>> {
    const file = fs.openSync(path, "a+");
    const name = `\0tokenledger-journal-${hash(0, Buffer.from(fs.realpathSync(path))).toString("hex")}`;
    await new Promise<void>((resolve, reject) => {
      const server = net.createServer().listen({ path: name }, resolve);
      server.on("error", () => reject(new Error(`another process has ${path}`)));
      server.unref();
    });
    return new Journal<T>(file);
  }

  /** Reads what is whole, also while another process appends, and changes nothing. */
  static *read<T>(path: string): Generator<T> {
    yield* lines<T>(fs.openSync(path, "r"));
  }

  /** What stands in it now, oldest first. */
  lines(): Generator<T> {
    return lines<T>(this.#file);
  }

  append(line: T): void {
    // A call may write a part only.
    for (let rest = Buffer.from(JSON.stringify(line) + "\n"); rest.length; ) {
      rest = rest.subarray(fs.writeSync(this.#file, rest));
    }

    fs.fdatasyncSync(this.#file);
  }
}

/** Bytes up to the end of the last whole line. */
function whole(file: number): number {
  const byte = Buffer.alloc(1);
  for (let end = fs.fstatSync(file).size; end > 0; end--) {
    fs.readSync(file, byte, 0, 1, end - 1);
    if (byte[0] === 10) {
      return end;
    }
  }

  return 0;
}

function* lines<T>(file: number): Generator<T> {
  const end = whole(file);
  let rest = Buffer.alloc(0);
  for (let at = 0; at < end; ) {
    const chunk = Buffer.alloc(Math.min(65_536, end - at));
    const read = fs.readSync(file, chunk, 0, chunk.length, at);
    at += read;
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
    for (let stop = rest.indexOf(10); stop >= 0; stop = rest.indexOf(10)) {
      yield JSON.parse(rest.subarray(0, stop).toString("utf8"));
      rest = rest.subarray(stop + 1);
    }
  }
}

export const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/^0x/, ""), "hex");

export const hex = (raw: Uint8Array): string => Buffer.from(raw).toString("hex");

/** SHA-256 over a tag byte and the parts: no bytes have two meanings. */
export function hash(tag: number, ...parts: Uint8Array[]): Buffer {
  const sha = createHash("sha256").update(Uint8Array.of(tag));
  parts.forEach((part) => sha.update(part));
  return sha.digest();
}
