// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>No node makes a watcher book what the validators did not make final.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ExampleLiarTests(ProcessCluster cluster) : IAsyncLifetime
{
    private const uint NoSuchIndex = 1_000_000;

    private string Genesis => cluster.Client.Digest.GenesisHash.ToString();

    public async Task InitializeAsync()
    {
        ExampleProgram.CopyTypeScript();
        await cluster.EnsureWholeAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Deposits_NodeForgesOne_BookNothingAndSaySo()
    {
        using PrivateKey exchange = (await Load.FundedAsync(cluster, 1))[0];
        await using LyingNode node = await LyingNode.StartAsync(cluster.Node(0));
        foreach ((string name, Lie lie) in Lies(exchange.Address))
        {
            node.Lie = lie;
            await Task.WhenAll(ExampleProgram.All.Select(async program =>
            {
                string book = Path.Combine(cluster.Folder, $"{program}.lies");
                Ended told = await WatchAsync(program, node, exchange.Address, book);
                Assert.True(told is { ExitCode: 9, Output: "" }, $"{program} {name}: {told}");
                Assert.Contains(
                    name == "network" ? "not proved: the node is of network" : "not proved: event ",
                    told.Errors, StringComparison.Ordinal);
            }));
        }

        // The books are as new: the same node, once it is honest, fills them.
        node.Lie = new Lie();
        await Task.WhenAll(ExampleProgram.All.Select(async program =>
        {
            string book = Path.Combine(cluster.Folder, $"{program}.lies");
            Ended right = await WatchAsync(program, node, exchange.Address, book);
            Assert.True(right.ExitCode == 0, $"{program}: {right}");
            Assert.Contains($"\"{Setup.UnitsEach}\"", right.Output, StringComparison.Ordinal);
        }));
    }

    private Task<Ended> WatchAsync(ExampleProgram program, LyingNode node, Address account, string book) =>
        program.RunAsync(
            "deposits", "--node", node.Address, "--genesis", Genesis, "--account", account.ToString(),
            "--book", book, "--until", "1");

    /// <summary>The first event of the account is the issue of its units: each makes something else of it.
    /// </summary>
    private static IEnumerable<(string Name, Lie Lie)> Lies(Address account)
    {
        var forged = new Transferred(
            Load.Asset, Address.Zero, account, new Amount(5), new Amount(0), new Amount(5), Tag: 7);
        yield return ("amount", new Lie
        {
            Shown = static real => Changed(real, static e => e.UnitsIssued.Amount = "9000000"),
        });
        yield return ("kind", new Lie { Shown = real => Show(real, forged) });
        yield return ("index", new Lie
        {
            Shown = real => Changed(Show(real, forged), static e => e.Index = NoSuchIndex),
        });
        yield return ("height", new Lie
        {
            Shown = real => Changed(Show(real, forged), static e => e.Height += NoSuchIndex),
        });
        yield return ("twice", new Lie
        {
            Shown = static real => Changed(real, static e => e.Index++),
            Asked = static asked => new V1.GetEventProofRequest
            {
                Height = asked.Height,
                Index = asked.Index - 1,
            },
        });
        yield return ("bytes", new Lie
        {
            Shown = real => Show(real, forged),
            Proven = real => Changed(real, proof => proof.Event = Bytes(forged)),
        });
        yield return ("header", new Lie
        {
            Proven = static real => Changed(real, static proof =>
            {
                byte[] header = proof.Header.ToByteArray();
                header[182] ^= 1;
                proof.Header = ByteString.CopyFrom(header);
            }),
        });
        yield return ("none", new Lie { Proven = static _ => new V1.GetEventProofResponse() });
        yield return ("network", new Lie
        {
            Network = static _ => new V1.GetNetworkResponse
            {
                GenesisHash = ByteString.CopyFrom(new byte[32]),
            },
        });
    }

    private static V1.Event Show(V1.Event real, Transferred forged) => new()
    {
        Height = real.Height,
        Index = real.Index,
        TimeMs = real.TimeMs,
        TransactionId = real.TransactionId,
        Transferred = new V1.Transferred
        {
            Asset = forged.Asset.ToString(),
            From = ProcessCluster.Bytes(forged.From),
            To = ProcessCluster.Bytes(forged.To),
            Amount = forged.Amount.ToString(),
            Tag = forged.Tag,
        },
    };

    private static V1.Event Changed(V1.Event real, Action<V1.Event> change)
    {
        change(real);
        return real;
    }

    private static V1.GetEventProofResponse Changed(
        V1.GetEventProofResponse real, Action<V1.EventProof> change)
    {
        change(real.Proof);
        return real;
    }

    private static ByteString Bytes(Transferred forged)
    {
        var writer = new CanonicalWriter();
        EventCodec.Write(writer, new EventRecord(0, forged));
        return ByteString.CopyFrom(writer.Written);
    }
}
