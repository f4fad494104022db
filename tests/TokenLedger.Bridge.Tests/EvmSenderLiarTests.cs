// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Sending;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Evm;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests;

/// <summary>One of three nodes lies: what is sent is what the other two would have sent, and no later.
/// </summary>
public sealed class EvmSenderLiarTests
{
    private const ulong TrueNonce = 20;
    private const ulong TrueGas = 100_000;

    private static readonly Address Sender = TestNetwork.Named("sender");

    private readonly World _world = new();
    private readonly ModelNode _liar;
    private readonly MemoryDisk _disk = new();

    public EvmSenderLiarTests()
    {
        _liar = new ModelNode(_world.Chain, _world.Signatures);
        _world.Chain.Now = _world.Chain.Now with
        {
            Nonces = _world.Chain.Now.Nonces.SetItem(Sender, TrueNonce),
        };
        _world.Mine();
    }

    public static TheoryData<string, int> Lies
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string lie in (string[])
                ["no nonce", "nonce 15 ahead", "nonce far ahead", "nonce that no account has", "free block",
                    "base fee above the cap", "base fee twice as high", "no gas", "all gas", "refuses",
                    "is no node", "hangs", "takes and drops"])
            {
                for (int place = 0; place < 3; place++)
                {
                    cases.Add(lie, place);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Tend_OneOfThreeNodesLies_SendsWhatTheOthersWouldHave(string lie, int place)
    {
        EvmSender sender = Open(place);
        Begin(lie);
        await sender.TendAsync([Wanted(1), Wanted(2)], default);
        Assert.Equal("", sender.Note);
        Assert.Equal([TrueNonce, TrueNonce + 1], Nonces(sender));
        GasFees honest = BridgeValidator.Settings.Fees.First(_world.Chain.BaseFee)!.Value;
        Assert.All(sender.Open.Select(static sent => sent.Signed.Transaction), one =>
        {
            Assert.Equal(honest, new GasFees(one.MaxPriorityFeePerGas, one.MaxFeePerGas));
            Assert.Equal(FeePolicy.GasLimit(TrueGas), one.GasLimit);
        });
        Assert.Equal(2, _world.Node.Mine(0).Count);
        await sender.TendAsync([], default);
        Assert.Empty(sender.Open);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Tend_OneOfThreeNodesLiesWhileOneWaits_ForgetsNothingAndOffersNoMore(
        string lie, int place)
    {
        _world.Node.Includes = static (_, _) => false;
        EvmSender sender = Open(place);
        await sender.TendAsync([Wanted(1)], default);
        SentTransaction first = Assert.Single(sender.Open);
        Begin(lie);
        await sender.TendAsync([Wanted(1)], default);
        Assert.Equal(first, Assert.Single(sender.Open));
        _world.Ledger.Wait((ulong)BridgeValidator.Settings.Replace.TotalMilliseconds);
        await sender.TendAsync([Wanted(1)], default);
        Eip1559Transaction again = Assert.Single(sender.Open).Signed.Transaction;
        GasFees honest = BridgeValidator.Settings.Fees.Replace(
            new GasFees(
                first.Signed.Transaction.MaxPriorityFeePerGas, first.Signed.Transaction.MaxFeePerGas),
            _world.Chain.BaseFee)!.Value;
        Assert.Equal((TrueNonce, honest.MaxFeePerGas), (again.Nonce, again.MaxFeePerGas));
    }

    [Fact]
    public async Task Tend_NoMoreThanHalfAnswer_SendsNothingAndSaysSo()
    {
        EvmSender sender = new(
            [_world.Node.Client(static _ => { }), _liar.Client(static _ => { })],
            KeyedHashScheme.SignerOf(Sender), Journal(), BridgeValidator.Settings, _world.Time);
        Begin("is no node");
        await sender.TendAsync([Wanted(1)], default);
        Assert.Empty(sender.Open);
        Assert.StartsWith(
            "1 of 2 endpoints tell the sender's nonce after the finalized block; 2 must.", sender.Note,
            StringComparison.Ordinal);
    }

    private static ulong[] Nonces(EvmSender sender) =>
        [.. sender.Open.Select(static sent => sent.Signed.Transaction.Nonce)];

    private static WantedCall Wanted(ulong message) => new(message, TestNetwork.Named("to"), []);

    private void Begin(string lie)
    {
        switch (lie)
        {
            case "hangs":
                _liar.Answers = new TaskCompletionSource().Task;
                break;
            case "refuses":
                _liar.Lie = static method =>
                    method == "eth_estimateGas" ? throw new RevertException("so it says") : null;
                break;
            case "is no node":
                _liar.Lie = static _ => throw new RevertException("go away");
                break;
            case "takes and drops":
                _liar.Keeps = static (_, _) => false;
                break;
            default:
                (string method, Func<JsonNode> answer) = Told(lie);
                _liar.Lie = asked => asked == method ? answer() : null;
                break;
        }
    }

    private (string Method, Func<JsonNode> Answer) Told(string lie) => lie switch
    {
        "no nonce" => ("eth_getTransactionCount", static () => "0x0"),
        "nonce 15 ahead" => ("eth_getTransactionCount", static () => EvmHex.Quantity(TrueNonce + 15)),
        "nonce far ahead" => ("eth_getTransactionCount", static () => EvmHex.Quantity(1_000_000UL)),
        "nonce that no account has" => ("eth_getTransactionCount", static () => "0xffffffffffffffff"),
        "free block" => Block(UInt256.Zero),
        "base fee above the cap" => Block(BridgeValidator.Settings.Fees.Cap + 1),
        "base fee twice as high" => Block(2 * _world.Chain.BaseFee),
        "no gas" => ("eth_estimateGas", static () => "0x0"),
        "all gas" => ("eth_estimateGas", static () => "0xffffffffffffffff"),
        _ => throw new ArgumentOutOfRangeException(nameof(lie), lie, null),
    };

    /// <summary>The newest block as it would be with another base fee: its hash fits.</summary>
    private (string Method, Func<JsonNode> Answer) Block(UInt256 baseFee) => (
        "eth_getBlockByNumber",
        () => ModelNode.Json(_world.Chain.Latest.Header with { BaseFeePerGas = baseFee }));

    private BridgeJournal Journal() =>
        new(new MemoryStore(_disk, BridgeJournal.Families), World.ChainId);

    private EvmSender Open(int place)
    {
        List<EvmClient> clients = [_world.Node.Client(static _ => { }), _world.Node.Client(static _ => { })];
        clients.Insert(place, _liar.Client(static _ => { }));
        return new EvmSender(
            clients, KeyedHashScheme.SignerOf(Sender), Journal(), BridgeValidator.Settings, _world.Time);
    }
}
