// SPDX-License-Identifier: Apache-2.0
// Reads typed data (eth_signTypedData_v4's argument) from standard input, signs it with the key of the first
// argument, and prints the digest and the signature. Run by Eip712InteropTests.
import { TypedDataEncoder, Wallet } from 'ethers';
import { readFileSync } from 'node:fs';

const { types, domain, message } = JSON.parse(readFileSync(0, 'utf8'));
delete types.EIP712Domain; // ethers derives it from the domain
const wallet = new Wallet(process.argv[2]);
console.log(JSON.stringify({
  digest: TypedDataEncoder.hash(domain, types, message),
  signature: await wallet.signTypedData(domain, types, message),
  address: wallet.address,
}));
