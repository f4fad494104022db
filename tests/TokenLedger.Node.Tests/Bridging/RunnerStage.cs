// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Node.Bridging;
using TokenLedger.Storage;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>A runner with its worker, on a ledger with one lane and a chain abroad, in a time that a test
/// makes.</summary>
internal sealed class RunnerStage : IAttestationSink, ILogger, IAsyncDisposable
{
    public const ulong ChainId = 11_155_111;

    private const ulong GatherMs = 10_000;

    private static readonly Address Payer = Named("payer");

    private readonly KeyedHashScheme _signatures = new();
    private readonly BridgeJournal _journal = new(new MemoryStore(BridgeJournal.Families), ChainId);

    public RunnerStage()
    {
        Ledger.Issue(Alice, 1_000_000);
        Ledger.Pass(MinistryMaker, Terms);
        var rate = new BridgeRate(new Amount(400_000), new Amount(1_000));
        Ledger.Pass(MinistryMaker, new MapBridgeToken(
            ChainId, Bond, ModelChain.Token,
            new BridgeQuota(new Amount(100_000), new Amount(500_000), rate, rate)));
        Clock = new SteppedClock(DateTimeOffset.FromUnixTimeMilliseconds((long)Ledger.Time.Value));
        Chain = new ModelChain(
            Ledger.Genesis.Hash, Terms, _signatures, () => (ulong)Clock.GetUtcNow().ToUnixTimeSeconds());
        Abroad = new ModelNode(Chain, _signatures);
        Chain.Mine();
        var idle = new BridgeStatus(ChainId, Signers[0].Key, Payer, null, [], 0, "", "");
        Runner = new LaneRunner(
            Settings, idle, _journal, () => HasLane ? Terms : null, (_, _) => Worker(), Stopped.SetResult,
            Clock, this);
    }

    public static LaneSettings Settings { get; } = new()
    {
        ChainId = ChainId,
        Endpoints = [new Uri("http://nobody.invalid/")],
        Required = 1,
        CodeHash = default,
        SignerCodeHash = default,
    };

    public static ImmutableArray<BridgeSigner> Signers { get; } =
    [
        .. new[] { Ministry, Treasury, Bank, Regulator }
            .Select(static (owner, i) => new BridgeSigner(Named($"signer {i}"), owner))
            .OrderBy(static signer => signer.Key),
    ];

    public static OpenBridgeLane Terms { get; } = new(
        ChainId, Named("bridge"), Named("register"), Hashing.Hash(DomainTag.StateValue, "genesis"u8),
        StartBlock: 1, DayMs, GatherMs, Signers);

    public TestLedger Ledger { get; } = TestLedger.Start();

    public SteppedClock Clock { get; }

    public ModelChain Chain { get; }

    public ModelNode Abroad { get; }

    public LaneRunner Runner { get; }

    public bool HasLane { get; set; } = true;

    /// <summary>Thrown when a worker is made; null to make one.</summary>
    public Exception? Unbuilt { get; set; }

    public TaskCompletionSource<Exception> Stopped { get; } = new();

    public List<(int Id, LogLevel Level, string Text)> Log { get; } = [];

    /// <summary>The first look.</summary>
    public async Task StartAsync()
    {
        Runner.Start();
        await Clock.SleptAsync();
    }

    /// <summary>Time passes until the next look, and it is done.</summary>
    public async Task LookAsync()
    {
        Clock.Advance(Clock.LastSleep);
        await Clock.SleptAsync();
    }

    /// <summary>Time passes, with a block of the ledger and a look every minute; the chain makes blocks or
    /// does not.</summary>
    public async Task MinutesAsync(int minutes, bool mines = true)
    {
        for (int i = 0; i < minutes; i++)
        {
            Ledger.Wait(60_000);
            Ledger.RunBlock();
            Clock.Advance(TimeSpan.FromMinutes(1));
            await Clock.SleptAsync();
            if (mines)
            {
                Abroad.Mine(0);
            }
        }

        await LookAsync();
    }

    /// <summary>A lock that a quorum has signed.</summary>
    public void LockSigned()
    {
        Ledger.MustRun(Alice, new LockForBridge(ChainId, Bond, new Amount(100), ModelChain.Abroad));
        Ledger.Wait(GatherMs);
        Ledger.RunBlock();
        BridgeMessageState message = View.Messages[1];
        foreach (BridgeSigner signer in Signers.Take(3))
        {
            Hash256 digest = new BridgeMessages(Ledger.Genesis.Hash, Terms).Digest(message, 1);
            Ledger.MustRun(signer.Key, new AttestBridge(
                ChainId, 1, 1, [.. KeyedHashScheme.SignerOf(signer.Key).Sign(digest)]));
        }
    }

    public T? Read<T>(ulong chainId, Func<LaneView, T> use) => use(View);

    public Task<bool> SubmitAsync(ImmutableArray<Operation> operations, CancellationToken cancellationToken)
    {
        Ledger.Run(Signers[0].Key, operations.AsSpan());
        return Task.FromResult(true);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Log.Add((eventId.Id, logLevel, formatter(state, exception)));

    public ValueTask DisposeAsync() => Runner.DisposeAsync();

    private LaneView View => LaneView.Read(Ledger.State, Ledger.Height, Ledger.Time, ChainId)!;

    private LaneWorker Worker()
    {
        if (Unbuilt is { } fault)
        {
            throw fault;
        }

        return new LaneWorker(new LaneParts
        {
            LedgerId = Ledger.Genesis.Hash,
            Settings = Settings,
            Ledger = this,
            Remote = Chain,
            Journal = _journal,
            Messages = new BridgeMessages(Ledger.Genesis.Hash, Terms),
            Signer = KeyedHashScheme.SignerOf(Signers[0].Key),
            Signatures = _signatures,
            Sender = new EvmSender(
                [Abroad.Client(static _ => { })], KeyedHashScheme.SignerOf(Payer), _journal, Settings,
                Clock),
            SenderAddress = Payer,
            Time = Clock,
        });
    }
}
