# SPDX-License-Identifier: Apache-2.0
"""Serves interop.proto. Prints `ready PORT TLS_PORT`; ends when its standard input closes."""
import sys
import time
from concurrent import futures

import grpc
import interop_pb2 as pb
import interop_pb2_grpc as stubs


def status_of(number):
    return next(code for code in grpc.StatusCode if code.value[0] == number)


class Interop(stubs.InteropServicer):
    def Echo(self, request, context):
        echoed = [e for e in context.invocation_metadata() if e[0] in ("x-echo", "x-echo-bin")]
        context.send_initial_metadata(echoed)
        context.set_trailing_metadata(echoed)
        return request

    def Collect(self, requests, context):
        summary = pb.Summary()
        for payload in requests:
            if payload.number == -1:
                context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "enough")
            summary.count += 1
            summary.bytes += len(payload.data)
        return summary

    def Generate(self, request, context):
        for i in range(request.count):
            if request.delay_ms and i:
                time.sleep(request.delay_ms / 1000)
                if not context.is_active():
                    return
            yield pb.Payload(number=i, data=bytes(request.size))
        if request.code:
            context.abort(status_of(request.code), "asked")

    def Exchange(self, requests, context):
        yield from requests

    def Fail(self, request, context):
        until = time.monotonic() + request.delay_ms / 1000
        while time.monotonic() < until and context.is_active():
            time.sleep(0.01)
        if request.crash:
            raise ValueError("secret detail")
        context.set_trailing_metadata((("x-reason", "why"), ("x-reason-bin", b"\x00\x01\xff\xfe")))
        context.abort(status_of(request.code), request.message)


def main(folder):
    server = grpc.server(
        futures.ThreadPoolExecutor(32),
        compression=grpc.Compression.Gzip,
        options=[("grpc.max_receive_message_length", 4 << 20), ("grpc.so_reuseport", 0)])
    stubs.add_InteropServicer_to_server(Interop(), server)
    read = lambda name: open(f"{folder}/{name}", "rb").read()
    tls = grpc.ssl_server_credentials([(read("server.key"), read("server.pem"))])
    ports = server.add_insecure_port("127.0.0.1:0"), server.add_secure_port("127.0.0.1:0", tls)
    server.start()
    print("ready", *ports, flush=True)
    sys.stdin.read()
    server.stop(0)


main(sys.argv[1])
