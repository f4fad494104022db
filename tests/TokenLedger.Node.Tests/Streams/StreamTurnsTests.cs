// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Node.Clients;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Node.Services;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Tests.Streams;

/// <summary>What streams that read old blocks may take of a node.</summary>
public sealed class StreamTurnsTests : IDisposable
{
    private const int PerSecond = 50;
    private const int Blocks = 1_000;

    /// <summary>Passes nothing, and no history helps to skip a block.</summary>
    private static readonly SubscribeRequest Nothing = new() { Types_ = { "asset_paused" } };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly EventChain _chain = new();
    private readonly StandingClock _clock = new();
    private readonly RequestQuota _quota;

    public StreamTurnsTests()
    {
        _quota = new RequestQuota(int.MaxValue, _clock);
        for (int i = 0; i < Blocks; i++)
        {
            _chain.Add(EventChain.Payment(1, 2));
        }
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public async Task Subscribe_CancelledWhileNothingPasses_ReadsNoOtherBlock()
    {
        const int When = 100;
        using var cancelled = new CancellationTokenSource();
        int before = _chain.Store.Blocks;
        _chain.Store.OnBlock = count =>
        {
            if (count - before == When)
            {
                cancelled.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Service(1).Subscribe(Nothing, new Sink(), Call(1, cancelled.Token)));
        Assert.Equal(When, _chain.Store.Blocks - before);
    }

    [Fact]
    public async Task Subscribe_ManyWhereNothingPasses_ReadNoMoreAtOnceThanTheyMay()
    {
        const int Width = 2;
        using var cancelled = new CancellationTokenSource();
        int before = _chain.Store.Blocks;
        int all = 100 * (Blocks + 1);
        _chain.Store.OnBlock = count =>
        {
            if (count - before == all)
            {
                cancelled.Cancel();
            }
        };
        EventServiceImpl service = Service(Width);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() =>
            Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                service.Subscribe(Nothing, new Sink(), Call(i, cancelled.Token))))));
        Assert.InRange(_chain.Store.MostAtOnce, 1, Width);
    }

    [Fact]
    public async Task Comes_CallerThatReadAsMuchAsItMay_WaitsAndTheOthersDoNot()
    {
        using StreamTurns turns = Turns(1);
        using StreamTurns.Turn mine = turns.Begin(Call(1), new Height(Blocks));
        using StreamTurns.Turn alsoMine = turns.Begin(Call(1), new Height(Blocks));
        using StreamTurns.Turn anothers = turns.Begin(Call(2), new Height(Blocks));
        await mine.ReadAsync(() => (0, (PerSecond + 100) * Limits.StreamRowsPerCall));
        Assert.True(await anothers.ComesAsync(new Height(1), Patience));
        Task<bool> comes = alsoMine.ComesAsync(new Height(1), Patience);
        Assert.False(comes.IsCompleted);
        _clock.Advance(2);
        Assert.True(await comes);
    }

    /// <summary>Whoever waits for long says meanwhile that it is there.</summary>
    [Fact]
    public async Task Comes_LongWait_EndsWithItsPatience()
    {
        using StreamTurns turns = Turns(1);
        using StreamTurns.Turn turn = turns.Begin(Call(1), new Height(Blocks));
        await turn.ReadAsync(() => (0, 100 * PerSecond * Limits.StreamRowsPerCall));
        Task<bool> comes = turn.ComesAsync(new Height(1), Patience);
        _clock.Advance((int)Patience.TotalSeconds);
        Assert.False(await comes);
    }

    [Fact]
    public async Task Begin_OneReplayTooMany_IsRefusedUntilOneHasReachedTheHead()
    {
        using StreamTurns turns = Turns(1);
        var old = new Height(Blocks - Limits.ReplayBlocks - 1);
        StreamTurns.Turn[] replays =
            [.. Enumerable.Range(0, Limits.ReplaysPerClient).Select(_ => turns.Begin(Call(1), old))];
        RpcException refused = Assert.Throws<RpcException>(() => turns.Begin(Call(1), old));
        Assert.Equal(ErrorModel.QuotaExceeded, ErrorModel.Read(refused)?.Reason);
        Assert.NotNull(ErrorModel.RetryAfter(refused));

        // Not what begins near the head, nor another's.
        turns.Begin(Call(1), old.Next).Dispose();
        turns.Begin(Call(2), old).Dispose();
        Task<bool> atTheHead = replays[0].ComesAsync(new Height(Blocks + 1), Patience);
        using StreamTurns.Turn another = turns.Begin(Call(1), old);
        _clock.Advance((int)Patience.TotalSeconds);
        Assert.False(await atTheHead);
        Assert.Throws<RpcException>(() => turns.Begin(Call(1), old));
        Array.ForEach(replays, static replay => replay.Dispose());
        turns.Begin(Call(1), old).Dispose();
    }

    private EventServiceImpl Service(int width) => new(
        _chain.Ledger, _chain.Feed(), Beats(), Turns(width), _clock);

    private StreamTurns Turns(int width) => new(_chain.Feed(), Beats(), width, _clock);

    private Heartbeats Beats() => new(_chain.Feed(), static () => true, _clock);

    private StreamCall Call(int client, CancellationToken token = default)
    {
        var caller = new Caller(
            new ClientAddress((ulong)client, false), null, ApiScopes.All, PerSecond, int.MaxValue);
        Assert.Null(_quota.Begin(caller, 1, out RequestQuota.Client? found));
        var call = new StreamCall(token);
        new StreamAllowance(_quota, found!).KeepWith(call);
        return call;
    }

    /// <summary>A call that only has a token and what the gate keeps with it.</summary>
    private sealed class StreamCall(CancellationToken token) : ServerCallContext
    {
        protected override string MethodCore => "";

        protected override string HostCore => "";

        protected override string PeerCore => "";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => token;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }

    /// <summary>A stream whose reader takes everything.</summary>
    private sealed class Sink : IServerStreamWriter<SubscribeResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(SubscribeResponse message) => Task.CompletedTask;

        public Task WriteAsync(SubscribeResponse message, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
