# SPDX-License-Identifier: Apache-2.0
"""Calls a server of interop.proto: client.py HOST:PORT [CA_PEM]. One line a check, `ok NAME` or `FAIL NAME WHY`."""
import sys
import threading
import time
import traceback

import grpc
import interop_pb2 as pb
import interop_pb2_grpc as stubs

BINARY = b"\x00\x01\xff\xfe"


def connect(target, ca, **arguments):
    options = [("grpc.max_receive_message_length", 16 << 20), ("grpc.use_local_subchannel_pool", 1)]
    if ca is None:
        return grpc.insecure_channel(target, options, **arguments)
    credentials = grpc.ssl_channel_credentials(open(ca, "rb").read())
    options.append(("grpc.ssl_target_name_override", "localhost"))
    return grpc.secure_channel(target, credentials, options, **arguments)


def expect_error(code, call):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()} {error.details()}"
        return error
    raise AssertionError(f"no error, {code} expected")


class Checks:
    def __init__(self, stub, gzip):
        self.stub, self.gzip = stub, gzip

    def unary(self):
        payload = pb.Payload(number=7, data=b"abc")
        assert self.stub.Echo(payload) == payload

    def empty_message(self):
        assert self.stub.Echo(pb.Payload()) == pb.Payload()

    def large_message(self):
        payload = pb.Payload(data=bytes(range(256)) * 12000)
        assert self.stub.Echo(payload) == payload

    def metadata(self):
        sent = (("x-echo", "text"), ("x-echo-bin", BINARY))
        _, call = self.stub.Echo.with_call(pb.Payload(), metadata=sent)
        for got in (call.initial_metadata(), call.trailing_metadata()):
            got = {e[0]: e[1] for e in got}
            assert got["x-echo"] == "text" and got["x-echo-bin"] == BINARY, got

    def server_stream(self):
        assert [p.number for p in self.stub.Generate(pb.GenerateRequest(count=1000, size=10))] == list(range(1000))

    def server_stream_empty(self):
        assert list(self.stub.Generate(pb.GenerateRequest())) == []

    def server_stream_error_at_end(self):
        stream = self.stub.Generate(pb.GenerateRequest(count=2, code=9))
        assert next(stream).number == 0 and next(stream).number == 1
        expect_error(grpc.StatusCode.FAILED_PRECONDITION, lambda: next(stream))

    def client_stream(self):
        summary = self.stub.Collect(pb.Payload(data=bytes(10)) for _ in range(1000))
        assert (summary.count, summary.bytes) == (1000, 10000)

    def client_stream_ended_by_server(self):
        stop = threading.Event()

        def requests():
            yield pb.Payload(number=-1)
            stop.wait(10)

        error = expect_error(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: self.stub.Collect(requests()))
        stop.set()
        assert error.details() == "enough"

    def duplex_pipelined(self):
        got = self.stub.Exchange(pb.Payload(number=i) for i in range(1000))
        assert [p.number for p in got] == list(range(1000))

    def duplex_ping_pong(self):
        turn, replies, done = threading.Semaphore(1), [], threading.Event()

        def requests():
            for i in range(50):
                assert turn.acquire(timeout=10)
                yield pb.Payload(number=i)

        for reply in self.stub.Exchange(requests()):
            replies.append(reply.number)
            turn.release()
        assert replies == list(range(50))

    def error_status(self):
        request = pb.FailRequest(code=5, message="nicht gefunden: ہے 100 %\n€")
        error = expect_error(grpc.StatusCode.NOT_FOUND, lambda: self.stub.Fail(request))
        trailers = {e[0]: e[1] for e in error.trailing_metadata()}
        assert error.details() == request.message, error.details()
        assert trailers["x-reason"] == "why" and trailers["x-reason-bin"] == BINARY, trailers

    def handler_exception(self):
        error = expect_error(grpc.StatusCode.UNKNOWN, lambda: self.stub.Fail(pb.FailRequest(crash=True)))
        assert "secret" not in error.details()

    def unimplemented(self):
        expect_error(grpc.StatusCode.UNIMPLEMENTED, lambda: self.stub.Missing(pb.Payload()))

    def unary_deadline(self):
        start = time.monotonic()
        slow = pb.FailRequest(code=5, delay_ms=20000)
        expect_error(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: self.stub.Fail(slow, timeout=0.3))
        assert time.monotonic() - start < 5

    def stream_deadline(self):
        stream = self.stub.Generate(pb.GenerateRequest(count=1000, delay_ms=50), timeout=0.3)
        expect_error(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: list(stream))

    def cancel(self):
        stream = self.stub.Generate(pb.GenerateRequest(count=1000, delay_ms=50))
        next(stream)
        stream.cancel()
        expect_error(grpc.StatusCode.CANCELLED, lambda: next(stream))

    def message_above_limit(self):
        payload = pb.Payload(data=bytes(5 << 20))
        expect_error(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: self.stub.Echo(payload))

    def gzip_request(self):
        payload = pb.Payload(data=b"a" * 100000)
        assert self.gzip.Echo(payload) == payload

    def gzip_stream(self):
        got = list(self.gzip.Exchange(pb.Payload(number=i, data=b"a" * 1000) for i in range(100)))
        assert [p.number for p in got] == list(range(100))

    def gzip_bomb(self):
        payload = pb.Payload(data=bytes(64 << 20))
        expect_error(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: self.gzip.Echo(payload))

    def unsupported_encoding(self):
        channel = connect(sys.argv[1], CA, compression=grpc.Compression.Deflate)
        payload = pb.Payload(data=b"a" * 100000)
        expect_error(grpc.StatusCode.UNIMPLEMENTED, lambda: stubs.InteropStub(channel).Echo(payload))
        channel.close()


CA = sys.argv[2] if len(sys.argv) > 2 else None
plain, compressed = connect(sys.argv[1], CA), connect(sys.argv[1], CA, compression=grpc.Compression.Gzip)
checks = Checks(stubs.InteropStub(plain), stubs.InteropStub(compressed))
for name in [n for n in vars(Checks) if not n.startswith("_")]:
    try:
        getattr(checks, name)()
        print("ok", name, flush=True)
    except Exception:
        print("FAIL", name, traceback.format_exc().strip().replace("\n", " | "), flush=True)
plain.close()
compressed.close()
