// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.LoadGenerator;

/// <summary>
/// Measures the bridge of a development network: what it asks of the chain abroad while nothing happens, and
/// how long many transfers take from the ledger to that chain, all of them together.
/// </summary>
/// <param name="networkFolder">The network.</param>
/// <param name="operations">The operations address of each validator.</param>
/// <param name="transfers">How many.</param>
internal sealed class BridgeBench(string networkFolder, ImmutableArray<Uri> operations, int transfers)
    : IDisposable
{
    /// <summary>Two blocks of sixty change the figure by less than 4 %; of twenty, by a tenth.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DevnetClient _network = new(networkFolder);
    private readonly HttpClient _http = new();

    /// <summary>Prints what it measured.</summary>
    /// <returns>0; 1 when not every unit is abroad in the end, or both sides differ.</returns>
    public async Task<int> RunAsync()
    {
        Lane lane = await LaneAsync();
        LaneToken token = lane.Tokens[0];
        AssetId asset = AssetId.Parse(token.Asset);
        Print($"lane                chain {lane.Terms.ChainId}, {lane.Terms.Signers.Count} signers,"
            + $" {transfers} transfers of {asset}");
        using PrivateKey exchange = _network.Key("exchange-1");
        using PrivateKey venue = _network.Key("bridge-venue-1");
        await IssueAsync(asset, exchange.Address);

        double calls = await IdleCallsAsync();
        Print(
            $"idle                {calls:F2} requests for each block abroad, of the validator that makes "
            + "most");

        UInt128 before = Minted(lane, asset);
        long started = Stopwatch.GetTimestamp();
        await LockAsync(exchange, asset, lane.Terms.ChainId, venue.Address);
        TimeSpan locked = Stopwatch.GetElapsedTime(started);
        UInt128 minted = 0;
        while (minted < (UInt128)transfers && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(Pause);
            Lane now = await LaneAsync();
            minted = Minted(now, asset) - before;
            if (now.OpenLocks == 0)
            {
                break;
            }
        }

        TimeSpan took = Stopwatch.GetElapsedTime(started);
        bool agrees = await AgreesAsync(lane.Terms.ChainId);
        Print($"locks final         {locked.TotalSeconds:F1} s");
        Print($"minted and final    {minted} of {transfers}; both sides {(agrees ? "agree" : "DIFFER")}");
        Print($"bridge {transfers} transfers {took.TotalSeconds:F1} s  idle {calls:F2} requests a block");
        return minted == (UInt128)transfers && agrees ? 0 : 1;
    }

    public void Dispose()
    {
        _http.Dispose();
        _network.Dispose();
    }

    private async Task<Lane> LaneAsync() =>
        (await _network.Nodes[0].Bridge.ListLanesAsync(new ListLanesRequest())).Lanes[0];

    private static UInt128 Minted(Lane lane, AssetId asset) => UInt128.Parse(
        lane.Tokens.Single(token => token.Asset == asset.ToString()).Minted, CultureInfo.InvariantCulture);

    private async Task IssueAsync(AssetId asset, Address to)
    {
        using PrivateKey maker = _network.Key("ministry-maker-1");
        PrivateKey[] checkers =
        [
            _network.Key("ministry-checker-1"), _network.Key("treasury-checker-1"),
            _network.Key("regulator-checker-1"),
        ];
        V1.TransactionStatus proposed = await _network.DoAsync(maker, new Propose(
            [new IssueUnits(asset, to, new Amount((UInt128)transfers))],
            new TimestampMs(DevnetClient.NowMs() + 3_600_000), "Units for a measurement"));
        await Setup.ApproveAsync(_network, checkers, proposed);
        Array.ForEach(checkers, static checker => checker.Dispose());
    }

    private async Task LockAsync(PrivateKey from, AssetId asset, ulong chainId, Address to)
    {
        Operation one = new LockForBridge(chainId, asset, new Amount(1), to);
        V1.GetNonceResponse nonce = await _network.Nodes[0].Queries.GetNonceAsync(
            new V1.GetNonceRequest { Sender = Google.Protobuf.ByteString.CopyFrom(from.Address.ToArray()) });
        V1.SubmitTransactionResponse last = new();
        ulong next = nonce.Next;
        foreach (int[] part in Enumerable.Range(0, transfers).Chunk(Limits.OperationsPerTransaction))
        {
            last = await _network.Nodes[0].Transactions.SubmitTransactionAsync(
                _network.Sign(from, next++, [.. part.Select(_ => one)]));
        }

        await _network.Nodes[0].Transactions.WaitFinalAsync(
            new V1.WaitFinalRequest { TransactionId = last.TransactionId },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
    }

    private async Task<double> IdleCallsAsync()
    {
        (double Requests, double Block)[] first = await Task.WhenAll(operations.Select(CountsAsync));
        await Task.Delay(Idle);
        (double Requests, double Block)[] second = await Task.WhenAll(operations.Select(CountsAsync));
        return first.Zip(second, static (a, b) => (b.Requests - a.Requests) / (b.Block - a.Block)).Max();
    }

    private async Task<(double Requests, double Block)> CountsAsync(Uri address)
    {
        string page = await _http.GetStringAsync(new Uri(address, "/metrics"));
        return (Sample("tokenledger_bridge_requests_total"), Sample("tokenledger_bridge_final_block"));

        double Sample(string name)
        {
            string line = page.Split('\n').Single(l => l.StartsWith(name + "{", StringComparison.Ordinal));
            return double.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..],
                CultureInfo.InvariantCulture);
        }
    }

    private async Task<bool> AgreesAsync(ulong chainId)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15))
        {
            GetBackingResponse[] said = await Task.WhenAll(_network.Nodes.Select(async node =>
                await node.Bridge.GetBackingAsync(new GetBackingRequest { ChainId = chainId })));
            if (said.All(static one => one.Tokens.All(static t => t.Verdict == Verdict.Agrees)))
            {
                return true;
            }

            await Task.Delay(Pause);
        }

        return false;
    }

    private static void Print(string line) => Console.WriteLine(line);
}
