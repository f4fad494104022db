// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Sending;
using TokenLedger.Evm;
using TokenLedger.Storage;

namespace TokenLedger.Bridge.Tests.Interop;

/// <summary>Replacing on Hardhat's node, which unlike anvil refuses what offers less than a tenth more.
/// </summary>
[Trait("Category", "Interop")]
public sealed class EvmSenderBumpTests
{
    private const ulong Gwei = 1_000_000_000;

    private static readonly TimeSpan Replace = TimeSpan.FromSeconds(60);

    private readonly MemoryDisk _disk = new();
    private readonly Clock _clock = new();

    [Fact]
    public async Task Tend_TransactionThatTheBaseFeeOutran_IsReplacedUntilItStandsInABlockOnce()
    {
        using Hardhat hardhat = await Hardhat.StartAsync();
        EvmSender sender = Open(hardhat);
        var call = new WantedCall(1, hardhat.Key.Address, [1, 2, 3]);
        await sender.TendAsync([call], default);
        SignedEip1559Transaction first = Assert.Single(sender.Open).Signed;
        Assert.True(first.Transaction.MaxFeePerGas < 10 * Gwei);

        // The spike lasts: what was offered is not enough, nor is what a smaller rise would offer.
        await hardhat.NextBaseFeeAsync(40 * Gwei);
        await hardhat.MineAsync();
        Assert.Null(await hardhat.Client.ReceiptAsync(first.Hash));
        var forms = new List<SignedEip1559Transaction> { first };
        for (int i = 0; i < 3; i++)
        {
            _clock.Now += Replace;
            await sender.TendAsync([call], default);
            Assert.Equal("", sender.Note);
            forms.Add(Assert.Single(sender.Open).Signed);
            Assert.NotNull(await hardhat.Client.TransactionAsync(forms[^1].Hash));
        }

        Assert.All(forms, form => Assert.Equal(first.Transaction.Nonce, form.Transaction.Nonce));
        Assert.Equal(forms.Count, forms.Select(static form => form.Hash).Distinct().Count());
        await hardhat.MineAsync();
        Assert.True((await hardhat.Client.ReceiptAsync(forms[^1].Hash))!.Succeeded);
        foreach (SignedEip1559Transaction replaced in forms[..^1])
        {
            Assert.Null(await hardhat.Client.ReceiptAsync(replaced.Hash));
        }

        Assert.Equal(
            first.Transaction.Nonce + 1,
            await hardhat.Client.NonceAsync(hardhat.Key.Address, BlockId.Latest));
    }

    /// <summary>That the node enforces it, without which the test above would show nothing.</summary>
    [Fact]
    public async Task Send_ReplacementForLessThanATenthMore_IsRefused()
    {
        using Hardhat hardhat = await Hardhat.StartAsync();
        Eip1559Transaction offer = Offer(hardhat, 100 * Gwei);
        await hardhat.Client.SendAsync(offer.Sign(hardhat.Key));
        EvmRpcException refused = await Assert.ThrowsAsync<EvmRpcException>(
            () => hardhat.Client.SendAsync(Offer(hardhat, 109 * Gwei).Sign(hardhat.Key)));
        Assert.Contains("underpriced", refused.Message, StringComparison.OrdinalIgnoreCase);
        SignedEip1559Transaction enough = Offer(hardhat, 110 * Gwei).Sign(hardhat.Key);
        Assert.Equal(enough.Hash, await hardhat.Client.SendAsync(enough));
    }

    private static Eip1559Transaction Offer(Hardhat hardhat, ulong fee) => new()
    {
        ChainId = 31_337,
        Nonce = 0,
        MaxPriorityFeePerGas = fee,
        MaxFeePerGas = fee,
        GasLimit = 21_000,
        To = hardhat.Key.Address,
    };

    private EvmSender Open(Hardhat hardhat) => new(
        [hardhat.Client], hardhat.Key, new BridgeJournal(
            new MemoryStore(_disk, BridgeJournal.Families), 31_337),
        new LaneSettings
        {
            ChainId = 31_337,
            Endpoints = [hardhat.Endpoint],
            Required = 1,
            CodeHash = default,
            SignerCodeHash = default,
            Replace = Replace,
            Fees = new FeePolicy(Gwei, 200 * Gwei),
        },
        _clock);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(60);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
