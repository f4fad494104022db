// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Fuzzing.Tests.Limits;

/// <summary>The limits of the exchanges' adapter.</summary>
internal static class MeshLimits
{
    public static IEnumerable<LimitRow> Rows() =>
    [
        new("MeshRequestBytes", Test: "MeshProcessTests.Requests_ThatAreWrong_GetAnErrorOfTheTable"),
        new("MeshConnections", Reason: "Kestrel's own limit, set to it; its clients are one exchange's"),
        new("MeshRequestsAtOnce", Test: "MeshServerTests.Requests_MoreThanAtOnce_WaitForTheirTurn"),
        new("MeshRequestWithinMs", Reason: "a time of a minute, which ends a request that takes longer"),
        new("MeshInlineOperations",
            Test: "BlockReaderTests.Inline_MoreOperationsThanOneAnswerHas_LeavesTheRestToBeAskedFor"),
        new("MeshCurrencies", Test: "ReconciliationTests.Balance_QuestionsThatAreWrong_AreRefused"),
        new("MeshBlocksAhead", Reason: "how much is read at once; all of it is bounded by MeshCachedBytes"),
        new("MeshBytesAhead", Test: "BlockReaderTests.At_BlocksThatAreLarge_ReadsNoFurtherThanIsKept"),
        new("MeshPendingAsked", Test: "BlockReaderTests.Submitted_MoreThanAreAskedAboutAtOnce_TakeTurns"),
        new("MeshCachedBytes", Test: "BlockReaderTests.Cache_OverItsBytes_ForgetsWhatCameFirst"),
        new("MeshCachedAssets", Reason: "more are asked for each time; nothing is refused"),
        new("MeshBlockEvents", Test: "ReconciliationTests.Events_FromAnySequence_AreTheBlocks"),
        new("MeshPendingTransactions",
            Test: "BlockReaderTests.Submitted_MoreThanAreKept_ForgetsTheOldest"),
    ];
}
