// SPDX-License-Identifier: Apache-2.0
// Reads a keystore from standard input, opens it with the password of the first argument, and prints its address and
// a keystore of its own for the same key. Run by KeystoreInteropTests.
import { Wallet, encryptKeystoreJsonSync } from 'ethers';
import { readFileSync } from 'node:fs';

const wallet = Wallet.fromEncryptedJsonSync(readFileSync(0, 'utf8'), process.argv[2]);
const keystore = encryptKeystoreJsonSync(wallet, process.argv[2], { scrypt: { N: 1024 } });
console.log(JSON.stringify({ address: wallet.address, keystore }));
