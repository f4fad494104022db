// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Evm;
using TokenLedger.Node.Bridging;
using TokenLedger.Testing;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>Limits abroad are read when asked for, once for each block, and only as enough endpoints agree.
/// </summary>
public sealed class LimitsCacheTests : IDisposable
{
    private static readonly Address Bridge = TestNetwork.Named("bridge");

    private readonly Endpoint[] _endpoints = [new("one"), new("two"), new("three")];
    private readonly LimitsCache _cache;

    public LimitsCacheTests() => _cache = new LimitsCache(() => new ProviderQuorum(
        _endpoints.Select(static endpoint => new EvmClient(endpoint.Provider)), 2, TimeSpan.FromSeconds(10),
        TimeProvider.System));

    public void Dispose() => Array.ForEach(_endpoints, static endpoint => endpoint.Provider.Dispose());

    [Fact]
    public async Task Read_WhatTheContractHolds_IsToldByName()
    {
        _endpoints[2].PerItem = 999;
        LimitsAbroad limits = await ReadAsync(7);

        Assert.Equal((7ul, false, true), (limits.Head.Number, limits.MintPaused, limits.BurnPaused));
        Assert.Equal(
            new TokenLimits(
                true, new Amount(5), new Amount(4), new RateAbroad(new Amount(6), new Amount(7), 8),
                new RateAbroad(new Amount(9), new Amount(10), 11)),
            limits.Tokens[StoredLane.Token]);
    }

    [Fact]
    public async Task Read_AgainInTheSameBlock_AsksNobody()
    {
        LimitsAbroad[] told = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(7)));
        await ReadAsync(7);
        Assert.All(told, limits => Assert.Same(told[0], limits));
        Assert.All(_endpoints, static endpoint => Assert.True(endpoint.Requests <= 1));

        Assert.Equal(8ul, (await ReadAsync(8)).Head.Number);
        Assert.All(_endpoints, static endpoint => Assert.True(endpoint.Requests <= 2));
    }

    [Fact]
    public async Task Read_OfMoreTokens_AsksAgain()
    {
        await ReadAsync(7);
        Address other = TestNetwork.Named("other token");
        Assert.Contains(other, (await ReadAsync(7, StoredLane.Token, other)).Tokens);
    }

    [Fact]
    public async Task Read_ThatTooFewAgreeOn_IsAFaultAndIsAskedAgain()
    {
        (_endpoints[0].PerItem, _endpoints[1].PerItem) = (1, 2);
        await Assert.ThrowsAsync<RemoteFaultException>(() => ReadAsync(7));

        _endpoints[1].PerItem = 1;
        Assert.Equal(new Amount(1), (await ReadAsync(7)).Tokens[StoredLane.Token].PerItem);
    }

    private Task<LimitsAbroad> ReadAsync(byte block, params Address[] tokens) => _cache.ReadAsync(
        Bridge,
        new RemoteHead(
            block, new Hash256([.. Enumerable.Repeat(block, Hash256.Size)]), default, default,
            TimeSeconds: 1),
        tokens.Length == 0 ? [StoredLane.Token] : tokens, CancellationToken.None);

    /// <summary>An endpoint that answers as the contract does.</summary>
    private sealed class Endpoint : HttpMessageHandler
    {
        private static readonly AbiFunction State = AbiFunction.Parse(
            "state(address) returns ((uint128,uint128,uint128,uint128,uint128,uint128,uint128,uint32,uint128,"
            + "uint128,uint32,bool))");

        private static readonly AbiFunction MintPaused = AbiFunction.Parse("mintPaused() returns (bool)");
        private static readonly AbiFunction BurnPaused = AbiFunction.Parse("burnPaused() returns (bool)");
        private int _requests;

        public Endpoint(string name) => Provider = new EvmProvider(
            new Uri($"http://{name}/"), TimeSpan.FromSeconds(10), TimeProvider.System, name, this);

        public EvmProvider Provider { get; }

        public int Requests => Volatile.Read(ref _requests);

        public ulong PerItem { get; set; } = 5;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            JsonArray batch =
                JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsArray();
            var answers = new JsonArray([.. batch.Select(one => (JsonNode)new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = one!["id"]!.DeepClone(),
                ["result"] = "0x" + Convert.ToHexStringLower(Answer((string)one["params"]![0]!["data"]!)),
            })]);
            return new HttpResponseMessage
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answers.ToJsonString())),
            };
        }

        private byte[] Answer(string data)
        {
            byte[] call = Convert.FromHexString(data.AsSpan(2));
            return call.AsSpan().StartsWith(State.Selector.AsSpan())
                ? AbiCodec.Encode(
                    State.Outputs,
                    [
                        new object[]
                        {
                            Word(1), Word(2), Word(3), Word(4), Word(PerItem), Word(6), Word(7), Word(8),
                            Word(9), Word(10), Word(11), true,
                        },
                    ])
                : AbiCodec.Encode(
                    MintPaused.Outputs, [call.AsSpan().StartsWith(BurnPaused.Selector.AsSpan())]);
        }

        private static UInt256 Word(ulong value) => value;
    }
}
