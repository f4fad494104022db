// SPDX-License-Identifier: Apache-2.0
// A program's --name VALUE pairs, and how it ends. A name that it does not know, one that comes twice, one
// that is missing and a value that is not well formed are refused before anything is done: a mistyped --tag
// is no payment without a tag.

import * as fs from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { getAddress } from "ethers";
import { bytes, hex, Node, refusalOf } from "./ledger.ts";

/** The words are wrong: nothing was done. */
export class Usage extends Error {}

/** What somebody showed does not hold. */
export class NotProved extends Error {}

/** What every program takes beside --node. */
export const access = ["tls-ca", "api-key-file"];

/** A call that failed, on its way or at the node. */
export function isCallError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && typeof (error as grpc.ServiceError).code === "number";
}

/** Ends with what main returns; with 2 for wrong words, 9 for what does not hold, 1 for all else. */
export async function run(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    if (error instanceof Usage) {
      console.error(error.message);
      process.exit(2);
    }

    if (error instanceof NotProved) {
      console.error(`not proved: ${error.message}`);
      process.exit(9);
    }

    if (isCallError(error)) {
      console.error(`${refusalOf(error)?.reason ?? grpc.status[error.code]}: ${error.details}`);
    } else {
      console.error((error as Error).message);
    }

    process.exit(1);
  }
}

export class Words {
  readonly #given = new Map<string, string>();

  constructor(required: string[], optional: string[] = []) {
    const known = [...required, ...optional];
    const given = process.argv.slice(2);
    for (let i = 0; i < given.length; i += 2) {
      const name = given[i].startsWith("--") ? given[i].slice(2) : "";
      if (!known.includes(name)) {
        throw new Usage(`'${given[i]}' is none of: ${known.map((each) => `--${each}`).join(" ")}`);
      }

      if (i + 1 === given.length || this.#given.has(name)) {
        throw new Usage(`--${name} stands once, with one value.`);
      }

      this.#given.set(name, given[i + 1]);
    }

    const missing = required.find((name) => !this.#given.has(name));
    if (missing) {
      throw new Usage(`--${missing} is missing.`);
    }
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  get(name: string, otherwise = ""): string {
    return this.#given.get(name) ?? otherwise;
  }

  /** Decimal digits, without a sign and without zeros before them. */
  number(name: string, otherwise: bigint, most = (1n << 64n) - 1n): bigint {
    if (!this.has(name)) {
      return otherwise;
    }

    const number = BigInt(this.#matching(name, /^(0|[1-9][0-9]*)$/, `is no number from 0 to ${most}`));
    if (number > most) {
      throw new Usage(`--${name} is no number from 0 to ${most}.`);
    }

    return number;
  }

  amount(name: string): string {
    return String(this.number(name, 0n, (1n << 128n) - 1n));
  }

  asset(name: string): string {
    return this.#matching(name, /^[A-Z][A-Z0-9-]{0,14}[A-Z0-9]$/, "is no asset's symbol");
  }

  /** 0x and 40 digits, all in lower case or in the case that EIP-55 asks for. */
  address(name: string): Buffer {
    const text = this.#matching(name, /^0x[0-9a-fA-F]{40}$/, "is no address");
    if (text !== text.toLowerCase() && text !== getAddress(text.toLowerCase())) {
      throw new Usage(`--${name} is no address, or its checksum is wrong.`);
    }

    return bytes(text);
  }

  hash(name: string): Buffer {
    return bytes(this.#matching(name, /^[0-9a-fA-F]{64}$/, "is no hash of 64 hexadecimal digits"));
  }

  /** The 16 bytes of a UUID, however it is spelled: in either case, with its hyphens or without any. */
  requestId(name: string): Buffer {
    const form = /^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;
    return bytes(this.#matching(name, form, "is no UUID").replaceAll("-", ""));
  }

  /**
   * --node HOST:PORT[,HOST:PORT] [--tls-ca FILE] [--api-key-file FILE]. With a file of authorities in PEM
   * the nodes speak TLS, and nobody else may vouch for them.
   */
  nodes(): Node[] {
    const addresses = this.get("node").split(",");
    const form = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):[1-9][0-9]{0,4}$/;
    if (!addresses.every((address) => form.test(address))) {
      throw new Usage("--node is no HOST:PORT[,HOST:PORT].");
    }

    const authorities = this.has("tls-ca") ? fs.readFileSync(this.get("tls-ca")) : undefined;
    if (authorities && !authorities.includes("-----BEGIN CERTIFICATE-----")) {
      throw new Usage("--tls-ca is no file of certificates in PEM.");
    }

    const here = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\]):[0-9]+$/;
    if (this.has("api-key-file") && !authorities && !addresses.every((address) => here.test(address))) {
      throw new Usage("--api-key-file goes over a network with --tls-ca only.");
    }

    const key = this.has("api-key-file")
      ? fs.readFileSync(this.get("api-key-file"), "latin1").split("\n")[0].trim()
      : undefined;
    if (key !== undefined && !/^tlk_[A-Za-z0-9_-]{43}$/.test(key)) {
      throw new Usage("--api-key-file is no file with a key: tlk_ and 43 characters.");
    }

    return addresses.map((address) => new Node(address, authorities, key));
  }

  #matching(name: string, form: RegExp, otherwise: string): string {
    const text = this.get(name);
    if (!form.test(text)) {
      throw new Usage(`--${name} ${otherwise}.`);
    }

    return text;
  }
}

/** Refuses a node of another network. */
export async function requireNetwork(node: Node, genesis: Buffer): Promise<any> {
  const network = await node.queries<any>("getNetwork", {});
  if (!genesis.equals(network.genesisHash)) {
    throw new NotProved(`the node is of network ${hex(network.genesisHash)}, not of ${hex(genesis)}`);
  }

  return network;
}
