// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

public sealed class ExitCodesTests
{
    /// <summary>Every code of the ledger and its exit code, written out: changing one is a deliberate change
    /// here.</summary>
    private const string Table = """
        MALFORMED 2, NOT_CANONICAL 2, TOO_LARGE 2, BAD_SIGNATURE 4, HIGH_S 4, NONCE_USED 6, NONCE_GAP 6,
        EXPIRED 6, VALIDITY_TOO_LONG 2, IDEMPOTENCY_CONFLICT 6, POOL_FULL 1, SENDER_UNKNOWN 4,
        INVALID_FIELD 2, UNAVAILABLE 1, NONCE_OCCUPIED 6, ACCOUNT_UNKNOWN 3, RECEIVER_NOT_REGISTERED 5,
        ACCOUNT_FROZEN 5, ACCOUNT_NOT_FROZEN 6, ACCOUNT_EXISTS 6, AMOUNT_ZERO 2, AMOUNT_INVALID 2,
        INSUFFICIENT_AVAILABLE 5, OVERFLOW 5, SELF_TRANSFER 2, ASSET_UNKNOWN 3, ASSET_EXISTS 6,
        SUPPLY_CAP_EXCEEDED 5, ASSET_PAUSED 5, ASSET_NOT_PAUSED 6, NOT_REDEEMABLE 5, DOCUMENT_EXISTS 6,
        DOCUMENTS_FULL 5, CAP_BELOW_SUPPLY 5, NOT_AUTHORISED 4, PROPOSAL_UNKNOWN 3, PROPOSAL_CLOSED 6,
        PROPOSAL_EXPIRED 6, HASH_MISMATCH 6, SAME_MAKER 5, ALREADY_APPROVED 6, NO_POLICY 5,
        LEGAL_REFERENCE_REQUIRED 2, INSTITUTION_UNKNOWN 3, KEY_IN_USE 6, OFFICER_UNKNOWN 3, LAST_OFFICERS 5,
        OFFICERS_FULL 5, ROLE_CONFLICT 5, MAKER_INACTIVE 5, LANE_UNKNOWN 2,
        BRIDGE_LANE_UNKNOWN 3, BRIDGE_LANE_EXISTS 6, BRIDGE_TOKEN_UNKNOWN 3, BRIDGE_TOKEN_TAKEN 6,
        BRIDGE_PAUSED 5, BRIDGE_NOT_PAUSED 6, BRIDGE_LIMIT 5, BRIDGE_ITEM_LIMIT 5, BRIDGE_CEILING 5,
        BRIDGE_RECIPIENT_INVALID 2, BRIDGE_LOCK_UNKNOWN 3, BRIDGE_LOCK_CLOSED 6, BRIDGE_NOT_SIGNER 4,
        BRIDGE_MESSAGE_UNKNOWN 3, BRIDGE_MESSAGE_CLOSED 6, BRIDGE_EPOCH 6, BRIDGE_ALREADY_ATTESTED 6,
        BRIDGE_TOO_FAR_AHEAD 5, BRIDGE_BURN_UNKNOWN 3, BRIDGE_ESCROW_ACCOUNT 5, BRIDGE_SEATS 5,
        BRIDGE_ROTATION_OPEN 6, BRIDGE_BACKING 5, TAG_REQUIRED 5
        """;

    [Fact]
    public void Of_EveryRejectionCode_IsTheTablesExitCode()
    {
        Dictionary<string, int> expected = Table.Split(',', StringSplitOptions.TrimEntries)
            .Select(entry => entry.Split(' '))
            .ToDictionary(e => e[0], e => int.Parse(e[1]), StringComparer.Ordinal);

        foreach (RejectionCode code in Enum.GetValues<RejectionCode>())
        {
            string name = RejectionCodes.Name(code);
            Assert.True(expected.ContainsKey(name), name);
            Assert.Equal(expected[name], (int)ExitCodes.Of(code));
            Assert.Equal(ExitCodes.Of(code), ExitCodes.OfReason(name));
        }
    }

    [Fact]
    public void OfReason_CodeOfANewerNode_IsUnknown() => Assert.Null(ExitCodes.OfReason("SOMETHING_NEW"));

    [Theory]
    [InlineData(RejectionCode.SupplyCapExceeded, 5)]
    [InlineData(RejectionCode.AccountFrozen, 5)]
    [InlineData(RejectionCode.NotAuthorised, 4)]
    [InlineData(RejectionCode.AssetUnknown, 3)]
    [InlineData(RejectionCode.ProposalExpired, 6)]
    public async Task Run_FailedReceipt_EndsWithItsCode(RejectionCode code, int exit)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.Refuse = new Rejection(code, "Because the test says so.", 0);

        CliResult result = await tl.RunAsync(
            "transfer", "send", "--asset", "PIB-27", "--to", "exchange-1", "--amount", "1", "--from",
            "treasury", "-o", "json");

        Assert.Equal(exit, result.Exit);
        Assert.Equal(RejectionCodes.Name(code), result.ErrorCode);
        Assert.Empty(result.Out);
    }
}
