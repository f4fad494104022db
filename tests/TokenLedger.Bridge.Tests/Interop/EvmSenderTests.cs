// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests.Interop;
using TokenLedger.Storage;

namespace TokenLedger.Bridge.Tests.Interop;

/// <summary>Sending on a real chain of Foundry's anvil, whose blocks are made when a test says so.</summary>
[Trait("Category", "Interop")]
public sealed class EvmSenderTests
{
    private static readonly UInt256 Gwei = 1_000_000_000ul;

    private readonly MemoryDisk _disk = new();
    private readonly Clock _clock = new();

    [Fact]
    public async Task Tend_WantedCall_IsSentOnceAndForgottenWhenItIsFinal()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        WantedCall call = Store(contract, 1, 7);
        for (int i = 0; i < 3; i++)
        {
            await sender.TendAsync([call], default);
        }

        SentTransaction sent = Assert.Single(sender.Open);
        Assert.Equal((1UL, 1UL), (sent.MessageId, sent.Signed.Transaction.Nonce));
        await anvil.MineAsync();
        await sender.TendAsync([], default);
        Assert.Single(sender.Open);
        await anvil.MineAsync(4);
        await sender.TendAsync([], default);
        Assert.Empty(sender.Open);

        // Power may undo the forgetting; the next look does it again.
        EvmSender again = Open(anvil);
        await again.TendAsync([], default);
        Assert.Empty(again.Open);
        Assert.True((await anvil.Client.ReceiptAsync(sent.Signed.Hash))!.Succeeded);
        Assert.Equal("", sender.Note);
    }

    [Fact]
    public async Task Tend_StuckTransaction_IsReplacedUnderItsNonceWithAHigherOffer()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        WantedCall call = Store(contract, 1, 7);
        await sender.TendAsync([call], default);
        SignedEip1559Transaction first = Assert.Single(sender.Open).Signed;
        _clock.Now += TimeSpan.FromSeconds(59);
        await sender.TendAsync([call], default);
        Assert.Equal(first, Assert.Single(sender.Open).Signed);
        _clock.Now += TimeSpan.FromSeconds(1);
        await sender.TendAsync([call], default);
        SignedEip1559Transaction second = Assert.Single(sender.Open).Signed;
        Assert.Equal(first.Transaction.Nonce, second.Transaction.Nonce);
        (Eip1559Transaction old, Eip1559Transaction now) = (first.Transaction, second.Transaction);
        Assert.True(now.MaxFeePerGas * 8 >= old.MaxFeePerGas * 9);
        Assert.True(now.MaxPriorityFeePerGas * 8 >= old.MaxPriorityFeePerGas * 9);
        await anvil.MineAsync();
        Assert.Null(await anvil.Client.ReceiptAsync(first.Hash));
        Assert.True((await anvil.Client.ReceiptAsync(second.Hash))!.Succeeded);
    }

    [Fact]
    public async Task Tend_RestartBeforeOrAfterSending_NeedsNoSecondNonce()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        WantedCall call = Store(contract, 1, 7);
        await Open(anvil).TendAsync([call], default);
        EvmSender sender = Open(anvil);
        await sender.TendAsync([call, Store(contract, 2, 8)], default);
        Assert.Equal([1UL, 2UL], sender.Open.Select(sent => sent.Signed.Transaction.Nonce));

        // Written down, and the process ended before it left.
        await anvil.DoAsync("anvil_dropAllTransactions");
        sender = Open(anvil);
        _clock.Now += TimeSpan.FromSeconds(60);
        await sender.TendAsync([call, Store(contract, 2, 8)], default);
        await anvil.MineAsync(5);
        Assert.Equal(3UL, await anvil.Client.NonceAsync(anvil.Key.Address, BlockId.Latest));
        Assert.Equal(1, await StoredAsync(anvil, contract, 1));
        Assert.Equal(1, await StoredAsync(anvil, contract, 2));
        await sender.TendAsync([], default);
        Assert.Empty(sender.Open);
    }

    [Fact]
    public async Task Tend_TransactionThatAReorganisationDropped_IsSentAgain()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        WantedCall call = Store(contract, 1, 7);
        await sender.TendAsync([call], default);
        await anvil.MineAsync();
        Assert.Equal(1, await StoredAsync(anvil, contract, 1));
        await anvil.DoAsync("anvil_reorg", 1, new JsonArray());
        Assert.Equal(0, await StoredAsync(anvil, contract, 1));
        _clock.Now += TimeSpan.FromSeconds(60);
        await sender.TendAsync([call], default);
        await anvil.MineAsync();
        Assert.Equal(1, await StoredAsync(anvil, contract, 1));
        Assert.Equal(2UL, await anvil.Client.NonceAsync(anvil.Key.Address, BlockId.Latest));
    }

    /// <summary>Other signers have signed the message since.</summary>
    [Fact]
    public async Task Tend_CallThatChangedWhileItWaited_GoesUnderTheSameNonceAsItIsNow()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        await sender.TendAsync([Store(contract, 1, 7)], default);
        _clock.Now += TimeSpan.FromSeconds(60);
        await sender.TendAsync([Store(contract, 2, 8) with { MessageId = 1 }], default);
        await anvil.MineAsync();
        Assert.Equal((0, 1), (await StoredAsync(anvil, contract, 1), await StoredAsync(anvil, contract, 2)));
        Assert.Equal(2UL, await anvil.Client.NonceAsync(anvil.Key.Address, BlockId.Latest));
    }

    [Fact]
    public async Task Tend_CallThatNobodyWantsAnyMore_GivesItsNonceToAnEmptyOne()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        WantedCall second = Store(contract, 2, 8);
        await sender.TendAsync([Store(contract, 1, 7), second], default);
        _clock.Now += TimeSpan.FromSeconds(60);
        await sender.TendAsync([second], default);
        Assert.Equal([0UL, 2UL], sender.Open.Select(sent => sent.MessageId));
        await anvil.MineAsync();
        Assert.Equal(3UL, await anvil.Client.NonceAsync(anvil.Key.Address, BlockId.Latest));
        Assert.Equal((0, 1), (await StoredAsync(anvil, contract, 1), await StoredAsync(anvil, contract, 2)));
    }

    [Fact]
    public async Task Tend_BaseFeeOverTheCap_WaitsAndSaysSo()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        await anvil.DoAsync("anvil_setNextBlockBaseFeePerGas", (50 * Gwei).ToHex());
        await anvil.MineAsync();
        EvmSender sender = Open(anvil, cap: 40);
        WantedCall call = Store(contract, 1, 7);
        await sender.TendAsync([call], default);
        Assert.Empty(sender.Open);
        Assert.Contains("the base fee is 50000000000 wei", sender.Note, StringComparison.Ordinal);
        await anvil.DoAsync("anvil_setNextBlockBaseFeePerGas", Gwei.ToHex());
        await anvil.MineAsync();
        await sender.TendAsync([call], default);
        Assert.Single(sender.Open);
        Assert.Equal("", sender.Note);
    }

    [Fact]
    public async Task Tend_OfferAtTheCap_IsKeptAndSentAgainAsItIs()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil, cap: 3);
        WantedCall call = Store(contract, 1, 7);
        await sender.TendAsync([call], default);
        for (int i = 0; i < 20 && sender.Note.Length == 0; i++)
        {
            _clock.Now += TimeSpan.FromSeconds(60);
            await sender.TendAsync([call], default);
        }

        Assert.Contains("close to the cap", sender.Note, StringComparison.Ordinal);
        SignedEip1559Transaction last = Assert.Single(sender.Open).Signed;
        Assert.True(last.Transaction.MaxFeePerGas <= 3 * Gwei);
        await anvil.DoAsync("anvil_dropAllTransactions");
        _clock.Now += TimeSpan.FromSeconds(60);
        await sender.TendAsync([call], default);
        await anvil.MineAsync();
        Assert.True((await anvil.Client.ReceiptAsync(last.Hash))!.Succeeded);
    }

    [Fact]
    public async Task Tend_CallThatWouldRevert_IsNotSentAndItsNoteGoes()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        await sender.TendAsync([new WantedCall(9, contract, [])], default);
        Assert.Empty(sender.Open);
        Assert.Contains("Message 9 would be refused", sender.Note, StringComparison.Ordinal);
        await sender.TendAsync([], default);
        Assert.Equal("", sender.Note);
    }

    [Fact]
    public async Task Tend_ManyCalls_AreAtMostSixteenAtOnce()
    {
        using Anvil anvil = await StartAsync();
        Address contract = await anvil.DeployAsync();
        EvmSender sender = Open(anvil);
        WantedCall[] calls = [.. Enumerable.Range(1, 20).Select(i => Store(contract, (ulong)i, 1))];
        await sender.TendAsync(calls, default);
        Assert.Equal(16, sender.Open.Count);
        await anvil.MineAsync(5);
        await sender.TendAsync(calls[16..], default);
        Assert.Equal([17UL, 18UL, 19UL, 20UL], sender.Open.Select(sent => sent.MessageId));
    }

    private static Task<Anvil> StartAsync() => Anvil.StartAsync("--slots-in-an-epoch", "2");

    private static WantedCall Store(Address contract, ulong slot, ulong value) =>
        new(slot, contract, Anvil.Store(slot, value));

    private static async Task<int> StoredAsync(Anvil anvil, Address contract, ulong slot)
    {
        ulong latest = (await anvil.LatestAsync()).Number;
        var logs = await anvil.Client.LogsAsync(EvmLogFilter.Of(contract, Anvil.Stored), 0, latest);
        return logs.Count(log => (ulong)(UInt256)Anvil.Stored.Decode(log)[0] == slot);
    }

    private BridgeJournal Journal()
    {
        _disk.Crash();
        return new BridgeJournal(new MemoryStore(_disk, BridgeJournal.Families), 31_337);
    }

    /// <summary>A sender as after a start: with what is in the journal.</summary>
    private EvmSender Open(Anvil anvil, ulong cap = 200) => new(
        [anvil.Client], anvil.Key, Journal(),
        new LaneSettings
        {
            ChainId = 31_337,
            Endpoints = [anvil.Endpoint],
            Required = 1,
            CodeHash = default,
            SignerCodeHash = default,
            Replace = TimeSpan.FromSeconds(60),
            Fees = new FeePolicy(1_000_000_000ul, cap * 1_000_000_000ul),
        },
        _clock);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(60);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
