// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests.Model;

/// <summary>
/// A ledger with one lane and one joined bond, the chain that the lane leads to, and four validators'
/// bridges. One thread; the ledger's time is everybody's.
/// </summary>
internal sealed class World
{
    public const ulong ChainId = 11_155_111;
    public const ulong GatherMs = 10_000;

    public static readonly Address Token = ModelChain.Token;
    public static readonly Address Abroad = ModelChain.Abroad;

    public World()
    {
        Ledger.Issue(Alice, 1_000_000);
        Ledger.Pass(MinistryMaker, Terms);
        Ledger.Pass(MinistryMaker, new MapBridgeToken(ChainId, Bond, Token, Wide));
        Chain = new ModelChain(
            Ledger.Genesis.Hash, Terms, Signatures, () => Ledger.Time.Value / 1_000);
        Node = new ModelNode(Chain, Signatures);
        Validators = [.. Signers.Select((signer, i) => new BridgeValidator(this, i, signer.Key))];
        Chain.Mine();
    }

    public static ImmutableArray<BridgeSigner> Signers { get; } = Set("signer");

    public static ImmutableArray<BridgeSigner> Others { get; } = Set("other signer");

    /// <summary>The first set with another key in one place, and so in another order.</summary>
    public static ImmutableArray<BridgeSigner> Changed { get; } =
        [.. Signers.SetItem(1, Signers[1] with { Key = Named("new signer") }).OrderBy(signer => signer.Key)];

    public static OpenBridgeLane Terms { get; } = new(
        ChainId, Named("bridge"), Named("register"), Hashing.Hash(DomainTag.StateValue, "genesis"u8),
        StartBlock: 1, HourMs, GatherMs, Signers);

    public static BridgeQuota Wide { get; } = new(
        new Amount(100_000), new Amount(500_000), new BridgeRate(new Amount(400_000), new Amount(1_000)),
        new BridgeRate(new Amount(400_000), new Amount(1_000)));

    public TestLedger Ledger { get; } = TestLedger.Start();

    public KeyedHashScheme Signatures { get; } = new();

    public ModelChain Chain { get; }

    public ModelNode Node { get; }

    public ImmutableArray<BridgeValidator> Validators { get; }

    /// <summary>How many blocks the final one is behind.</summary>
    public ulong Lag { get; set; }

    public TimeProvider Time => new LedgerTime(this);

    /// <summary>How far everybody's clock is ahead.</summary>
    public TimeSpan ClockError { get; set; }

    public LaneView View => LaneView.Read(Ledger.State, Ledger.Height, Ledger.Time, ChainId)!;

    public BridgeTokenState Books => Ledger.View.BridgeToken(ChainId, Bond)!;

    public Amount BalanceOf(Address account) => Ledger.View.Balance(account, Bond);

    public ulong Lock(ulong amount = 100)
    {
        ulong nonce = View.Lane.NextLock;
        Ledger.MustRun(Alice, new LockForBridge(ChainId, Bond, new Amount(amount), Abroad));
        return nonce;
    }

    /// <summary>A lock that stands in a message.</summary>
    public ulong LockAndGather(ulong amount = 100)
    {
        ulong nonce = Lock(amount);
        Gather();
        return nonce;
    }

    public void Gather()
    {
        Ledger.Wait(GatherMs);
        Ledger.RunBlock();
    }

    public void Attest(ulong id, int count = 3)
    {
        foreach (BridgeSigner signer in View.Lane.Signers.Take(count))
        {
            BridgeMessageState message = View.Messages[id];
            Hash256 digest = new BridgeMessages(Ledger.Genesis.Hash, Terms).Digest(message, View.Lane.Epoch);
            Ledger.MustRun(signer.Key, new AttestBridge(
                ChainId, id, View.Lane.Epoch, [.. KeyedHashScheme.SignerOf(signer.Key).Sign(digest)]));
        }
    }

    /// <summary>The first signers see it; three of four make it a fact.</summary>
    public void See(BridgeObservation fact, int votes = 3)
    {
        foreach (BridgeSigner signer in View.Lane.Signers.Take(votes))
        {
            Ledger.MustRun(signer.Key, new ObserveBridge(ChainId, [fact]));
        }
    }

    /// <summary>What happened abroad becomes final, and the ledger hears of none of it.</summary>
    public void Mine() => Chain.Mine();

    /// <summary>Units abroad: locked, minted, and agreed on.</summary>
    public ulong Minted(ulong amount)
    {
        ulong nonce = LockAndGather(amount);
        Chain.Mint(nonce, amount);
        Mine();
        SeeAll();
        return nonce;
    }

    /// <summary>The ledger hears of all that is final abroad.</summary>
    public void SeeAll()
    {
        foreach (BridgeObservation fact in Facts)
        {
            See(fact);
        }
    }

    public ImmutableArray<BridgeObservation> Facts => Chain.Facts(0, Chain.Final);

    public RemoteState Remote(LaneView view) => Chain.State(
        Chain[Chain.Final].Head, [.. view.Outstanding.Keys], [.. view.Tokens.Values.Select(t => t.Token)]);

    /// <summary>Both sides compared as they are now.</summary>
    public Backing Compare(LaneView? view = null, RemoteState? remote = null)
    {
        view ??= View;
        return Assert.Single(Backing.Compare(view, remote ?? Remote(view), Facts));
    }

    public BridgePlan Plan(int signer = 0, RemoteState? report = null)
    {
        LaneView view = View;
        RemoteState remote = Remote(view);
        return BridgePlan.Make(
            view, remote, Facts, report, Backing.Compare(view, remote, Facts), Signers[signer].Key);
    }

    /// <summary>Each validator looks once, what they hand in gets into blocks, and both chains go on.
    /// </summary>
    public async Task StepAsync(Func<BridgeValidator, bool>? alive = null)
    {
        foreach (BridgeValidator validator in Validators.Where(v => alive?.Invoke(v) ?? true))
        {
            await validator.LookAsync();
        }

        Ledger.Wait(6_000);
        Ledger.RunBlock();
        Node.Mine(Lag);
    }

    public async Task StepsAsync(int most, Func<bool> until, Func<BridgeValidator, bool>? alive = null)
    {
        for (int i = 0; i < most && !until(); i++)
        {
            await StepAsync(alive);
        }

        Assert.True(until(), string.Join('\n', Validators.Select(v => v.Worker.Status)));
    }

    /// <summary>One signer of each institution that has officers, by ascending key.</summary>
    private static ImmutableArray<BridgeSigner> Set(string name) =>
    [
        .. new[] { Ministry, Treasury, Bank, Regulator }
            .Select((owner, i) => new BridgeSigner(Named($"{name} {i}"), owner))
            .OrderBy(signer => signer.Key),
    ];

    private sealed class LedgerTime(World world) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            DateTimeOffset.FromUnixTimeMilliseconds((long)world.Ledger.Time.Value) + world.ClockError;
    }
}
