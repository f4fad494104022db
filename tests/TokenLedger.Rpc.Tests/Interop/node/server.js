// SPDX-License-Identifier: Apache-2.0
// Serves interop.proto: server.js PROTO FOLDER. Prints `ready PORT TLS_PORT`; ends when its standard input closes.
'use strict';
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [proto, folder] = process.argv.slice(2);
const { Interop } = grpc.loadPackageDefinition(
  loader.loadSync(proto, { keepCase: true, longs: Number, defaults: true })).tokenledger.interop.v1;

function failure(code, details, metadata) {
  return Object.assign(new Error(details), { code, details, metadata });
}

const service = {
  Echo(call, callback) {
    const echoed = new grpc.Metadata();
    for (const key of ['x-echo', 'x-echo-bin']) {
      call.metadata.get(key).forEach((value) => echoed.add(key, value));
    }
    call.sendMetadata(echoed);
    callback(null, call.request, echoed);
  },

  Collect(call, callback) {
    let count = 0;
    let bytes = 0;
    call.on('data', (payload) => {
      if (payload.number === -1) {
        callback(failure(grpc.status.RESOURCE_EXHAUSTED, 'enough'));
      }
      count += 1;
      bytes += payload.data.length;
    });
    call.on('end', () => callback(null, { count, bytes }));
  },

  async Generate(call) {
    const { count, size, code, delay_ms: delayMs } = call.request;
    const data = Buffer.alloc(size);
    for (let number = 0; number < count && !call.cancelled; number += 1) {
      if (delayMs && number) {
        await new Promise((resolve) => { setTimeout(resolve, delayMs); });
      }
      if (!call.write({ number, data })) {
        await new Promise((resolve) => { call.once('drain', resolve); call.once('cancelled', resolve); });
      }
    }
    if (code) {
      call.emit('error', failure(code, 'asked'));
    } else {
      call.end();
    }
  },

  Exchange(call) {
    call.on('data', (payload) => call.write(payload));
    call.on('end', () => call.end());
  },

  Fail(call, callback) {
    const { code, message, delay_ms: delayMs, crash } = call.request;
    const metadata = new grpc.Metadata();
    metadata.set('x-reason', 'why');
    metadata.set('x-reason-bin', Buffer.from([0, 1, 0xff, 0xfe]));
    const answer = () => callback(crash ? failure(grpc.status.UNKNOWN, 'crashed') : failure(code, message, metadata));
    const timer = setTimeout(answer, delayMs);
    call.on('cancelled', () => clearTimeout(timer));
  },
};

const read = (name) => fs.readFileSync(path.join(folder, name));
const server = new grpc.Server({
  'grpc.max_receive_message_length': 4 << 20,
  'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
});
server.addService(Interop.service, service);
const bind = (credentials) => new Promise((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
});

(async () => {
  const port = await bind(grpc.ServerCredentials.createInsecure());
  const tls = await bind(grpc.ServerCredentials.createSsl(
    null, [{ private_key: read('server.key'), cert_chain: read('server.pem') }]));
  console.log('ready', port, tls);
  process.stdin.resume().on('end', () => process.exit(0));
})();
