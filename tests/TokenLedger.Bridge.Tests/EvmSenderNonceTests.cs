// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Sending;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests;

/// <summary>Nonces when a node lies about them: it costs time, and no more.</summary>
public sealed class EvmSenderNonceTests
{
    private static readonly Address Sender = TestNetwork.Named("sender");

    private readonly World _world = new();
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tend_NodeThatOnceToldALaterNonce_SendsUnderTheTrueOneAfterwards(bool restarted)
    {
        EvmSender sender = Open();
        Say(1_000_000);
        await sender.TendAsync([Wanted(1)], default);
        Assert.Equal([1_000_000UL], Nonces(sender));
        Say(0);
        sender = restarted ? Open() : sender;
        await sender.TendAsync([Wanted(2)], default);
        Assert.Equal([0UL], Nonces(sender));
        _world.Ledger.Wait(120_000);
        await sender.TendAsync([Wanted(1), Wanted(2)], default);
        Assert.Equal([0UL, 1UL], Nonces(sender));
    }

    [Fact]
    public async Task Tend_NodeThatOnceToldAnEarlierNonce_GoesOnWhereItWas()
    {
        EvmSender sender = Open();
        Say(20);
        await sender.TendAsync([Wanted(1)], default);
        Say(0);
        await sender.TendAsync([Wanted(1), Wanted(2)], default);
        Say(20);
        _world.Ledger.Wait(120_000);
        await sender.TendAsync([Wanted(1), Wanted(2)], default);
        Assert.Equal([20UL, 21UL], Nonces(sender));
    }

    [Fact]
    public async Task Tend_NodeThatTellsANonceThatNoAccountHas_SendsNothing()
    {
        EvmSender sender = Open();
        Say(ulong.MaxValue);
        await sender.TendAsync([Wanted(1)], default);
        Assert.Empty(sender.Open);
        Assert.Contains("which no account has", sender.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tend_OneNodeOfTwoThatCallsAnOpenNonceFinal_ForgetsNothing()
    {
        var liar = new World();
        EvmSender sender = Open(liar.Node);
        await sender.TendAsync([Wanted(1)], default);
        Say(20, liar);
        await sender.TendAsync([Wanted(1)], default);
        Assert.Equal([0UL], Nonces(sender));
        Say(20);
        await sender.TendAsync([], default);
        Assert.Empty(sender.Open);
    }

    private static ulong[] Nonces(EvmSender sender) =>
        [.. sender.Open.Select(sent => sent.Signed.Transaction.Nonce)];

    /// <summary>A call that the model takes: it has no data.</summary>
    private static WantedCall Wanted(ulong message) => new(message, TestNetwork.Named("to"), []);

    private void Say(ulong nonce, World? world = null)
    {
        world ??= _world;
        world.Chain.Now = world.Chain.Now with
        {
            Nonces = world.Chain.Now.Nonces.SetItem(Sender, nonce),
        };
        world.Mine();
    }

    private EvmSender Open(params ModelNode[] before)
    {
        _disk.Crash();
        return new EvmSender(
            [.. before.Append(_world.Node).Select(static node => node.Client(static _ => { }))],
            KeyedHashScheme.SignerOf(Sender),
            new BridgeJournal(new MemoryStore(_disk, BridgeJournal.Families), World.ChainId),
            BridgeValidator.Settings, _world.Time);
    }
}
