// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Node.Services;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Tests;

/// <summary>What a node does with a subscriber that does not read.</summary>
public sealed class SubscriberOutletTests
{
    private const int SlowSeconds = Limits.SubscriberSlowMs / 1_000;
    private const int GoneSeconds = Limits.SubscriberGoneMs / 1_000;

    private static readonly SubscribeResponse Item = new() { Cursor = "here" };

    private readonly StandingClock _clock = new();
    private readonly FullStream _stream = new();

    [Fact]
    public async Task Write_TakenJustInTime_GoesOn()
    {
        await using var outlet = new SubscriberOutlet(_stream, _clock, default);
        Task written = outlet.WriteAsync(Item);
        _clock.Advance(SlowSeconds);
        _stream.Take();
        await written;
    }

    [Fact]
    public async Task Write_TakenTooLate_SaysToResume()
    {
        await using var outlet = new SubscriberOutlet(_stream, _clock, default);
        Task written = outlet.WriteAsync(Item);
        _clock.Advance(SlowSeconds + 1);
        Assert.False(written.IsCompleted);
        _stream.Take();
        RpcException told = await Assert.ThrowsAsync<RpcException>(() => written);
        Assert.Equal(StatusCode.ResourceExhausted, told.StatusCode);
        Assert.Equal(SubscriberOutlet.SlowConsumer, ErrorModel.Read(told)?.Reason);
    }

    [Fact]
    public async Task Write_NeverTaken_IsGivenUp()
    {
        await using var outlet = new SubscriberOutlet(_stream, _clock, default);
        Task written = outlet.WriteAsync(Item);
        _clock.Advance(GoneSeconds - 1);
        Assert.False(written.IsCompleted);
        _clock.Advance(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => written);
    }

    /// <summary>A stream whose buffer is full until somebody reads.</summary>
    private sealed class FullStream : IServerStreamWriter<SubscribeResponse>
    {
        private readonly TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WriteOptions? WriteOptions { get; set; }

        public void Take() => _room.SetResult();

        public Task WriteAsync(SubscribeResponse message) => WriteAsync(message, default);

        public Task WriteAsync(SubscribeResponse message, CancellationToken cancellationToken) =>
            _room.Task.WaitAsync(cancellationToken);
    }
}
