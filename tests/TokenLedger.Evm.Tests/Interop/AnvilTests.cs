// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests.Interop;

/// <summary>The client, proofs and headers on a real chain of Foundry's anvil.</summary>
[Trait("Category", "Interop")]
public sealed class AnvilTests
{
    [Theory]
    [InlineData("london")]
    [InlineData("paris")]
    [InlineData("shanghai")]
    [InlineData("cancun")]
    [InlineData("prague")]
    [InlineData("osaka")]
    public async Task Block_OfEachFork_HasItsHashAndItsParents(string fork)
    {
        using Anvil anvil = await Anvil.StartAsync("--hardfork", fork);
        await anvil.SendAsync(default(Address), [1, 2]);
        await anvil.MineAsync(3);
        EvmBlockHeader block = await anvil.LatestAsync();
        Assert.Equal(3ul, block.Number);
        Assert.Equal(fork is not ("london" or "paris"), block.WithdrawalsRoot is not null);
        Assert.Equal(fork is "cancun" or "prague" or "osaka", block.ParentBeaconBlockRoot is not null);
        Assert.Equal(fork is "prague" or "osaka", block.RequestsHash is not null);

        // Before Shanghai, anvil's first block has fields of blobs without those of Shanghai: no chain's has.
        ulong first = fork is "london" or "paris" ? 1ul : 0;
        while (block.Number > first)
        {
            EvmBlockHeader parent = (await anvil.Client.BlockAsync(block.ParentHash))!;
            Assert.Equal(parent, await anvil.Client.BlockAsync(BlockId.Number(block.Number - 1)));
            block = parent;
        }
    }

    [Fact]
    public async Task Contract_CalledAndLogged_IsReadAsItIs()
    {
        using Anvil anvil = await Anvil.StartAsync("--slots-in-an-epoch", "2");
        EvmClient client = anvil.Client;
        Address contract = await anvil.DeployAsync();
        SignedEip1559Transaction store = await anvil.SendAsync(contract, Anvil.Store(7, 1234));
        EvmTransaction waiting = (await client.TransactionAsync(store.Hash))!;
        Assert.Equal((store, anvil.Key.Address, null), (waiting.Signed, waiting.From, waiting.BlockHash));
        Assert.Null(await client.ReceiptAsync(store.Hash));
        await anvil.MineAsync();

        EvmBlockHeader block = await anvil.LatestAsync();
        EvmReceipt receipt = (await client.ReceiptAsync(store.Hash))!;
        Assert.Equal(
            (block.Hash, block.Number, true), (receipt.BlockHash, receipt.BlockNumber, receipt.Succeeded));
        Assert.Equal(block.Hash, (await client.TransactionAsync(store.Hash))!.BlockHash);
        EvmLogFilter filter = EvmLogFilter.Of(contract, Anvil.Stored);
        EvmLog log = Assert.Single(await client.LogsAsync(filter, block.Hash));
        Assert.Equal(log, Assert.Single(await client.LogsAsync(filter, 0, block.Number)));
        Assert.Equal(log, Assert.Single(receipt.Logs));
        Assert.Equal([(UInt256)7, (UInt256)1234], Anvil.Stored.Decode(log));
        Assert.True(new EvmBloom(block.LogsBloom).MayHaveLogsOf(contract));
        Assert.False(new EvmBloom(block.LogsBloom).MayHaveLogsOf(anvil.Key.Address));
        EvmBlockHeader before = (await client.BlockAsync(block.ParentHash))!;
        Assert.False(new EvmBloom(before.LogsBloom).MayHaveLogsOf(contract));
        Assert.Empty(await client.LogsAsync(filter, block.ParentHash));
        Assert.Empty(await client.LogsAsync(new EvmLogFilter([], [[default(Hash256)]]), block.Hash));
        var second = new EvmLogFilter([], [[], [log.Topics[1]]]);
        Assert.Equal(log, Assert.Single(await client.LogsAsync(second, block.Hash)));

        byte[] result = await client.CallAsync(new EvmCall(contract, Anvil.Store(1, 5)), block.Hash);
        Assert.Equal((UInt256)5, new UInt256(result));
        byte[][] results = await client.CallAllAsync(
            [new EvmCall(contract, Anvil.Store(1, 6)), new EvmCall(anvil.Key.Address, default)], block.Hash);
        Assert.Equal((UInt256)6, new UInt256(results[0]));
        Assert.Empty(results[1]);
        EvmRpcException revert = await Assert.ThrowsAsync<EvmRpcException>(() =>
            client.CallAsync(new EvmCall(contract, default), block.Hash));
        Assert.Equal((UInt256)0xAA, new UInt256(revert.RevertData.AsSpan()));
        Assert.Equal(2ul, await client.NonceAsync(anvil.Key.Address, block.Hash));
        Assert.Equal(1ul, await client.NonceAsync(anvil.Key.Address, block.ParentHash));
        Assert.Empty(await client.CodeAsync(anvil.Key.Address, block.Hash));
        Assert.NotEmpty(await client.CodeAsync(contract, block.Hash));
        ulong gas =
            await client.EstimateGasAsync(new EvmCall(contract, Anvil.Store(9, 9), anvil.Key.Address));
        Assert.InRange(gas, 40_000ul, 60_000ul);
        Assert.InRange((ulong)await client.GasPriceAsync(), 1ul, 10_000_000_000ul);
        EvmFeeHistory history = await client.FeeHistoryAsync(2, [10, 50]);
        Assert.Equal((3, 2), (history.BaseFees.Length, history.Rewards.Length));
        Assert.True(await client.BalanceAsync(anvil.Key.Address, block.Hash) > 0);
    }

    [Fact]
    public async Task Tags_SafeAndFinalized_AreEpochsBehind()
    {
        using Anvil anvil = await Anvil.StartAsync("--slots-in-an-epoch", "4");
        await anvil.MineAsync(20);
        Assert.Equal(16ul, (await anvil.Client.BlockAsync(BlockId.Safe))!.Number);
        Assert.Equal(12ul, (await anvil.Client.BlockAsync(BlockId.Finalized))!.Number);
        Assert.Null(await anvil.Client.BlockAsync(BlockId.Number(21)));
        Assert.Null(
            await anvil.Client.BlockAsync(BlockId.Hash(new Hash256([.. Enumerable.Repeat((byte)9, 32)]))));
    }

    [Theory]
    [InlineData(3001)]
    public async Task Proof_OfAccountsAndSlots_LeadsFromTheBlocksHashToTheirValues(int seed)
    {
        using Anvil anvil = await Anvil.StartAsync();
        Address contract = await anvil.DeployAsync();
        for (ulong slot = 1; slot <= 120; slot++)
        {
            await anvil.SendAsync(contract, Anvil.Store(slot, slot * slot));
            if (slot % 20 == 0)
            {
                await anvil.MineAsync();
            }
        }

        EvmBlockHeader block = await anvil.LatestAsync();
        ImmutableArray<Hash256> slots =
            [.. Enumerable.Range(0, 140).Select(slot => new Hash256(((UInt256)(ulong)slot).ToArray()))];
        EvmAccountProof proof = await anvil.Client.ProofAsync(contract, slots, block.Hash);
        EvmAccount account = proof.Verify(block.StateRoot)!;
        Assert.Equal(Keccak256.Hash(await anvil.Client.CodeAsync(contract, block.Hash)), account.CodeHash);
        Assert.Equal(
            Enumerable.Range(0, 140).Select(slot => slot <= 120 ? (UInt256)(ulong)(slot * slot) : 0),
            proof.Slots.Select(slot => slot.Value));
        Assert.Equal(81, await anvil.Client.StorageAsync(contract, slots[9], BlockId.Latest));
        Assert.Equal(0, await anvil.Client.StorageAsync(contract, slots[130], BlockId.Latest));

        EvmAccountProof sender = await anvil.Client.ProofAsync(anvil.Key.Address, [], block.Hash);
        Assert.Equal(121ul, sender.Verify(block.StateRoot)!.Nonce);
        var nobody = new Address([.. Enumerable.Repeat((byte)0xDD, 20)]);
        EvmAccountProof absent = await anvil.Client.ProofAsync(nobody, slots[..2], block.Hash);
        Assert.Null(absent.Verify(block.StateRoot));

        Hash256 other = (await anvil.Client.BlockAsync(block.ParentHash))!.StateRoot;
        Assert.Throws<EvmFormatException>(() => proof.Verify(other));
        RefuseLies(new Gen(seed), proof, block.StateRoot);
        RefuseLies(new Gen(seed), sender, block.StateRoot);
    }

    [Fact]
    public async Task Reads_OfABlockThatWasReplaced_AreErrorsAndNotAnswers()
    {
        using Anvil anvil = await Anvil.StartAsync();
        Address contract = await anvil.DeployAsync();
        SignedEip1559Transaction store = await anvil.SendAsync(contract, Anvil.Store(7, 1));
        await anvil.MineAsync();
        EvmBlockHeader old = await anvil.LatestAsync();
        await anvil.DoAsync("anvil_reorg", 1, new JsonArray());
        EvmBlockHeader replacing = await anvil.LatestAsync();
        Assert.Equal(old.Number, replacing.Number);
        Assert.NotEqual(old.Hash, replacing.Hash);

        Assert.Null(await anvil.Client.BlockAsync(old.Hash));
        Assert.Null(await anvil.Client.ReceiptAsync(store.Hash));
        EvmLogFilter filter = EvmLogFilter.Of(contract, Anvil.Stored);
        await Assert.ThrowsAsync<EvmRpcException>(() => anvil.Client.LogsAsync(filter, old.Hash));
        Assert.Empty(await anvil.Client.LogsAsync(filter, 0, replacing.Number));
        await Assert.ThrowsAsync<EvmRpcException>(() => anvil.Client.CodeAsync(contract, old.Hash));
        await Assert.ThrowsAsync<EvmRpcException>(() => anvil.Client.ProofAsync(contract, [], old.Hash));
    }

    [Fact]
    public async Task Send_ReplacementOfThePolicy_IsTakenAndALesserOneIsNot()
    {
        using Anvil anvil = await Anvil.StartAsync();
        ulong baseFee = (ulong)(await anvil.LatestAsync()).BaseFeePerGas!.Value;
        var policy = new FeePolicy(1_000_000_000, 1_000_000_000_000);
        GasFees first = policy.First(baseFee)!.Value;
        GasFees second = policy.Replace(first, baseFee)!.Value;
        SignedEip1559Transaction With(GasFees fees, byte data) => new Eip1559Transaction
        {
            ChainId = 31337,
            Nonce = 0,
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas,
            GasLimit = FeePolicy.GasLimit(21_100),
            To = new Address([.. Enumerable.Repeat((byte)7, 20)]),
            Data = [data],
        }.Sign(anvil.Key);

        await anvil.Client.SendAsync(With(first, 1));
        await Assert.ThrowsAsync<EvmRpcException>(() => anvil.Client.SendAsync(With(first, 2)));
        SignedEip1559Transaction replacing = With(second, 3);
        await anvil.Client.SendAsync(replacing);
        await anvil.MineAsync();
        Assert.True((await anvil.Client.ReceiptAsync(replacing.Hash))!.Succeeded);
        Assert.Null(await anvil.Client.ReceiptAsync(With(first, 1).Hash));
    }

    [Fact]
    public async Task Quorum_RealNodeAndLiar_TakesWhatTwoSay()
    {
        using Anvil anvil = await Anvil.StartAsync();
        await anvil.MineAsync(2);
        await using var liar = LyingServer.Body("""{"jsonrpc":"2.0","id":1,"result":"0x7a6a"}""");
        EvmClient same = Anvil.ClientOf(new Uri($"http://localhost:{anvil.Endpoint.Port}"), "the same");
        EvmClient other = Anvil.ClientOf(liar.Endpoint, "liar");
        var quorum = new ProviderQuorum(
            [other, anvil.Client, same], 2, TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Equal(31337ul,
            (await quorum.ReadAsync("chain", (client, cancel) => client.ChainIdAsync(cancel))).Value);
        QuorumAnswer<EvmBlockHeader?> block = await quorum.ReadAsync(
            "block", (client, cancel) => client.BlockAsync(BlockId.Latest, cancel));
        Assert.Equal(await anvil.LatestAsync(), block.Value);

        var strict =
            new ProviderQuorum([other, anvil.Client], 2, TimeSpan.FromSeconds(20), TimeProvider.System);
        await using var second = LyingServer.Body("""{"jsonrpc":"2.0","id":1,"result":"0x7a6a"}""");
        EvmDisagreementException e =
            await Assert.ThrowsAsync<EvmDisagreementException>(() => new ProviderQuorum(
            [Anvil.ClientOf(second.Endpoint, "liar"), anvil.Client], 2, TimeSpan.FromSeconds(20),
            TimeProvider.System)
            .ReadAsync("chain", (client, cancel) => client.ChainIdAsync(cancel)));
        Assert.Contains("[liar] 31338", e.Message, StringComparison.Ordinal);
        Assert.Contains("[anvil] 31337", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EvmUnavailableException>(() => strict.ReadAsync(
            "block", (client, cancel) => client.BlockAsync(BlockId.Latest, cancel)));
    }

    /// <summary>Whatever is changed in an answer, it is refused, or still says what is true.</summary>
    private static void RefuseLies(Gen gen, EvmAccountProof proof, Hash256 root)
    {
        EvmAccount truth = proof.Claimed;
        Refused(proof with { Claimed = truth with { Nonce = truth.Nonce + 1 } });
        Refused(proof with { Claimed = truth with { Balance = truth.Balance + 1 } });
        Refused(proof with { Claimed = truth with { StorageRoot = Hash256.Zero } });
        Refused(proof with { Claimed = truth with { CodeHash = Hash256.Zero } });
        Refused(proof with { Claimed = EvmAccount.Empty });
        Refused(proof with { Address = new Address([.. Enumerable.Repeat((byte)0xDD, 20)]) });
        Refused(proof with { Nodes = [] });
        for (int i = 0; i < 500; i++)
        {
            int at = gen.Int(0, proof.Nodes.Length);
            Refused(proof with { Nodes = proof.Nodes.SetItem(at, Changed(gen, proof.Nodes[at])) });
        }

        foreach (EvmSlotProof slot in proof.Slots)
        {
            int place = proof.Slots.IndexOf(slot);
            int at = gen.Int(0, slot.Nodes.Length);
            Refused(Put(slot with { Value = slot.Value + 1 }));
            Refused(Put(slot with { Nodes = slot.Nodes.SetItem(at, Changed(gen, slot.Nodes[at])) }));
            Refused(Put(slot with { Nodes = slot.Nodes.RemoveAt(at) }));
            EvmAccountProof Put(EvmSlotProof one) => proof with { Slots = proof.Slots.SetItem(place, one) };
        }

        void Refused(EvmAccountProof lie) => Assert.Throws<EvmFormatException>(() => lie.Verify(root));
    }

    private static ImmutableArray<byte> Changed(Gen gen, ImmutableArray<byte> node)
    {
        ImmutableArray<byte> changed = node;
        while (changed.AsSpan().SequenceEqual(node.AsSpan()))
        {
            changed = [.. gen.Mutate(node.AsSpan())];
        }

        return changed;
    }
}
