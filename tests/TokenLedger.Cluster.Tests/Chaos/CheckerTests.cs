// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using TokenLedger.Chaos;

namespace TokenLedger.Cluster.Tests.Chaos;

/// <summary>The checker of the kill loop can fail: each of these histories is wrong in one place.</summary>
public sealed class CheckerTests
{
    private static readonly ByteString Alice = Bytes("alice");
    private static readonly ByteString Bob = Bytes("bob");

    private readonly Checker _checker = new();

    [Fact]
    public void History_RightOne_IsTaken()
    {
        _checker.Head(0, 2, Bytes("hash 2"), Bytes("state 2"));
        _checker.Next(0, Block(1), [Pay("a", 0, 5)]);
        _checker.Next(0, Block(2), [Pay("b", 1, 7), Pay("c", 2, 1)]);
        _checker.Block(1, Block(2));
        _checker.Head(0, 2, Bytes("hash 2"), Bytes("state 2"));
        _checker.Acknowledge(new Acknowledgement(Bytes("c"), 2, 1));
        _checker.Acknowledge(new Acknowledgement(Bytes("d"), 3, 0));
        Assert.Equal(Bytes("c"), Assert.Single(_checker.Settle()).Id);
        _checker.Balance(0, Alice, "X", 100, 87);
        _checker.Balance(0, Bob, "X", 0, 13);
        _checker.Supply(0, "X", 100, 100);
        _checker.Alarms(0, 0, 0);
        _checker.Memory(0, Checker.MaxResidentBytes - 1);
        Assert.Equal(3, _checker.Transactions);
    }

    [Fact]
    public void Head_LowerThanBefore_IsSeen()
    {
        _checker.Head(0, 2, Bytes("hash 2"), Bytes("state 2"));
        _checker.Head(1, 1, Bytes("hash 1"), Bytes("state 1"));
        RequireSeen("a head never sinks", () => _checker.Head(0, 1, Bytes("hash 1"), Bytes("state 1")));
    }

    [Fact]
    public void Block_OtherHashOrState_IsSeen()
    {
        _checker.Head(0, 1, Bytes("hash 1"), Bytes("state 1"));
        const string Rule = "one block and state at a height";
        RequireSeen(Rule, () => _checker.Head(1, 1, Bytes("other"), Bytes("state 1")));
        RequireSeen(Rule, () => _checker.Block(1, Block(1) with { StateRoot = Bytes("other") }));
        RequireSeen(Rule, () => _checker.Next(1, Block(1) with { Hash = Bytes("other") }, []));
    }

    [Fact]
    public void Next_NotTheChild_IsSeen()
    {
        const string Rule = "blocks are a chain";
        _checker.Next(0, Block(1), []);
        RequireSeen(Rule, () => _checker.Next(0, Block(3), []));
        RequireSeen(Rule, () => _checker.Next(0, Block(2) with { ParentHash = Bytes("other") }, []));
    }

    [Fact]
    public void Transaction_Twice_IsSeen()
    {
        _checker.Next(0, Block(1), [Pay("a", 0, 5)]);
        RequireSeen("a transaction is final once", () => _checker.Next(0, Block(2), [Pay("a", 1, 5)]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Nonce_AgainOrWithAGap_IsSeen(ulong nonce)
    {
        _checker.Next(0, Block(1), [Pay("a", 0, 5)]);
        RequireSeen("nonces rise by one", () => _checker.Next(0, Block(2), [Pay("b", nonce, 5)]));
    }

    [Fact]
    public void Acknowledged_NotInTheChainOrElsewhere_IsSeen()
    {
        const string Rule = "what was acknowledged is in the chain";
        _checker.Next(0, Block(1), [Pay("a", 0, 5)]);
        _checker.Acknowledge(new Acknowledgement(Bytes("lost"), 1, 0));
        RequireSeen(Rule, () => _checker.Settle());
        _checker.Acknowledge(new Acknowledgement(Bytes("a"), 1, 1));
        RequireSeen(Rule, () => _checker.Settle());
    }

    [Fact]
    public void Found_NowhereOrElsewhere_IsSeen()
    {
        var told = new Acknowledgement(Bytes("a"), 1, 0);
        _checker.Found(2, told, (1, 0));
        RequireSeen("every node has what was acknowledged", () => _checker.Found(2, told, null));
        RequireSeen("every node has what was acknowledged", () => _checker.Found(2, told, (2, 0)));
    }

    [Fact]
    public void Amounts_OtherThanTheHistorys_AreSeen()
    {
        _checker.Next(0, Block(1), [Pay("a", 0, 5)]);
        RequireSeen("balances are those of the history", () => _checker.Balance(0, Bob, "X", 0, 4));
        RequireSeen("supply is the sum of balances", () => _checker.Supply(0, "X", 100, 99));
    }

    [Fact]
    public void Process_AlarmedOrTooLarge_IsSeen()
    {
        RequireSeen("nobody signs two things", () => _checker.Alarms(0, 1, 0));
        RequireSeen("notarized blocks are valid", () => _checker.Alarms(0, 0, 1));
        RequireSeen("memory is bounded", () => _checker.Memory(0, Checker.MaxResidentBytes));
    }

    private static void RequireSeen(string rule, Action wrong) =>
        Assert.Equal(rule, Assert.Throws<ViolationException>(wrong).Rule);

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    private static ByteString Bytes(string what, ulong height) =>
        Bytes(string.Create(CultureInfo.InvariantCulture, $"{what} {height}"));

    private static ToldBlock Block(ulong height) =>
        new(height, Bytes("hash", height), Bytes("hash", height - 1), Bytes("state", height));

    private static ToldTransaction Pay(string id, ulong nonce, UInt128 amount) =>
        new(Bytes(id), Alice, 0, nonce, ImmutableArray.Create(new Paid("X", Bob, amount)));
}
