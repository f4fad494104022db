// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>However a stream ends, both ends learn of it and let go.</summary>
public sealed class StreamLifetimeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private TestServer? _server;

    private TestServer Server => _server!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Cancel_IdleDuplex_CancelsServer()
    {
        using var channel = Server.OpenChannel();
        using var cancellation = new CancellationTokenSource();
        var signal = ExpectServerCancel();
        using var call = new Interop.InteropClient(channel).Exchange(cancellationToken: cancellation.Token);
        await PingAsync(call);
        await cancellation.CancelAsync();
        Assert.EndsWith("/Exchange", await signal.WaitAsync(Patience), StringComparison.Ordinal);
        await RequireStatusAsync(StatusCode.Cancelled, call.ResponseStream.MoveNext());
        await RequireServerIsIdleAsync();
    }

    [Fact]
    public async Task Dispose_CallWithBlockedServerWrite_ReleasesServer()
    {
        using var channel = Server.OpenChannel();
        var signal = ExpectServerCancel();
        using (var call = new Interop.InteropClient(channel).Generate(
            new GenerateRequest { Count = int.MaxValue, Size = 100_000 }))
        {
            Assert.True(await call.ResponseStream.MoveNext());
        }

        await signal.WaitAsync(Patience);
        await RequireServerIsIdleAsync();
    }

    [Fact]
    public async Task Dispose_Channel_EndsItsStreams()
    {
        var channel = Server.OpenChannel();
        var signal = ExpectServerCancel();
        var client = new Interop.InteropClient(channel);
        using var call = client.Exchange();
        await PingAsync(call);
        var read = call.ResponseStream.MoveNext();
        await channel.ShutdownAsync();
        await RequireStatusAsync(StatusCode.Cancelled, read);
        await signal.WaitAsync(Patience);
        Assert.Throws<ObjectDisposedException>(() => client.EchoAsync(new Payload()));
    }

    [Fact]
    public async Task Connection_Cut_IsUnavailableAndCancelsServer()
    {
        using var proxy = new CuttableProxy(Server.PlainAddress.Port);
        using var channel = RpcChannel.ForAddress(proxy.Address);
        var signal = ExpectServerCancel();
        using var call = new Interop.InteropClient(channel).Exchange();
        await PingAsync(call);
        var read = call.ResponseStream.MoveNext();
        proxy.Cut();
        await RequireStatusAsync(StatusCode.Unavailable, read);
        await signal.WaitAsync(Patience);
        await RequireServerIsIdleAsync();
    }

    [Fact]
    public async Task Stop_ServerWithOpenStreams_IsPromptAndUnavailable()
    {
        using var channel = Server.OpenChannel();
        var client = new Interop.InteropClient(channel);
        var calls = Enumerable.Range(0, 20).Select(_ => client.Exchange()).ToList();
        foreach (var call in calls)
        {
            await PingAsync(call);
        }

        var reads = calls.Select(call => call.ResponseStream.MoveNext()).ToList();
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(Patience);
        await Server.StopAsync(patience.Token);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{watch.Elapsed}");
        foreach (var read in reads)
        {
            await RequireStatusAsync(StatusCode.Unavailable, read);
        }

        calls.ForEach(call => call.Dispose());
        await RequireStatusAsync(StatusCode.Unavailable, client.EchoAsync(new Payload()).ResponseAsync);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_ServerInTheMiddleOfWrites_IsPromptAndUnavailable(bool reads)
    {
        using var channel = Server.OpenChannel();
        var client = new Interop.InteropClient(channel);
        var calls = Enumerable.Range(0, 10).Select(_ => client.Generate(
            new GenerateRequest { Count = int.MaxValue, Size = 100_000 })).ToList();
        foreach (var call in calls)
        {
            Assert.True(await call.ResponseStream.MoveNext());
        }

        var drained = reads ? calls.Select(call => DrainAsync(call.ResponseStream)).ToList() : [];
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(Patience);
        await Server.StopAsync(patience.Token);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        foreach (var end in reads ? drained : [.. calls.Select(call => DrainAsync(call.ResponseStream))])
        {
            await RequireStatusAsync(StatusCode.Unavailable, end);
        }

        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task Deadline_Passed_CancelsServer()
    {
        using var channel = Server.OpenChannel();
        var signal = ExpectServerCancel();
        using var call = new Interop.InteropClient(channel).Exchange(
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300));
        await PingAsync(call);
        await RequireStatusAsync(StatusCode.DeadlineExceeded, call.ResponseStream.MoveNext());
        await signal.WaitAsync(Patience);
        await RequireServerIsIdleAsync();
    }

    [Fact]
    public async Task Write_AfterServerEnded_GivesItsStatus()
    {
        using var channel = Server.OpenChannel();
        using var call = new Interop.InteropClient(channel).Collect();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            // The server ends the call somewhere among these; back-pressure stops the writer if it does not
            // notice.
            for (var i = 0; i < 100_000; i++)
            {
                await call.RequestStream.WriteAsync(
                    new Payload { Number = -1, Data = ByteString.CopyFrom(new byte[100]) });
            }
        });
        Assert.Equal(new Status(StatusCode.ResourceExhausted, "enough"), error.Status);
    }

    [Fact]
    public async Task Calls_ManyAtOnceOverOneConnection_AllSucceed()
    {
        using var channel = Server.OpenChannel();
        var client = new Interop.InteropClient(channel);
        var calls = Enumerable.Range(0, 2000).Select(
            i => client.EchoAsync(new Payload { Number = i }).ResponseAsync);
        var answers = await Task.WhenAll(calls).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 2000), answers.Select(answer => answer.Number));
    }

    private static async Task PingAsync(AsyncDuplexStreamingCall<Payload, Payload> call)
    {
        await call.RequestStream.WriteAsync(new Payload { Number = 1 });
        Assert.True(await call.ResponseStream.MoveNext());
    }

    private static async Task DrainAsync(IAsyncStreamReader<Payload> stream)
    {
        while (await stream.MoveNext())
        {
            // Only how it ends is of interest.
        }
    }

    private static async Task RequireStatusAsync(StatusCode code, Task task)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => task.WaitAsync(Patience));
        Assert.True(code == error.StatusCode, error.ToString());
    }

    private Task<string> ExpectServerCancel()
    {
        var signal = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Service.Cancelled.Enqueue(signal);
        return signal.Task;
    }

    private Task RequireServerIsIdleAsync() => Server.Service.WhenIdle().WaitAsync(Patience);
}
