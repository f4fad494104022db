// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>The service of interop.proto, written as one would write it for Grpc.AspNetCore.</summary>
internal sealed class InteropService : Interop.InteropBase
{
    /// <summary>Ends, per call, when the token of a stream was signalled; tests wait for it.</summary>
    public ConcurrentQueue<TaskCompletionSource<string>> Cancelled { get; } = new();

    private readonly Lock _lock = new();
    private TaskCompletionSource _idle = new();
    private int _open;

    public InteropService() => _idle.SetResult();

    public override async Task<Payload> Echo(Payload request, ServerCallContext context)
    {
        var echoed = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key is "x-echo" or "x-echo-bin"))
        {
            echoed.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        await context.WriteResponseHeadersAsync(echoed);
        return request;
    }

    public override async Task<Summary> Collect(
        IAsyncStreamReader<Payload> requestStream, ServerCallContext context)
    {
        using var tracked = Track(context);
        var summary = new Summary();
        await foreach (var payload in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (payload.Number == -1)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "enough"));
            }

            summary.Count++;
            summary.Bytes += payload.Data.Length;
        }

        return summary;
    }

    public override async Task Generate(
        GenerateRequest request, IServerStreamWriter<Payload> responseStream, ServerCallContext context)
    {
        using var tracked = Track(context);
        var data = ByteString.CopyFrom(new byte[request.Size]);
        for (var i = 0; i < request.Count; i++)
        {
            if (i > 0)
            {
                await PauseAsync(request.DelayMs, context.CancellationToken);
            }

            await responseStream.WriteAsync(new Payload { Number = i, Data = data });
        }

        context.Status = new Status((StatusCode)request.Code, request.Code == 0 ? "" : "asked");
    }

    public override async Task Exchange(
        IAsyncStreamReader<Payload> requestStream,
        IServerStreamWriter<Payload> responseStream,
        ServerCallContext context)
    {
        using var tracked = Track(context);
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }

    public override async Task<Payload> Fail(FailRequest request, ServerCallContext context)
    {
        using var tracked = Track(context);
        await PauseAsync(request.DelayMs, context.CancellationToken);
        if (request.Crash)
        {
            throw new FormatException("secret detail");
        }

        var trailers = new Metadata { { "x-reason", "why" }, { "x-reason-bin", [0, 1, 0xff, 0xfe] } };
        throw new RpcException(new Status((StatusCode)request.Code, request.Message), trailers);
    }

    /// <summary>Ends when no call is in a handler that tracks itself.</summary>
    public Task WhenIdle()
    {
        lock (_lock)
        {
            return _idle.Task;
        }
    }

    // The caller asks for the pause: it is what these methods do, not how a test waits.
    private static async Task PauseAsync(int milliseconds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (milliseconds > 0)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private Tracked Track(ServerCallContext context)
    {
        lock (_lock)
        {
            if (_open++ == 0)
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        if (Cancelled.TryDequeue(out var signal))
        {
            context.CancellationToken.Register(() => signal.TrySetResult(context.Method));
        }

        return new Tracked(this);
    }

    private sealed class Tracked(InteropService service) : IDisposable
    {
        public void Dispose()
        {
            lock (service._lock)
            {
                if (--service._open == 0)
                {
                    service._idle.SetResult();
                }
            }
        }
    }
}
