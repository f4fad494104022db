// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Chaos;

/// <summary>Asks nodes and feeds a <see cref="Checker"/> with what they say.</summary>
internal sealed class Auditor(ChaosCluster cluster, OfferedLoad load)
{
    /// <summary>Acknowledged transactions that every node is asked for at each look.</summary>
    private const int AskedEach = 8;

    /// <summary>
    /// Events that no fault of a disk, a process or a network explains: an invalid notarized block, an
    /// equivocation, unforeseen failures, a node that cannot go on.
    /// </summary>
    private static readonly int[] Alarms = [103, 111, 125, 126, 133, 140];

    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(10);

    public Checker Checker { get; } = new();

    /// <summary>Takes down what the nodes that run call final now.</summary>
    /// <returns>The lowest and the highest of their heads; one that does not answer counts as 0.</returns>
    public async Task<(ulong Lowest, ulong Highest)> HeadsAsync(params IEnumerable<int> nodes)
    {
        ulong lowest = ulong.MaxValue;
        ulong highest = 0;
        foreach (int node in nodes)
        {
            if (await cluster.TryStatusAsync(node) is { } status)
            {
                Checker.Head(node, status.Height, status.BlockHash, status.StateRoot);
                lowest = Math.Min(lowest, status.Height);
                highest = Math.Max(highest, status.Height);
            }
            else
            {
                lowest = 0;
            }
        }

        return (lowest, highest);
    }

    /// <summary>
    /// Waits until every node has all that any ever called final, and one block more; each answer is a
    /// statement to hold against the node.
    /// </summary>
    /// <returns>How long that took.</returns>
    public Task<TimeSpan> ResumeAsync(TimeSpan within, params IEnumerable<int> nodes)
    {
        ulong goal = Checker.Highest + 1;
        return Deadline.UntilAsync(
            string.Create(CultureInfo.InvariantCulture, $"height {goal} on all nodes"),
            within,
            async () => await HeadsAsync(nodes) is var (lowest, _) && lowest >= goal,
            cluster.Tails);
    }

    /// <summary>
    /// All rules, on nodes that run: their new blocks, one node's transactions, what clients were told since,
    /// supply, alarms, memory.
    /// </summary>
    /// <param name="from">Draws which node's transactions are read, and which payments are asked for.</param>
    /// <param name="nodes">The nodes.</param>
    public async Task LookAsync(DeterministicRandom from, IReadOnlyList<int> nodes)
    {
        await load.RequirePayingAsync();
        ulong before = Checker.Height;
        (ulong common, _) = await HeadsAsync(nodes);
        int reader = from.Pick(nodes);
        for (ulong height = before + 1; height <= common; height++)
        {
            await NextAsync(Checker, reader, height);
        }

        foreach (int node in nodes.Where(node => node != reader))
        {
            await SameBlocksAsync(node, before + 1);
        }

        while (load.Settled.TryDequeue(out Settled? settled))
        {
            Checker.Acknowledge(settled.Told);
        }

        ImmutableArray<Acknowledgement> told = Checker.Settle();
        for (int i = 0; i < Math.Min(AskedEach, told.Length); i++)
        {
            await FindAsync(from.Pick(told), nodes);
        }

        foreach (int node in nodes)
        {
            await SupplyAsync(node);
            await AlarmsAsync(node);
            Checker.Memory(node, cluster.Process(node).ResidentBytes);
        }
    }

    /// <summary>
    /// Reads every node's whole chain again, against all that was told before, and its balances. The load
    /// must have ended.
    /// </summary>
    public async Task LookAtAllAsync(IReadOnlyList<int> nodes)
    {
        await LookAsync(new DeterministicRandom(0), nodes);
        foreach (int node in nodes)
        {
            var again = new Checker();
            (ulong height, _) = await HeadsAsync(node);
            for (ulong next = 1; next <= height; next++)
            {
                Checker.Block(node, await NextAsync(again, node, next));
            }

            foreach (Core.Address account in load.Accounts)
            {
                ByteString bytes = ByteString.CopyFrom(account.ToArray());
                GetBalanceResponse balance = await cluster.Node(node).Queries.GetBalanceAsync(
                    new GetBalanceRequest { Account = bytes, Asset = OfferedLoad.Asset },
                    deadline: Deadline.In(CallWithin));
                while (again.Height < balance.AsOfHeight)
                {
                    Checker.Block(node, await NextAsync(again, node, again.Height + 1));
                }

                again.Balance(
                    node, bytes, OfferedLoad.Asset, Setup.UnitsEach.Units,
                    UInt128.Parse(balance.Amount, CultureInfo.InvariantCulture));
            }

            Checker.Require(
                again.Transactions >= Checker.Transactions, "what was acknowledged is in the chain",
                $"node {node} has {again.Transactions} transactions, and {Checker.Transactions} were final");
        }
    }

    private async Task<ToldBlock> NextAsync(Checker checker, int node, ulong height)
    {
        GetBlockResponse response = await cluster.Node(node).Queries.GetBlockAsync(
            new GetBlockRequest { Height = height }, deadline: Deadline.In(CallWithin));
        ToldBlock block = Told(response.Summary);
        checker.Next(node, block, [.. response.Transactions.Select(Told)]);
        return block;
    }

    private static ToldBlock Told(BlockSummary summary) =>
        new(summary.Height, summary.Hash, summary.ParentHash, summary.StateRoot);

    private static ToldTransaction Told(BlockTransaction transaction)
    {
        Transaction body = Transaction.Parser.ParseFrom(transaction.Transaction.Body);
        return new ToldTransaction(
            transaction.TransactionId, body.Sender, body.Lane, body.Nonce,
            transaction.Succeeded
                ? [.. body.Operations.Where(static operation => operation.Transfer is not null).Select(
                    static operation => new Paid(
                        operation.Transfer.Asset, operation.Transfer.To,
                        UInt128.Parse(operation.Transfer.Amount, CultureInfo.InvariantCulture)))]
                : []);
    }

    private async Task SameBlocksAsync(int node, ulong lowest)
    {
        string token = "";
        while (true)
        {
            ListBlocksResponse page = await cluster.Node(node).Queries.ListBlocksAsync(
                new ListBlocksRequest { PageSize = 200, PageToken = token },
                deadline: Deadline.In(CallWithin));
            foreach (BlockSummary summary in page.Blocks)
            {
                if (summary.Height < lowest)
                {
                    return;
                }

                Checker.Block(node, Told(summary));
            }

            token = page.NextPageToken;
            if (token.Length == 0)
            {
                return;
            }
        }
    }

    private async Task FindAsync(Acknowledgement told, IReadOnlyList<int> nodes)
    {
        foreach (int node in nodes)
        {
            TransactionStatus? status = null;
            try
            {
                status = (await cluster.Node(node).Transactions.GetTransactionAsync(
                    new GetTransactionRequest { TransactionId = told.Id },
                    deadline: Deadline.In(CallWithin))).Status;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                // The rule below says so.
            }

            Checker.Found(
                node, told,
                status?.State == TransactionState.Succeeded ? (status.Height, status.Index) : null);
        }
    }

    private async Task SupplyAsync(int node)
    {
        GetAssetResponse asset = await cluster.Node(node).Queries.GetAssetAsync(
            new GetAssetRequest { Asset = OfferedLoad.Asset }, deadline: Deadline.In(CallWithin));
        UInt128 held = 0;
        string token = "";
        do
        {
            // All pages are of the first one's height; nobody issues while this runs.
            ListHoldersResponse page = await cluster.Node(node).Queries.ListHoldersAsync(
                new ListHoldersRequest { Asset = OfferedLoad.Asset, PageSize = 500, PageToken = token },
                deadline: Deadline.In(CallWithin));
            foreach (Balance holder in page.Holders)
            {
                held += UInt128.Parse(holder.Amount, CultureInfo.InvariantCulture);
            }

            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Checker.Supply(
            node, OfferedLoad.Asset, UInt128.Parse(asset.Asset.Supply, CultureInfo.InvariantCulture), held);
    }

    private async Task AlarmsAsync(int node)
    {
        IReadOnlyDictionary<string, double> metrics = await cluster.MetricsAsync(node);
        Checker.Alarms(
            node, metrics["tokenledger_equivocations_total"],
            metrics["tokenledger_certification_failures_total"]);
        RequireQuietLog(node);
    }

    /// <summary>
    /// The log of the run that a node is in, or that a kill just ended: a counter dies with its process.
    /// </summary>
    public void RequireQuietLog(int node)
    {
        string log = cluster.Process(node).Output;
        foreach (int alarm in Alarms)
        {
            Checker.Require(
                !log.Contains(
                    string.Create(CultureInfo.InvariantCulture, $"\"EventId\":{alarm},"),
                    StringComparison.Ordinal),
                "no alarm is logged", $"node {node}: {cluster.Process(node).Tail()}");
        }
    }
}
