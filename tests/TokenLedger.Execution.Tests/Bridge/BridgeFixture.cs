// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>
/// A ledger with one lane, four signers of four institutions, the bond joined to it, and units of Alice's.
/// Whatever a test does, the whole state must add up when it ends.
/// </summary>
public abstract class BridgeFixture : IDisposable
{
    protected const ulong Chain = 11_155_111;
    protected const ulong GatherMs = 10_000;
    protected const ulong LifetimeMs = HourMs;

    protected static readonly Address Token = Named("token");
    protected static readonly Address Abroad = Named("abroad");
    protected static readonly Address Escrow = BridgeEscrow.Of(Chain);
    protected static readonly ImmutableArray<BridgeSigner> Signers = Set("signer");
    protected static readonly ImmutableArray<BridgeSigner> Others = Set("other signer");

    protected static readonly BridgeQuota Wide = new(
        new Amount(100_000), new Amount(500_000), new BridgeRate(new Amount(400_000), new Amount(1_000)),
        new BridgeRate(new Amount(400_000), new Amount(1_000)));

    protected BridgeFixture()
    {
        Ledger.Issue(Alice, 1_000_000);
        Ledger.Pass(MinistryMaker, Lane());
        Ledger.Pass(MinistryMaker, new MapBridgeToken(Chain, Bond, Token, Wide));
    }

    protected TestLedger Ledger { get; } = TestLedger.Start();

    protected BridgeLaneState State => Ledger.View.BridgeLane(Chain)!;

    protected BridgeTokenState Books => Ledger.View.BridgeToken(Chain, Bond)!;

    protected IEnumerable<LedgerEvent> Happened => Ledger.Events.Select(record => record.Event);

    public void Dispose()
    {
        Assert.Empty(InvariantChecker.FullCheck(Ledger.State));
        GC.SuppressFinalize(this);
    }

    protected static OpenBridgeLane Lane(ulong chain = Chain) => new(
        chain, Named("bridge"), Named("register"), Hash("genesis"), 100, LifetimeMs, GatherMs, Signers);

    /// <summary>One signer of each institution that has officers, by ascending key.</summary>
    protected static ImmutableArray<BridgeSigner> Set(string name, params Address[] institutions)
    {
        Address[] owners = institutions.Length > 0 ? institutions : [Ministry, Treasury, Bank, Regulator];
        return [.. owners.Select((o, i) => new BridgeSigner(Named($"{name} {i}"), o)).OrderBy(s => s.Key)];
    }

    protected static Hash256 Hash(string text) =>
        Hashing.Hash(DomainTag.StateValue, System.Text.Encoding.UTF8.GetBytes(text));

    protected static BridgePlace Place(ulong block = 1_000) => new(block, Hash($"block {block}"), Hash("tx"));

    protected static BridgePlace Block(ulong block) => new(block, Hash($"block {block}"), default);

    protected static BurnObserved Burn(
        ulong nonce, ulong amount, Address? to = null, ulong tag = 0, Address? token = null) => new(
        nonce, token ?? Token, Abroad, BridgeRecipient.Of(to ?? Bob, tag), new Amount(amount),
        Hash($"chain of burns {nonce}"), Place());

    protected static SupplyObserved Report(ulong block, ulong supply = 7) =>
        new(Token, new Amount(supply), 0, Block(block));

    protected static RotationObserved Rotation(ImmutableArray<BridgeSigner> signers) =>
        new(2, BridgeSignerKeys.Hash(signers), Place());

    protected static MismatchObserved Alarm(ulong block, ulong locked = 1) =>
        new(Token, new Amount(locked), new Amount(2), Block(block));

    protected ulong Lock(ulong amount = 100, Address? from = null, AssetId? asset = null)
    {
        ulong nonce = State.NextLock;
        Ledger.MustRun(
            from ?? Alice, new LockForBridge(Chain, asset ?? Bond, new Amount(amount), Abroad));
        return nonce;
    }

    /// <summary>A lock that stands in a message.</summary>
    protected ulong LockAndGather(ulong amount = 100)
    {
        ulong nonce = Lock(amount);
        Gather();
        Assert.Equal(BridgeLockStatus.Signing, LockOf(nonce).Status);
        return nonce;
    }

    protected void Gather()
    {
        Ledger.Wait(GatherMs);
        Ledger.RunBlock();
    }

    protected BridgeLockState LockOf(ulong nonce) => Ledger.View.BridgeLock(Chain, nonce)!;

    protected BridgeMessageState Message(ulong id) => Ledger.View.BridgeMessage(Chain, id)!;

    protected BridgeBurnState BurnOf(ulong nonce) => Ledger.View.BridgeBurn(Chain, nonce)!;

    /// <summary>The first signers see it; three of four make it a fact.</summary>
    protected void See(BridgeObservation fact, int votes = 3, ImmutableArray<BridgeSigner>? signers = null)
    {
        foreach (BridgeSigner signer in (signers ?? Signers).Take(votes))
        {
            Vote(signer, fact);
        }
    }

    protected void Vote(BridgeSigner signer, params BridgeObservation[] facts) =>
        Ledger.MustRun(signer.Key, new ObserveBridge(Chain, [.. facts]));

    /// <summary>Units abroad: locked and minted.</summary>
    protected void Mint(ulong amount) => See(new MintObserved(LockAndGather(amount), Place()));

    protected void Attest(ulong message, BridgeSigner signer, ulong epoch = 1) =>
        Ledger.MustRun(signer.Key, Signature(message, epoch));

    protected static AttestBridge Signature(ulong message, ulong epoch = 1) =>
        new(Chain, message, epoch, [.. new byte[Limits.SignatureBytes]]);

    protected void Fails(RejectionCode code, Address sender, Operation operation)
    {
        Receipt receipt = Ledger.Run(sender, operation);
        Assert.Equal(code, receipt.Code);
        Assert.DoesNotContain(Ledger.Events, record => record.TransactionIndex == 0);
    }

    protected void Refuses(RejectionCode code, Address maker, PrivilegedOperation operation) =>
        Fails(code, maker, new Propose([operation], Ledger.Time.Plus(HourMs), "test"));

    protected Amount Balance(Address account) => Ledger.View.Balance(account, Bond);
}
