// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Tests;
using TokenLedger.Mesh.Blocks;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Endpoints;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Tests.Data;

/// <summary>Blocks of a node that need not be believed.</summary>
public sealed class BlockReaderTests
{
    private readonly FinalChain _chain = new(static height => height.Value % 4 == 0);

    public BlockReaderTests()
    {
        _chain.Ledger.Issue(TestNetwork.Alice, 500);
        while (_chain.Ledger.Height.Value < 80)
        {
            _chain.Ledger.MustRun(
                TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)));
        }
    }

    [Fact]
    public async Task At_AnyHeight_IsTheBlockWhateverWasReadBefore()
    {
        IReadOnlyList<VerifiedBlock> all = _chain.Verified();
        await using ServedChain served = await ServedChain.StartAsync(_chain);
        using var node = new LedgerNode(Options(served));
        using BlockReader reader = Reader(node);
        foreach (ulong height in (ulong[])[0, 77, 3, 2, 41, 80, 78, 1, 0])
        {
            VerifiedBlock block = await reader.AtAsync(height, default);
            Assert.Equal(all[(int)height].Hash, block.Hash);
            Assert.Equal(all[(int)height].Events.Length, block.Events.Length);
        }

        Assert.Equal(new Height(80), (await reader.NewestAsync(default)).Header.Height);
        Assert.Equal(all[41].Hash, (await reader.OfAsync(
            new BlockName(null, all[41].Hash), default)).Hash);
        Assert.Same(
            MeshError.BlockUnknown,
            (await Assert.ThrowsAsync<MeshException>(() => reader.OfAsync(
                new BlockName(40, all[41].Hash), default))).Error);
    }

    [Fact]
    public async Task At_AHeightThatIsNotFinal_IsRefusedForNow()
    {
        await using ServedChain served = await ServedChain.StartAsync(_chain);
        using var node = new LedgerNode(Options(served));
        using BlockReader reader = Reader(node);
        MeshException refused = await Assert.ThrowsAsync<MeshException>(() => reader.AtAsync(81, default));
        Assert.Same(MeshError.BlockUnknown, refused.Error);
        Assert.True(refused.Error.Retriable);
    }

    [Theory]
    [InlineData("event")]
    [InlineData("transaction")]
    [InlineData("header")]
    [InlineData("certificate")]
    [InlineData("another")]
    [InlineData("rubbish")]
    public async Task At_ANodeThatLies_IsNotBelieved(string lie)
    {
        List<V1.FinalBlock> blocks = [.. _chain.Blocks.Select(static block => block.Clone())];
        V1.FinalBlock asked = blocks[40];
        switch (lie)
        {
            case "event":
                asked.Events[0] = blocks[39].Events.Count > 1 ? blocks[39].Events[1] : blocks[38].Events[0];
                asked.Events.Add(asked.Events[0]);
                break;
            case "transaction":
                asked.Transactions[0] = blocks[39].Transactions[0];
                break;
            case "header":
                asked.Header = ByteString.CopyFrom(
                    [.. asked.Header.Span[..^1], (byte)(asked.Header.Span[^1] ^ 1)]);
                break;
            case "certificate":
                asked.Certificate = blocks[44].Certificate;
                break;
            case "another":
                blocks[40] = blocks[44];
                break;
            default:
                asked.Header = ByteString.CopyFrom(1, 2, 3);
                break;
        }

        await using ServedChain served = await ServedChain.StartAsync(
            _chain.GenesisBytes, static () => 80, from => blocks.Skip((int)from));
        using var node = new LedgerNode(Options(served));
        using BlockReader reader = Reader(node);
        MeshException refused = await Assert.ThrowsAsync<MeshException>(() => reader.AtAsync(40, default));
        Assert.Same(MeshError.NodeUnverified, refused.Error);
    }

    [Fact]
    public async Task At_ANodeThatStopsHalfway_AnswersWhatCameAndKeepsIt()
    {
        // Blocks 1 to 12 come and then nothing; the certificate of 12 makes all of them final.
        List<ulong> asked = [];
        await using ServedChain served = await ServedChain.StartAsync(
            _chain.GenesisBytes, static () => 80, from =>
            {
                asked.Add(from);
                return _chain.Blocks.Take(13).Skip((int)from);
            });
        using var node = new LedgerNode(Options(served));
        using BlockReader reader = Reader(node);
        for (ulong height = 1; height <= 12; height++)
        {
            Assert.Equal(height, (await reader.AtAsync(height, default)).Header.Height.Value);
        }

        Assert.Equal([1UL], asked);
    }

    [Fact]
    public async Task At_AReaderThatGivesUp_IsNoFailureOfTheNode()
    {
        await using ServedChain served = await ServedChain.StartAsync(
            _chain.GenesisBytes, static () => 80, static _ => []);
        using var node = new LedgerNode(Options(served));
        using BlockReader reader = Reader(node);
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.AtAsync(40, gone.Token));
    }

    [Fact]
    public async Task At_BlocksThatAreLarge_ReadsNoFurtherThanIsKept()
    {
        // A field that the reader does not know counts, as it takes room while it comes.
        byte[] filling = new byte[1 << 20];
        List<ulong> asked = [];
        int sent = 0;
        await using ServedChain served = await ServedChain.StartAsync(
            _chain.GenesisBytes, static () => 80, from =>
            {
                asked.Add(from);
                return _chain.Blocks.Skip((int)from).Select(block =>
                {
                    sent++;
                    return Larger(block, filling);
                });
            });
        using var node = new LedgerNode(Options(served));
        using BlockReader reader = Reader(node);
        await reader.AtAsync(1, default);
        int few = (int)(Limits.MeshBytesAhead >> 20);
        await reader.AtAsync(4, default);
        Assert.Equal([1UL], asked);
        Assert.InRange(few, 4, Limits.MeshBlocksAhead / 2);
        await reader.AtAsync(20, default);
        Assert.Equal([1UL, 20UL], asked);
    }

    [Theory]
    [InlineData(1, null, 0)]
    [InlineData(11, null, 11)]
    [InlineData(11, 14, 14)]
    public async Task Events_OfANodeThatBeganWithASnapshot_BeginWhereItDoes(
        ulong oldest, int? offset, int first)
    {
        const int Head = 16;
        PrivateKey[] keys =
            [.. Enumerable.Range(1, 4).Select(static i => PrivateKey.Import([.. new byte[31], (byte)i]))];
        var chain = new FinalChain(static height => height.Value % 4 == 0, keys);
        while (chain.Ledger.Height.Value < Head)
        {
            chain.Ledger.Issue(TestNetwork.Alice, 5);
        }

        await using ServedChain served = await ServedChain.StartAsync(
            chain.GenesisBytes, static () => Head, from => chain.Blocks.Skip((int)from), oldest);
        var network = new MeshNetwork(chain.Genesis);
        MeshOptions options = Options(served) with { GenesisHash = chain.GenesisHash };
        using var online = new OnlineParts(network, options, NullLogger.Instance);
        using var adapter = new InProcess(MeshHost.Handlers(network, online), chain.Genesis.NetworkName);
        JsonElement told = await adapter.Client.AskAsync(
            "/events/blocks", offset is { } from ? [("offset", from)] : []);
        Assert.Equal(first, told.GetProperty("events")[0].GetProperty("sequence").GetInt32());
        Assert.Equal(Head + 1 - first, told.GetProperty("events").GetArrayLength());
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Fact]
    public void Cache_OverItsBytes_ForgetsWhatCameFirst()
    {
        IReadOnlyList<VerifiedBlock> all = _chain.Verified();
        var cache = new BlockCache(250);
        cache.Add(all[1], 100);
        cache.Add(all[2], 100);
        cache.Add(all[2], 100);
        Assert.Equal(200, cache.Bytes);
        cache.Add(all[3], 100);
        Assert.Equal(200, cache.Bytes);
        Assert.Null(cache.At(1));
        Assert.Null(cache.HeightOf(all[1].Hash));
        Assert.Equal(3UL, cache.HeightOf(all[3].Hash));
        cache.Add(all[4], 251);
        Assert.Null(cache.At(4));
    }

    [Fact]
    public void Inline_MoreOperationsThanOneAnswerHas_LeavesTheRestToBeAskedFor()
    {
        const int Each = 50;
        MeshTransaction[] one =
        [
            new MeshTransaction(default, true, [.. Enumerable.Repeat(
                new MeshOperation(OperationTypes.Freeze, default), Each)], []),
        ];
        int fit = Limits.MeshInlineOperations / Each;
        ImmutableArray<MeshTransaction> many = [.. Enumerable.Repeat(one[0], fit + 1)];
        Assert.Equal(fit, BlockEndpoints.Inline(many[..fit]));
        Assert.Equal(fit, BlockEndpoints.Inline(many));
        MeshTransaction large = one[0] with
        {
            Operations = [.. Enumerable.Repeat(one[0].Operations[0], Limits.MeshInlineOperations + 1)],
        };
        Assert.Equal(1, BlockEndpoints.Inline([large, one[0]]));
    }

    [Fact]
    public void Submitted_MoreThanAreKept_ForgetsTheOldest()
    {
        var submitted = new SubmittedTransactions();
        Transaction content = _chain.Ledger.Draft(TestNetwork.Alice);
        Hash256[] ids = [.. Enumerable.Range(0, Limits.MeshPendingTransactions + 1).Select(static i =>
            Hashing.Hash(DomainTag.StateValue, BitConverter.GetBytes(i)))];
        foreach (Hash256 id in ids)
        {
            submitted.Add(id, content);
        }

        Assert.Null(submitted.Find(ids[0]));
        Assert.Same(content, submitted.Find(ids[1]));
        Assert.Equal(Limits.MeshPendingTransactions, submitted.Waiting().Count);
    }

    [Fact]
    public void Submitted_MoreThanAreAskedAboutAtOnce_TakeTurns()
    {
        var submitted = new SubmittedTransactions();
        Transaction content = _chain.Ledger.Draft(TestNetwork.Alice);
        Hash256[] ids = [.. Enumerable.Range(0, 5).Select(static i =>
            Hashing.Hash(DomainTag.StateValue, BitConverter.GetBytes(i)))];
        Array.ForEach(ids, id => submitted.Add(id, content));

        Assert.Equal(ids[..3], submitted.TakeTurns(3));
        Assert.Equal([ids[3], ids[4], ids[0]], submitted.TakeTurns(3));
        submitted.Heard(ids[1], waits: false);
        submitted.Remove(ids[2]);
        Assert.Equal([ids[0], ids[3], ids[4]], submitted.Waiting());
        Assert.Equal([ids[1], ids[3]], submitted.TakeTurns(2));
        Assert.True(Limits.MeshPendingAsked < Limits.MeshPendingTransactions);

        submitted.RemoveOver(content.ValidUntil.Value);
        Assert.Equal(3, submitted.Waiting().Count);
        submitted.RemoveOver(content.ValidUntil.Value + 1);
        Assert.Empty(submitted.TakeTurns(5));
    }

    /// <summary>The same block with a field that is not known, which is taken and means nothing.</summary>
    private static V1.FinalBlock Larger(V1.FinalBlock block, byte[] filling)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        block.WriteTo(output);
        output.WriteTag(1000, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(filling));
        output.Flush();
        return V1.FinalBlock.Parser.ParseFrom(bytes.ToArray());
    }

    private BlockReader Reader(LedgerNode node) =>
        new(new MeshNetwork(_chain.Genesis), node, _chain.Scheme, NullLogger.Instance);

    private MeshOptions Options(ServedChain served) =>
        new("genesis.json", _chain.GenesisHash, new IPEndPoint(IPAddress.Loopback, 1))
        {
            Endpoint = served.Endpoint,
        };
}
