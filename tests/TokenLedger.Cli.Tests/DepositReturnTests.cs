// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Tests;

/// <summary>tl exchange deposits return: once, whatever became of the attempts before.</summary>
public sealed class DepositReturnTests
{
    private const ulong Later = FakeLedger.StartMs;

    [Fact]
    public async Task Return_RunAgain_SendsBackOnceToTheSendersTag()
    {
        await using CliHarness tl = await DepositAsync();
        CliResult first = await ReturnAsync(tl);
        CliResult second = await ReturnAsync(tl);

        Assert.Equal((0, 0), (first.Exit, second.Exit));
        Assert.Equal((string)first.Json["transactionId"]!, (string)second.Json["transactionId"]!);
        Transferred back = Assert.Single(tl.Ledger.Events.Skip(1)).Transferred;
        Assert.Equal(("500", 77UL), (back.Amount, back.Tag));
        Assert.Equal(FakeLedger.Bytes(tl["treasury"]), back.To);
    }

    [Theory]
    [InlineData(TransactionState.Expired)]
    [InlineData(TransactionState.Replaced)]
    [InlineData(TransactionState.Failed)]
    public async Task Return_AttemptThatIsOverForEver_IsMadeAgainUnderAnotherId(TransactionState end)
    {
        await using CliHarness tl = await DepositAsync();
        Hash256 first = await StalledAsync(tl);
        tl.Ledger.Transactions[first].State = end;

        CliResult again = await ReturnAsync(tl);
        Assert.Equal(0, again.Exit);
        Assert.NotEqual(first.ToString(), (string)again.Json["transactionId"]!);
        Assert.Equal(3, tl.Ledger.RequestIds.Count);
        Assert.Equal(0, (await ReturnAsync(tl)).Exit);
        Assert.Single(tl.Ledger.Events.Skip(1));
    }

    [Fact]
    public async Task Return_TimeOverAndInNoBlock_IsMadeAgainOnlyOnceALaterBlockShowsIt()
    {
        await using CliHarness tl = await DepositAsync();
        Hash256 first = await StalledAsync(tl, "--expires", "1s");
        ulong deposit = tl.Ledger.Events[0].Height;
        tl.Ledger.Transactions.Remove(first);

        // Until a block after its time is final, and while the node lacks blocks, nothing is signed.
        tl.Nodes[0].Status = new GetNodeStatusResponse { BlockTimeMs = 1, OldestBlockHeight = 1 };
        CliResult early;
        do
        {
            early = await ReturnAsync(tl, "--timeout", "1s");
        }
        while (early.ErrorCode != "OUTCOME_UNKNOWN" || !early.Error.Contains("time of request"));

        Assert.Equal(7, early.Exit);
        tl.Nodes[0].Status = new GetNodeStatusResponse
        {
            BlockTimeMs = Later,
            OldestBlockHeight = deposit + 1,
        };
        CliResult pruned = await ReturnAsync(tl);
        Assert.Equal((7, "OUTCOME_UNKNOWN"), (pruned.Exit, pruned.ErrorCode));
        Assert.Single(tl.Ledger.Events);

        tl.Nodes[0].Status = new GetNodeStatusResponse { BlockTimeMs = Later, OldestBlockHeight = deposit };
        tl.Ledger.Stalled = false;
        Assert.Equal(0, (await ReturnAsync(tl)).Exit);
        Assert.Single(tl.Ledger.Events.Skip(1));
    }

    [Fact]
    public async Task Return_AttemptUnderWay_SendsTheSameBytes()
    {
        await using CliHarness tl = await DepositAsync();
        await StalledAsync(tl);
        int arrived = tl.Ledger.Arrived.Count;
        tl.Ledger.Stalled = true;
        CliResult again = await ReturnAsync(tl, "--timeout", "300ms");
        Assert.Equal((7, "OUTCOME_UNKNOWN"), (again.Exit, again.ErrorCode));
        Assert.Single(tl.Ledger.Arrived.Skip(arrived - 1).Distinct());
    }

    [Fact]
    public async Task Return_WhatIsNoDepositOrNotProved_SignsNothing()
    {
        await using CliHarness tl = await DepositAsync();
        int arrived = tl.Ledger.Arrived.Count;
        ulong height = tl.Ledger.Events[0].Height;
        CliResult absent = await tl.RunAsync(
            "exchange", "deposits", "return", $"{height}/5", "--from", "checker", "-o", "json");
        CliResult foreign = await tl.RunAsync(
            "exchange", "deposits", "return", $"{height}/0", "--from", "maker", "-o", "json");
        EventProof forged = ProvenLedger.ProveEvent(
            height, FakeLedger.StartMs + height, tl.Ledger.Records[height], 0);
        forged.Event = Google.Protobuf.ByteString.CopyFrom([.. forged.Event.Span[..^1], 1]);
        tl.Nodes[0].EventProof = forged;
        CliResult unproved = await ReturnAsync(tl);
        CliResult named = await ReturnAsync(tl, "--request-id", "6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11");

        Assert.Equal((3, "DEPOSIT_UNKNOWN"), (absent.Exit, absent.ErrorCode));
        Assert.Equal((3, "DEPOSIT_UNKNOWN"), (foreign.Exit, foreign.ErrorCode));
        Assert.Equal((9, "DEPOSIT_UNPROVED"), (unproved.Exit, unproved.ErrorCode));
        Assert.Equal(2, named.Exit);
        Assert.Equal(arrived, tl.Ledger.Arrived.Count);
    }

    /// <summary>An exchange, whose key is checker's, with one deposit that asks for tag 77.</summary>
    private static async Task<CliHarness> DepositAsync()
    {
        CliHarness tl = await CliHarness.StartAsync();
        CliResult paid = await tl.RunAsync(
            "transfer", "send", "PIB-27", "--to", "checker", "--amount", "5", "--tag", "3", "--source-tag",
            "77", "--from", "treasury");
        Assert.Equal(0, paid.Exit);
        return tl;
    }

    /// <summary>Makes an attempt that stays pending, and ends the stall.</summary>
    private static async Task<Hash256> StalledAsync(CliHarness tl, params string[] options)
    {
        tl.Ledger.Stalled = true;
        CliResult unknown = await ReturnAsync(tl, [.. options, "--timeout", "300ms"]);
        Assert.Equal((7, "OUTCOME_UNKNOWN"), (unknown.Exit, unknown.ErrorCode));
        tl.Ledger.Stalled = false;
        return tl.Ledger.Transactions.Single(t => t.Value.State == TransactionState.Pending).Key;
    }

    private static Task<CliResult> ReturnAsync(CliHarness tl, params string[] options) => tl.RunAsync(
        [
            "exchange", "deposits", "return", $"{tl.Ledger.Events[0].Height}/0", "--from", "checker",
            "--journal", "journal", "-o", "json", .. options,
        ]);
}
