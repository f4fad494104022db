// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Chaos;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// Three validators as processes, and a fourth that holds its real keys and misbehaves: the three go on,
/// agree, and say who it was.
/// </summary>
[Trait("Category", "Cluster")]
public sealed class ByzantineTests(ProcessCluster cluster, ITestOutputHelper output)
    : IClassFixture<ProcessCluster>
{
    private const int Guilty = 3;
    private const long MostResidentBytes = 1L << 30;

    private static readonly int[] Honest = [0, 1, 2];
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    /// <summary>Two signatures that exclude each other: the others must hold them as proof.</summary>
    private static readonly string[] Provable =
        [nameof(EquivocatingLeader), nameof(DoubleNotarizer), nameof(EvidenceFlooder)];

    public static TheoryData<string> Kinds { get; } =
        [.. Behaviours.All.Where(one => one.Where.HasFlag(Harness.Processes)).Select(NameOf)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Misbehaviour_OfOneOfFour_DoesNotStopOrForkTheOthers(string kind)
    {
        const int MoreBlocks = 6;
        const ulong Acts = 5;
        Behaviour behaviour = Behaviours.All.Single(one => NameOf(one) == kind);
        await cluster.ReachAsync(1, Within, Honest);

        cluster.KillIfRunning(Guilty);
        double evidence = await EvidenceAsync();
        await using ByzantineValidator liar = await ByzantineValidator.StartAsync(
            cluster.Folder, Guilty, behaviour.Create());
        ulong before = (await cluster.StatusAsync(0)).Height;
        await Deadline.UntilAsync(
            "it follows the others", Within, () => Task.FromResult(liar.Height >= before));

        // With traffic a block follows the other at once, and a censor has something to keep back.
        await using Load load = (await Load.StartAsync(cluster, 2)).Load;
        await Deadline.UntilAsync("it acts", Within, () => Task.FromResult(
            liar.Acts.Values.Aggregate(0ul, static (sum, count) => sum + count) >= Acts));
        ulong from = (await cluster.StatusAsync(0)).Height;
        await cluster.ReachAsync(from + MoreBlocks, Within, Honest);
        await cluster.RequireSameBlocksAsync(from, from + MoreBlocks, Honest);
        if (Provable.Contains(kind))
        {
            await Deadline.UntilAsync(
                "the evidence is counted", Within, async () => await EvidenceAsync() > evidence);
        }

        foreach (int node in Honest)
        {
            GetNodeStatusResponse status = await cluster.StatusAsync(node);
            Assert.True(status.Finalizing, status.ToString());
            long resident = cluster.ResidentBytes(node);
            Assert.True(resident < MostResidentBytes, $"node {node} has {resident} bytes");
        }

        foreach (int node in Honest)
        {
            Assert.All(Accused(cluster.Log(node)), accused => Assert.Equal(Guilty, accused));
        }

        output.WriteLine(string.Join(", ", liar.Acts));
    }

    private static string NameOf(Behaviour behaviour) => behaviour.Create().ToString()!;

    /// <summary>Validators that a node's log calls guilty.</summary>
    private static IEnumerable<int> Accused(string log)
    {
        const string Before = "\"Signer\":";
        for (int at = log.IndexOf(Before, StringComparison.Ordinal); at >= 0;
            at = log.IndexOf(Before, at + 1, StringComparison.Ordinal))
        {
            yield return log[at + Before.Length] - '0';
        }
    }

    private async Task<double> EvidenceAsync()
    {
        using var http = new HttpClient();
        double sum = 0;
        foreach (int node in Honest)
        {
            string page = await http.GetStringAsync(new Uri(cluster.Operations(node), "/metrics"));
            sum += page.Split('\n')
                .Where(static line => line.StartsWith(
                    "tokenledger_equivocations_total", StringComparison.Ordinal))
                .Sum(static line => double.Parse(
                    line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));
        }

        return sum;
    }
}
