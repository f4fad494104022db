// SPDX-License-Identifier: Apache-2.0
// Writes transaction-digest.json with ethers' own EIP-712 encoder and signer:
//   npm install --no-save ethers@6.17.0 && node transaction-digest.mjs > transaction-digest.json
// The keys are public knowledge (keccak256 of a word); never use them.
import { TypedDataEncoder, Wallet, id, getBytes, hexlify } from 'ethers';

const types = { LedgerTransaction: [{ name: 'body', type: 'bytes' }] };
const cases = [
  { chainId: 1, genesis: '0x' + '00'.repeat(32), body: '0x', key: 'tokenledger vector 0' },
  { chainId: 8_021, genesis: '0x' + '11'.repeat(32), body: '0x00', key: 'tokenledger vector 1' },
  { chainId: 8_021, genesis: '0x' + '22'.repeat(32), body: '0x00', key: 'tokenledger vector 1' },
  { chainId: 8_022, genesis: '0x' + '11'.repeat(32), body: '0x00', key: 'tokenledger vector 1' },
  { chainId: 786, genesis: id('genesis'), body: counting(135), key: 'tokenledger vector 2' },
  { chainId: 786, genesis: id('genesis'), body: counting(136), key: 'tokenledger vector 3' },
  { chainId: 786, genesis: id('genesis'), body: counting(137), key: 'tokenledger vector 4' },
  { chainId: 4503599627370476, genesis: id('last'), body: counting(1024), key: 'tokenledger vector 5' },
];

const vectors = [];
for (const { chainId, genesis, body, key } of cases) {
  const domain = { name: 'TokenLedger', version: '1', chainId, salt: genesis };
  const wallet = new Wallet(id(key));
  vectors.push({
    chainId,
    genesisHash: genesis,
    body,
    domainSeparator: TypedDataEncoder.hashDomain(domain),
    digest: TypedDataEncoder.hash(domain, types, { body }),
    privateKey: wallet.privateKey,
    address: wallet.address,
    signature: await wallet.signTypedData(domain, types, { body }),
  });
}

console.log(JSON.stringify(vectors, null, 2));

function counting(length) {
  return hexlify(getBytes(Uint8Array.from({ length }, (_, i) => i & 0xff)));
}
