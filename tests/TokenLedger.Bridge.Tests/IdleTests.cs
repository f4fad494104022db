// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests;

/// <summary>
/// What a validator asks of the chain abroad while nothing is under way, counted at its endpoints: all of
/// them together, the members of a batch one by one. SPEC.md has the same figures.
/// </summary>
public sealed class IdleTests
{
    private const ulong Blocks = 2_400;

    /// <summary>One look at a jump: final block, last read block, proof, events, supply; and of the block
    /// that is reported on the block, proof and supply.</summary>
    private const int MostOfALook = 8;

    /// <summary>Endpoints, how many must agree, seconds of a block, blocks that become final at once; calls
    /// and HTTP requests for each block, and the longest time without a question.</summary>
    public static TheoryData<int, int, ulong, ulong, string> Figures => new()
    {
        { 1, 1, 1, 1, "1.07 | 1.07 | 5 s" },
        { 1, 1, 12, 1, "1.50 | 1.50 | 9 s" },
        { 3, 2, 12, 1, "1.85 | 1.85 | 85 s" },
        { 3, 2, 12, 32, "1.90 | 1.90 | 205 s" },
        { 5, 3, 12, 32, "1.94 | 1.94 | 217 s" },
    };

    /// <summary>And every final block is looked at by itself.</summary>
    [Theory]
    [MemberData(nameof(Figures))]
    public async Task Look_NothingUnderWay_CostsNoMoreThanTwoCallsABlock(
        int endpoints, int required, ulong blockSeconds, ulong atOnce, string figures)
    {
        var stage = new Stage(endpoints, required, blockSeconds, atOnce);
        await stage.RunAsync(3_600);
        (long Calls, int Posts, ulong Block) before = stage.Counts;
        stage.LongestRest = 0;
        await stage.RunAsync(Blocks * blockSeconds);
        (long Calls, int Posts, ulong Block) after = stage.Counts;
        double blocks = after.Block - before.Block;

        // The last look is not rested off when the time is over.
        double calls = after.Calls - before.Calls;
        Assert.True(calls - (MostOfALook * endpoints) <= IdlePace.CallsPerBlock * blocks, $"{calls} calls");
        Assert.Equal(
            figures,
            $"{Show(calls / blocks)} | {Show((after.Posts - before.Posts) / blocks)} | "
                + $"{stage.LongestRest} s");
        Assert.Empty(stage.NotLookedAt(before.Block, after.Block));
        string row = $"| {endpoints} | {blockSeconds} s | {atOnce} | {figures} |";
        Assert.Contains(
            row, await File.ReadAllTextAsync(Repository.PathOf("src/TokenLedger.Bridge/SPEC.md")),
            StringComparison.Ordinal);
    }

    private static string Show(double figure) => figure.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A worker on a ledger at rest, with endpoints that count.</summary>
    private sealed class Stage : IAttestationSink
    {
        private const ulong PollSeconds = 4;

        private readonly World _world = new();
        private readonly RpcChain _chain = new(World.Terms, [World.Token]);
        private readonly FakeNode[] _nodes;
        private readonly EvmClient[] _clients;
        private readonly LaneWorker _worker;
        private readonly ulong _blockSeconds;
        private readonly ulong _atOnce;
        private readonly HashSet<ulong> _headers = [];
        private ulong _nextBlock;
        private ulong _nextPoll;
        private ulong _lastAsked;

        public Stage(int endpoints, int required, ulong blockSeconds, ulong atOnce)
        {
            (_blockSeconds, _atOnce, _nextBlock, _nextPoll) = (blockSeconds, atOnce, Now, Now);
            for (int i = 0; i < 200; i++)
            {
                _chain.Mine(Now);
            }

            _nodes = [.. Enumerable.Range(0, endpoints).Select(_ => new FakeNode(Answer))];
            _clients = [.. _nodes.Select(static (node, i) => node.ToClient($"endpoint-{i}"))];
            LaneSettings settings = BridgeValidator.Settings with { Required = required };
            var journal = new BridgeJournal(new MemoryStore(BridgeJournal.Families), World.ChainId);
            Address signer = World.Signers[0].Key;
            _worker = new LaneWorker(new LaneParts
            {
                LedgerId = _world.Ledger.Genesis.Hash,
                Settings = settings,
                Ledger = this,
                Remote = new SameContracts(new EvmRemoteChain(
                    new ProviderQuorum(_clients, required, TimeSpan.FromSeconds(30), TimeProvider.System),
                    World.Terms, settings)),
                Journal = journal,
                Messages = new BridgeMessages(_world.Ledger.Genesis.Hash, World.Terms),
                Signer = KeyedHashScheme.SignerOf(signer),
                Signatures = _world.Signatures,
                Sender = new EvmSender(
                    _clients, KeyedHashScheme.SignerOf(signer), journal, settings, _world.Time),
                SenderAddress = signer,
                Time = _world.Time,
            });
        }

        /// <summary>In seconds.</summary>
        public ulong LongestRest { get; set; }

        public (long Calls, int Posts, ulong Block) Counts => (
            _clients.Sum(static client => client.Provider.Requests), _nodes.Sum(static node => node.Posts),
            _chain.Latest.Header.Number);

        /// <summary>Of the blocks that became final, those whose header nobody asked for.</summary>
        public IEnumerable<ulong> NotLookedAt(ulong from, ulong to)
        {
            ulong last = _headers.Max();
            for (ulong number = from; number <= Math.Min(to, last); number++)
            {
                if (!_headers.Contains(number))
                {
                    yield return number;
                }
            }
        }

        private ulong Now => _world.Ledger.Time.Value / 1_000;

        private ulong Final => (_chain.Latest.Header.Number / _atOnce * _atOnce) - (2 * _atOnce);

        public async Task RunAsync(ulong seconds)
        {
            ulong end = Now + seconds;
            while (Now < end)
            {
                // The ledger's blocks let time pass, too.
                _world.Ledger.Wait(1_000);
                for (; _nextBlock <= Now; _nextBlock += _blockSeconds)
                {
                    _chain.Mine(_nextBlock);
                }

                if (_nextPoll <= Now)
                {
                    _nextPoll = Now + PollSeconds;
                    Assert.True(await _worker.LookAsync(default));
                    Assert.Equal("", _worker.Status.Note);
                }
            }
        }

        public T? Read<T>(ulong chainId, Func<LaneView, T> use) => use(_world.View);

        public Task<bool> SubmitAsync(
            ImmutableArray<Operation> operations, CancellationToken cancellationToken)
        {
            // What one signer reports, all do.
            foreach (var signer in World.Signers)
            {
                _world.Ledger.Run(signer.Key, operations.AsSpan());
            }

            return Task.FromResult(true);
        }

        private JsonNode? Answer(string method, JsonArray parameters)
        {
            LongestRest = Math.Max(LongestRest, Now - _lastAsked);
            _lastAsked = Now;
            JsonNode? answer = _chain.Answer(method, parameters, Final);
            if (method.StartsWith("eth_getBlock", StringComparison.Ordinal))
            {
                _headers.Add(EvmHex.ReadNumber(JsonSerializer.SerializeToElement(answer!["number"])));
            }

            return answer;
        }
    }

    /// <summary>Who compares contracts does so once an hour: seven calls to each endpoint, which are not
    /// counted here.</summary>
    private sealed class SameContracts(EvmRemoteChain chain) : IRemoteChain
    {
        public long Calls => chain.Calls;

        public Task CheckIdentityAsync(
            Hash256 ledgerId, Core.Bridge.OpenBridgeLane lane, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task<RemoteHead> FinalHeadAsync(CancellationToken cancellationToken) =>
            chain.FinalHeadAsync(cancellationToken);

        public Task<RemoteHead> ParentAsync(RemoteHead of, CancellationToken cancellationToken) =>
            chain.ParentAsync(of, cancellationToken);

        public Task<RemoteHead?> HeadAsync(ulong number, CancellationToken cancellationToken) =>
            chain.HeadAsync(number, cancellationToken);

        public Task<RemoteState> StateAsync(
            RemoteHead at, IReadOnlyCollection<ulong> nonces, IReadOnlyCollection<Address> tokens,
            CancellationToken cancellationToken) => chain.StateAsync(at, nonces, tokens, cancellationToken);

        public Task<ImmutableArray<Core.Bridge.BridgeObservation>> FactsAsync(
            ulong from, ulong to, CancellationToken cancellationToken) =>
            chain.FactsAsync(from, to, cancellationToken);

        public Task<ImmutableArray<MintRefusal>> RefusalsAsync(
            ulong from, ulong to, CancellationToken cancellationToken) =>
            chain.RefusalsAsync(from, to, cancellationToken);
    }
}
