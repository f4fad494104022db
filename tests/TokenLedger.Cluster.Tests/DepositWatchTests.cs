// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// The watcher of deposits as a real process, killed at random moments together with the nodes that serve it.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class DepositWatchTests(ProcessCluster cluster)
{
    private const int Deposits = 120;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Watch_KilledAgainAndAgain_MissesNothingAndDuplicatesHaveTheSameId()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        string state = Path.Combine(cluster.Folder, $"watch-{keys[1].Address}.json");
        var seen = new List<JsonNode>();
        Task paying = PayAsync(keys);
        int kills = 0;
        await Deadline.UntilAsync("every deposit was seen", Within, async () =>
        {
            bool last = paying.IsCompleted && kills >= 4;
            using Process watch = Start(keys[1].Address, state);
            int wanted = last ? int.MaxValue : 3 + (7 * kills);
            using var patience = new CancellationTokenSource(Within);
            for (int i = 0; i < wanted && seen.Select(Id).Distinct().Count() < Deposits; i++)
            {
                string? line = await watch.StandardOutput.ReadLineAsync(patience.Token);
                Assert.NotNull(line);
                seen.Add(JsonNode.Parse(line)!);
                if (i + 1 < wanted)
                {
                    await watch.StandardInput.WriteLineAsync(Id(seen[^1]));
                    await watch.StandardInput.FlushAsync(patience.Token);
                }
            }

            // SIGKILL, with a deposit that was not acknowledged; and, once, the node that it reads from.
            watch.Kill();
            await watch.WaitForExitAsync();
            if (kills++ == 2)
            {
                cluster.Kill(0);
                cluster.Start(0);
            }

            return seen.Select(Id).Distinct().Count() == Deposits;
        }, () => $"{seen.Count} seen, {seen.Select(Id).Distinct().Count()} of {Deposits}, {kills} kills");
        await paying;
        await cluster.EnsureWholeAsync();

        // What came more than once came whole and the same; the tags say which ones there must be.
        Assert.All(
            seen.GroupBy(Id), group => Assert.Single(group.Select(d => d.ToJsonString()).Distinct()));
        Assert.Equal(
            Enumerable.Range(1, Deposits),
            seen.DistinctBy(Id).Select(d => int.Parse((string)d["tag"]!)).Order());
        Array.ForEach(keys, static key => key.Dispose());
    }

    private static string Id(JsonNode deposit) => (string)deposit["id"]!;

    private async Task PayAsync(PrivateKey[] keys)
    {
        for (int i = 0; i < Deposits; i += 4)
        {
            int first = i;
            var request = cluster.Client.Sign(keys[0], (ulong)(i / 4), [.. Enumerable.Range(1, 4).Select(n =>
                (Operation)new Transfer(
                    Load.Asset, keys[1].Address, new Amount(1), Tag: (ulong)(first + n)))]);
            var sent = await cluster.Node(1).Transactions.SubmitTransactionAsync(request);
            await cluster.FinalAsync(1, sent.TransactionId, Within);
        }
    }

    private Process Start(Address account, string state)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "tl"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in (string[])
            [
                "exchange", "deposits", "watch", "--account", account.ToString(), "--state", state, "-o",
                "ndjson", "--ack", "--context", Path.Combine(cluster.Folder, "client", "context.json"),
            ])
        {
            start.ArgumentList.Add(word);
        }

        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process;
    }
}
