// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests;

/// <summary>
/// Random endpoints that lie, together or alone, lag, leave out, invent, refuse or are away: what a quorum of
/// them is taken to say, so many of them say each by itself, and the number never goes down.
/// </summary>
public sealed class EvmRemoteChainLiarTests
{
    private const int Rounds = 150;

    private static readonly ImmutableArray<Address> Tokens = [World.Token, TestNetwork.Named("other token")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_RandomEndpoints_TellsOnlyWhatAsManyAsMustAgreeTell(int block)
    {
        for (int i = 0; i < Rounds; i++)
        {
            ulong seed = (ulong)((1_000 * block) + i);
            try
            {
                using var stage = new Stage(new DeterministicRandom(seed));
                await stage.CheckAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    /// <summary>The rounds above would show nothing if liars never were enough, or never too few.</summary>
    [Fact]
    public async Task Rounds_OfManySeeds_HaveAnswersAndRefusalsOfEveryRead()
    {
        var counts = new Dictionary<(string Read, bool Told), int>();
        for (ulong seed = 1_000; seed < 1_000 + Rounds; seed++)
        {
            using var stage = new Stage(new DeterministicRandom(seed));
            await stage.CheckAsync();
            foreach ((string read, bool told) in stage.Outcomes)
            {
                counts[(read, told)] = counts.GetValueOrDefault((read, told)) + 1;
            }
        }

        Assert.All((string[])["final", "block", "storage", "supplies", "events", "refusals"], read =>
            Assert.All((bool[])[true, false], told =>
                Assert.True(counts.GetValueOrDefault((read, told)) > 0, $"{read} {told}")));
    }

    /// <summary>A chain, a false one from some block on, and endpoints.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly RpcChain _true = new(World.Terms, Tokens);
        private readonly RpcChain _false;
        private readonly EvmClient[] _clients;
        private readonly string[] _kinds;
        private readonly int _required;
        private readonly DeterministicRandom _random;

        public Stage(DeterministicRandom random)
        {
            _random = random;
            ulong nonce = Grow(_true, 4 + random.Below(6), 1);
            _false = _true.Fork(_true.Latest.Header.Number);
            Grow(_true, 1 + random.Below(8), nonce);
            Grow(_false, 1 + random.Below(8), nonce);
            int count = 1 + random.Below(5);
            _required = (count / 2) + 1 + random.Below(count - (count / 2));
            _kinds = [.. Enumerable.Range(0, count).Select(_ => random.Pick(
                (string[])["true", "true", "true", "true", "false", "false", "lags", "omits", "invents",
                    "supply", "supply", "storage", "away", "refuses"]))];
            _clients = [.. _kinds.Select((kind, i) => FakeNode.Client(Answers(kind), $"{kind}-{i}"))];
        }

        public List<(string Read, bool Told)> Outcomes { get; } = [];

        public async Task CheckAsync()
        {
            await CheckFinalAsync();
            ulong top = Math.Max(_true.Latest.Header.Number, _false.Latest.Header.Number);
            ulong number = (ulong)_random.Below((int)top + 2);
            await CheckAsync("block", chain => chain.HeadAsync(number, default), Equals);
            ulong from = (ulong)_random.Below((int)top);
            await CheckAsync(
                "events", async chain => (await chain.FactsAsync(from, top, default)).ToArray(), Same);
            await CheckAsync(
                "refusals", async chain => (await chain.RefusalsAsync(from, top, default)).ToArray(), Same);

            // Of the true block or of the false one: whoever is asked about it may know it or not.
            RpcBlock block = (_random.PerMille(700) ? _true : _false).Latest;
            RemoteHead at = new(
                block.Header.Number, block.Hash, block.Header.ParentHash, block.Header.StateRoot,
                block.Header.Timestamp);
            bool proved = await CheckAsync(
                "storage", chain => chain.StateAsync(at, [1, 2, 700], [], default),
                static (one, other) => one!.Burns == other!.Burns && one.Accumulator == other.Accumulator
                    && one.Consumed.SetEquals(other.Consumed));
            if (proved)
            {
                await CheckSuppliesAsync(at);
            }
        }

        public void Dispose() => Array.ForEach(_clients, static client => client.Provider.Dispose());

        /// <summary>The newest final block is one that enough endpoints call final or are beyond, and whose
        /// hash enough tell.</summary>
        private async Task CheckFinalAsync()
        {
            EvmBlockHeader?[] finals = await Task.WhenAll(_clients.Select(
                client => TryAsync(() => client.BlockAsync(BlockId.Finalized))));
            RemoteHead? head = await TryAsync(() => Chain(_clients, _required).FinalHeadAsync(default))!;
            Outcomes.Add(("final", head is not null));
            if (head is null)
            {
                // Who lags may not know the block yet.
                Require(
                    _kinds.Count(static kind => kind is not ("false" or "away" or "refuses" or "lags"))
                        < _required, "the endpoints agree on a final block, and none is told");
                return;
            }

            Require(
                finals.Count(final => final?.Number >= head.Number) >= _required, "too few call it final");
            EvmBlockHeader?[] told = await Task.WhenAll(_clients.Select(
                client => TryAsync(() => client.BlockAsync(BlockId.Number(head.Number)))));
            Require(told.Count(block => block?.Hash == head.Hash) >= _required, "too few tell its hash");
        }

        private async Task CheckSuppliesAsync(RemoteHead at)
        {
            EvmCall[] calls =
                [.. Tokens.Select(static token => new EvmCall(token, BridgeAbi.TotalSupply.EncodeCall()))];
            byte[][]?[] alone = await Task.WhenAll(_clients.Select(
                client => TryAsync(() => client.CallAllAsync(calls, at.Hash))));
            RemoteState? state = await TryAsync(
                () => Chain(_clients, _required).StateAsync(at, [], Tokens, default));
            string?[] words = [.. alone.Select(static one =>
                one is null ? null : string.Join(' ', one.Select(static bytes => new UInt256(bytes))))];
            string? told = state is null
                ? null
                : string.Join(' ', Tokens.Select(token => (UInt256)state.Supplies[token].Units));
            Judge("supplies", told, words, string.Equals);
        }

        /// <summary>Reads from all, and from each alone.</summary>
        /// <returns>True when all together tell it.</returns>
        private async Task<bool> CheckAsync<T>(
            string what, Func<EvmRemoteChain, Task<T>> read, Func<T, T, bool> same)
        {
            Told<T>? told = await ToldAsync(Chain(_clients, _required));
            Told<T>?[] alone =
                [.. await Task.WhenAll(_clients.Select(client => ToldAsync(Chain([client], 1))))];
            Judge(what, told, alone, (one, other) => same(one!.Value, other!.Value));
            return told is not null;

            async Task<Told<T>?> ToldAsync(EvmRemoteChain chain) =>
                await TryAsync(async () => new Told<T>(await read(chain)));
        }

        private void Judge<T>(string what, T? told, T?[] alone, Func<T?, T?, bool> same)
            where T : class
        {
            Outcomes.Add((what, told is not null));
            T[] voices = [.. alone.OfType<T>()];
            int most = voices.Select(one => voices.Count(other => same(one, other)))
                .DefaultIfEmpty().Max();
            Require((told is not null) == (most >= _required), $"{what}: told by {most}, told {told}");
            Require(
                told is null || voices.Count(one => same(one, told)) >= _required,
                $"{what}: too few tell {told}");
        }

        private void Require(bool holds, string otherwise) =>
            Assert.True(holds, $"{_required} of [{string.Join(", ", _kinds)}]: {otherwise}");

        private static EvmRemoteChain Chain(IEnumerable<EvmClient> clients, int required) => new(
            new ProviderQuorum(clients, required, TimeSpan.FromSeconds(30), TimeProvider.System),
            World.Terms, BridgeValidator.Settings);

        private static async Task<T?> TryAsync<T>(Func<Task<T>> read)
            where T : class?
        {
            try
            {
                return await read();
            }
            catch (Exception e) when (e is RemoteFaultException or EvmCallException or EvmFormatException)
            {
                return null;
            }
        }

        private static bool Same<T>(T[] one, T[] other) => one.AsSpan().SequenceEqual(other);

        private ulong Grow(RpcChain chain, int blocks, ulong nonce)
        {
            for (int i = 0; i < blocks; i++)
            {
                switch (_random.Below(4))
                {
                    case 0:
                        chain.Mint(nonce++, _random.Pick(Tokens), (ulong)(1 + _random.Below(9)));
                        break;
                    case 1:
                        chain.Burn(_random.Pick(Tokens), (ulong)(1 + _random.Below(9)));
                        break;
                    case 2:
                        chain.Refuse(nonce, _random.Pick(Tokens), (byte)_random.Below(24));
                        break;
                    default:
                        break;
                }

                chain.Mine((ulong)(12 * i));
            }

            return nonce;
        }

        private Func<string, JsonArray, JsonNode?> Answers(string kind)
        {
            RpcChain chain = kind switch
            {
                "false" => _false,
                "lags" => _true.Fork(
                    _true.Latest.Header.Number - (ulong)(1 + _random.Below((int)_true.Latest.Header.Number))),
                _ => _true,
            };
            ulong final = Last(chain) - Math.Min(Last(chain), (ulong)_random.Below(3));
            int salt = _random.Below(2);
            return (method, parameters) => kind switch
            {
                "away" => throw new HttpRequestException("away"),
                "refuses" => FakeNode.Error(-32005, "limit exceeded"),
                _ => Bend(kind, method, chain.Answer(method, parameters, final), salt),
            };
        }

        private static ulong Last(RpcChain chain) => chain.Latest.Header.Number;

        private static JsonNode? Bend(string kind, string method, JsonNode? answer, int salt)
        {
            switch (kind, method, answer)
            {
                case ("omits", "eth_getLogs", JsonArray { Count: > 0 } logs):
                    logs.RemoveAt(salt % logs.Count);
                    break;
                case ("invents", "eth_getLogs", JsonArray { Count: > 0 } logs):
                    JsonObject more = logs[^1]!.DeepClone().AsObject();
                    more["logIndex"] = EvmHex.Quantity((ulong)(200 + salt));
                    logs.Add(more);
                    break;
                case ("supply", "eth_call", JsonValue):
                    return EvmHex.Data(((UInt256)(ulong)(7 + salt)).ToArray());
                case ("storage", "eth_getProof", JsonObject proof) when proof.ContainsKey("storageProof"):
                    proof["storageProof"]![0]!["value"] = EvmHex.Quantity((ulong)(70 + salt));
                    break;
                default:
                    break;
            }

            return answer;
        }

        private sealed record Told<T>(T Value);
    }
}
