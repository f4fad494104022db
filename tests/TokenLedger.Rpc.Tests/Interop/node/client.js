// SPDX-License-Identifier: Apache-2.0
// Calls a server of interop.proto, health.proto and reflection.proto: client.js PROTO STANDARD_PROTOS HOST:PORT [CA].
// One line a check, `ok NAME` or `FAIL NAME WHY`.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [proto, standard, target, ca] = process.argv.slice(2);
const load = (file) => grpc.loadPackageDefinition(
  loader.loadSync(file, { keepCase: true, longs: Number, defaults: true, enums: String }));
const { Interop } = load(proto).tokenledger.interop.v1;
const { Health } = load(path.join(standard, 'grpc/health/v1/health.proto')).grpc.health.v1;
const { ServerReflection } = load(path.join(standard, 'grpc/reflection/v1/reflection.proto')).grpc.reflection.v1;
const credentials = ca
  ? grpc.credentials.createSsl(fs.readFileSync(ca))
  : grpc.credentials.createInsecure();
const common = ca ? { 'grpc.ssl_target_name_override': 'localhost' } : {};
const client = new Interop(target, credentials, common);
const gzip = new Interop(target, credentials, {
  ...common, 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
});
const binary = Buffer.from([0, 1, 0xff, 0xfe]);

const unary = (on, method, request, metadata, options) => new Promise((resolve, reject) => {
  const seen = {};
  const call = on[method](request, metadata || new grpc.Metadata(), options || {}, (error, response) => (
    error ? reject(error) : setImmediate(() => resolve({ response, ...seen }))));
  call.on('metadata', (headers) => { seen.headers = headers; });
  call.on('status', (status) => { seen.trailers = status.metadata; });
});
const all = (stream) => new Promise((resolve, reject) => {
  const messages = [];
  stream.on('data', (message) => messages.push(message));
  stream.on('end', () => resolve(messages));
  stream.on('error', (error) => reject(Object.assign(error, { messages })));
});
const numbers = (messages) => messages.map((message) => message.number);
const upTo = (count) => [...Array(count).keys()];
async function expectError(code, promise) {
  const error = await promise.then(() => assert.fail('no error'), (e) => e);
  assert.strictEqual(error.code, code, error.stack);
  return error;
}

const checks = {
  async unary() {
    const { response } = await unary(client, 'Echo', { number: 7, data: Buffer.from('abc') });
    assert.deepStrictEqual([response.number, response.data.toString()], [7, 'abc']);
  },
  async empty_message() {
    const { response } = await unary(client, 'Echo', {});
    assert.strictEqual(response.number, 0);
  },
  async large_message() {
    const data = Buffer.alloc(3000000, 'xyz');
    const { response } = await unary(client, 'Echo', { data });
    assert.ok(response.data.equals(data));
  },
  async metadata() {
    const sent = new grpc.Metadata();
    sent.set('x-echo', 'text');
    sent.set('x-echo-bin', binary);
    const { headers, trailers } = await unary(client, 'Echo', {}, sent);
    for (const got of [headers, trailers]) {
      assert.deepStrictEqual(got.get('x-echo'), ['text']);
      assert.ok(got.get('x-echo-bin')[0].equals(binary));
    }
  },
  async server_stream() {
    assert.deepStrictEqual(numbers(await all(client.Generate({ count: 1000, size: 10 }))), upTo(1000));
  },
  async server_stream_empty() {
    assert.deepStrictEqual(await all(client.Generate({})), []);
  },
  async server_stream_error_at_end() {
    const error = await expectError(grpc.status.FAILED_PRECONDITION, all(client.Generate({ count: 2, code: 9 })));
    assert.deepStrictEqual(numbers(error.messages), [0, 1]);
  },
  async client_stream() {
    const response = await new Promise((resolve, reject) => {
      const call = client.Collect((error, value) => (error ? reject(error) : resolve(value)));
      upTo(1000).forEach(() => call.write({ data: Buffer.alloc(10) }));
      call.end();
    });
    assert.deepStrictEqual([response.count, response.bytes], [1000, 10000]);
  },
  async client_stream_ended_by_server() {
    const error = await expectError(grpc.status.RESOURCE_EXHAUSTED, new Promise((resolve, reject) => {
      client.Collect((e, value) => (e ? reject(e) : resolve(value))).write({ number: -1 });
    }));
    assert.strictEqual(error.details, 'enough');
  },
  async duplex_pipelined() {
    const call = client.Exchange();
    const answers = all(call);
    upTo(1000).forEach((number) => call.write({ number }));
    call.end();
    assert.deepStrictEqual(numbers(await answers), upTo(1000));
  },
  async duplex_ping_pong() {
    const call = client.Exchange();
    const answers = all(call);
    let number = 0;
    call.on('data', () => { number += 1; if (number < 50) { call.write({ number }); } else { call.end(); } });
    call.write({ number });
    assert.deepStrictEqual(numbers(await answers), upTo(50));
  },
  async error_status() {
    const message = 'nicht gefunden: ہے 100 %\n€';
    const error = await expectError(grpc.status.NOT_FOUND, unary(client, 'Fail', { code: 5, message }));
    assert.strictEqual(error.details, message);
    assert.deepStrictEqual(error.metadata.get('x-reason'), ['why']);
    assert.ok(error.metadata.get('x-reason-bin')[0].equals(binary));
  },
  async handler_exception() {
    const error = await expectError(grpc.status.UNKNOWN, unary(client, 'Fail', { crash: true }));
    assert.ok(!error.details.includes('secret'));
  },
  async unimplemented() {
    await expectError(grpc.status.UNIMPLEMENTED, unary(client, 'Missing', {}));
  },
  async unary_deadline() {
    const deadline = Date.now() + 300;
    await expectError(
      grpc.status.DEADLINE_EXCEEDED, unary(client, 'Fail', { code: 5, delay_ms: 20000 }, null, { deadline }));
    assert.ok(Date.now() < deadline + 5000);
  },
  async stream_deadline() {
    const options = { deadline: Date.now() + 300 };
    await expectError(grpc.status.DEADLINE_EXCEEDED, all(client.Generate({ count: 1000, delay_ms: 50 }, options)));
  },
  async cancel() {
    const call = client.Generate({ count: 1000, delay_ms: 50 });
    const answers = all(call);
    call.once('data', () => call.cancel());
    await expectError(grpc.status.CANCELLED, answers);
  },
  async message_above_limit() {
    await expectError(grpc.status.RESOURCE_EXHAUSTED, unary(client, 'Echo', { data: Buffer.alloc(5 << 20) }));
  },
  async gzip_request() {
    const data = Buffer.alloc(100000, 'a');
    const { response } = await unary(gzip, 'Echo', { data });
    assert.ok(response.data.equals(data));
  },
  async gzip_bomb() {
    await expectError(grpc.status.RESOURCE_EXHAUSTED, unary(gzip, 'Echo', { data: Buffer.alloc(64 << 20) }));
  },
  async health() {
    const health = new Health(target, credentials, common);
    const { response } = await unary(health, 'Check', {});
    assert.strictEqual(response.status, 'SERVING');
    health.close();
  },
  async reflection() {
    const reflection = new ServerReflection(target, credentials, common);
    const call = reflection.ServerReflectionInfo();
    const answers = all(call);
    call.write({ list_services: '' });
    call.write({ file_containing_symbol: 'tokenledger.interop.v1.Payload' });
    call.end();
    const [list, file] = await answers;
    const names = list.list_services_response.service.map((service) => service.name);
    assert.ok(names.includes('tokenledger.interop.v1.Interop'), names.join());
    assert.strictEqual(file.file_descriptor_response.file_descriptor_proto.length, 1);
    reflection.close();
  },
};

(async () => {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log('ok', name);
    } catch (error) {
      console.log('FAIL', name, String(error.stack).replace(/\n/g, ' | '));
    }
  }
  client.close();
  gzip.close();
})();
