// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Node.Clients;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Node.Services;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Fuzzing.Tests.Limits;

/// <summary>What stands against one constant of Limits: one of the three.</summary>
/// <param name="Name">The constant.</param>
/// <param name="Taken">Whether a thing of this size is taken.</param>
/// <param name="Test">The test, Class.Method, that tries to pass it elsewhere.</param>
/// <param name="Reason">Why it cannot be tried.</param>
internal sealed record LimitRow(
    string Name, Func<long, bool>? Taken = null, string? Test = null, string? Reason = null)
{
    public override string ToString() => Name;
}

/// <summary>Every limit: tried here at its value and one above, or elsewhere, or a reason why not.</summary>
internal static class LimitTable
{
    private static readonly AssetDefinition Definition = TestNetwork.Genesis().Assets[0].Definition;
    private static readonly GenesisDocument Genesis = TestNetwork.Genesis();
    private static readonly ClientAddress Client = new(1, false);

    public static ImmutableArray<LimitRow> Rows { get; } =
    [
        .. Transactions(), .. Instruments(), .. Blocks(), .. BridgeLimits.Rows(), .. Waiting(),
        .. Peers(), .. Clients(), .. MeshLimits.Rows(), .. Files(),
        .. Snapshots(), .. Disks(),
    ];

    private static IEnumerable<LimitRow> Transactions() =>
    [
        new("TransactionBytes", n => TransactionMapper.TryDecode(new byte[n], out _)?.Code
            != RejectionCode.TooLarge),
        new("OperationsPerTransaction", n => IsWell(Draft() with
        {
            Operations = [.. Enumerable.Repeat<Operation>(Draft().Operations[0], (int)n)],
        })),
        new("LanesPerSender", n => IsWell(Draft() with { Lane = (uint)n - 1 })),
        new("MemoBytes", n => IsWell(Draft() with { Memo = Letters(n) })),
        new("RequestIdBytes", n => TransactionMapper.TryDecode(WithRequestId((int)n), out _) is null),
        new("ValidityMs", Test: "InclusionTests.Validity_EndsAfterItsMoment_AndIsAtMostSevenDays"),
        new("SignatureBytes", n => TransactionMapper.TryFromWire(
            new V1.SignedTransaction
            {
                Body = ByteString.CopyFrom(1),
                Signature = ByteString.CopyFrom(new byte[n]),
            }, out _) is null),
        new("OperationsPerProposal", n => IsWell(Draft() with
        {
            Operations =
            [
                new Propose(
                    [.. Repeat<PrivilegedOperation>(n, new SetAssetCap(TestNetwork.Bond, new Amount(1)))],
                    new TimestampMs(1), ""),
            ],
        })),
        new("ReferenceBytes", n => IsWell(Draft() with { Operations = [new CancelProposal(1, Letters(n))] })),
        new("ProposalLifetimeMs", Test: "ProposalTests.Propose_ExpiryOutsideItsWindow_IsRefused"),
        new("ApprovalsPerProposal", n => Reads(
            new CoreGenerator(1).Proposal() with { Approvals = [.. Repeat(n, default(Address))] },
            StateCodec.WriteProposal, StateCodec.ReadProposal)),
    ];

    private static IEnumerable<LimitRow> Instruments() =>
    [
        new("NameBytes", n => Reads(
            Definition with { Name = Letters(n) }, AssetCodec.Write, AssetCodec.Read)),
        new("UriBytes", n => Reads(
            new AssetDocument("t", default, Letters(n)), AssetCodec.WriteDocument, AssetCodec.ReadDocument)),
        new("AttributesPerAsset", n => WithAttributes(Repeat(n, new TermAttribute("k", "v")))),
        new("AttributeKeyBytes", n => WithAttributes([new TermAttribute(Letters(n), "v")])),
        new("AttributeValueBytes", n => WithAttributes([new TermAttribute("k", Letters(n))])),
        new("AssetDecimals", n => IsWell(Draft() with
        {
            Operations =
            [
                new Propose(
                    [
                        new CreateAsset(Definition with
                        {
                            Decimals = (byte)n,
                            Cap = new Amount(1),
                            UnitValueMicroUsd = 1,
                        }),
                    ],
                    new TimestampMs(1), ""),
            ],
        })),
        new("DocumentsPerAsset", Test: "PrivilegedTests.AttachDocument_ToFullList_IsRefused"),
        new("OfficersPerInstitution", Test: "OfficerTests.Grant_ToFullInstitution_IsRefused"),
        new("TiersPerPolicy", n => Reads(
            Genesis.Policies[0] with { Tiers = [.. Repeat(n, Genesis.Policies[0].Tiers[0])] },
            StateCodec.WritePolicy, StateCodec.ReadPolicy)),
    ];

    private static IEnumerable<LimitRow> Blocks() =>
    [
        new("TransactionsPerBlock", n => BlockOf(new byte[1], (int)n)),
        new("BlockBytes", n => BlockOf(new byte[n - BlockOverhead], 1)),
        new("OperationsPerBlock", Test: "LedgerMachineTests.Execute_OverTheBlocksLimits_IsInvalid"),
        new("HousekeepingPerBlock",
            Test: "ScheduledProposalTests.ExecuteDue_MoreThanABlockWorksOff_LeavesTheRest"),
        new("EventsPerBlock",
            Reason: "follows from OperationsPerBlock, HousekeepingPerBlock and the bridge's; bounds reads"),
        new("ClockToleranceMs", Test: "ChainWorkerTests.Verify_TimeFarBehindTheClock_IsInvalid"),
        new("Validators", n => ReadsGenesis(Genesis with
        {
            Validators = [.. Repeat(n, Genesis.Validators[0])],
        })),
        new("StateTreeDepth", n => Reads(
            new StateProof([.. Repeat(n, default(Hash256))], null), (w, v) => v.Write(w), StateProof.Read)),
    ];

    private static IEnumerable<LimitRow> Waiting() =>
    [
        new("PoolTransactions",
            Test: "TransactionPoolFloodTests.Add_PoolFullOfWhatIsExecutable_HasPlacesForOfficersOnly"),
        new("PoolGaps",
            Test: "TransactionPoolFloodTests.Add_FloodBehindGaps_KeepsAFewAndLosesTheLongestWaiting"),
        new("PoolForOfficers",
            Test: "TransactionPoolFloodTests.Add_PoolFullOfWhatIsExecutable_HasPlacesForOfficersOnly"),
        new("PoolBytes", Test: "PoolBytesTests.Add_LargeTransactionsOfManySenders_StopsAtItsBytes"),
        new("PoolPerSender", Test: "TransactionPoolTests.Add_MoreThanASendersShare_IsRefused"),
        new("PoolNonceGap", Test: "TransactionPoolTests.Add_NonceUsed_Occupied_OrTooFarAhead_IsRefused"),
        new("ClientChainItems",
            Test: "ChainBoundsTests.TryPost_FloodOfOnePeer_LeavesRoomForOthersAndClients"),
        new("ClientChainBytes", Test: "MailboxTests.TryPost_OverItsBytes_IsRefusedUntilSomeAreTaken"),
        new("MailboxItemBytes", Test: "MailboxTests.TryPost_OverItsBytes_IsRefusedUntilSomeAreTaken"),
        new("MailboxTurnBytes", Test: "MailboxTests.TryTake_LargeAndSmallItems_ShareByBytes"),
        new("TransactionWaiters",
            Test: "TransactionWaitersTests.WaitAsync_OverItsBound_IsRefusedUntilOneHasLeft"),
        new("DroppedTransactions", Test: "DroppedTransactionsTests.Add_OverItsBound_ForgetsTheOldest"),
        new("RetainedHeads", Test: "RecentHeadsTests.Add_OverABound_ForgetsTheOldest"),
        new("RetainedTreeChanges", Test: "RecentHeadsTests.Add_OverABound_ForgetsTheOldest"),
        new("WaitingProposals",
            Test: "ChainBoundsTests.Verify_MoreProposalsThanAreKept_ForgetsThoseOfTheOldestViews"),
    ];

    private static IEnumerable<LimitRow> Peers() =>
    [
        new("PeerMessageBytes",
            Test: "PeerPortTests.Stream_FarViewsAndOversizedMessagesOfAValidator_AreBounded"),
        new("PeerConsensusItems",
            Test: "ConsensusDriverTests.TryPost_FloodOfOneValidator_IsRefusedAndTheOthersVotesCount"),
        new("PeerChainItems", Test: "ChainBoundsTests.TryPost_FloodOfOnePeer_LeavesRoomForOthersAndClients"),
        new("PeerChainBytes", Test: "ChainBoundsTests.TryPost_FullBlocksOfOnePeer_AreBoundedByTheirBytes"),
        new("PeerDeadlineMs",
            Reason: "a patience of this node; the other side can only be slow, and is left"),
        new("PeerHandshakes", Test: "PeerGateTests.Admit_OneStrangerTooMany_TheOldestGivesWay"),
        new("PeerHandshakeMs",
            Test: "PeerPortTests.Connect_SocketsThatSayNothing_AreClosedAndKeepNobodyOut"),
        new("ConnectionsPerPeer",
            Test: "PeerGateTests.Recognize_OneConnectionOfAKeyTooMany_ItsOldestGivesWay"),
        new("PeerTransactionsPerSecond", Test: "PeerPaceTests.Take_FasterThanThePace_WaitsForTheRest"),
        new("PeerConnections", Reason: "the sum of PeerHandshakes and ConnectionsPerPeer for all peers"),
        new("SyncUncertifiedBlocks", Test: "BlockSyncTests.Follow_BlocksWithoutACertificate_CommitsNothing"),
        new("SyncUncertifiedBytes",
            Test: "BlockSyncTests.Follow_ManyLargeBlocksWithoutACertificate_IsRefusedAtItsBytes"),
        new("SyncRunsAhead", Test: "RunsAheadTests.Room_AsManyRunsAsMayBe_WaitsForTheFirst"),
        new("SyncAheadBytes", Test: "RunsAheadTests.Room_AsManyBytesAsMayBe_WaitsForTheFirst"),
        new("PeerOpenCalls", Test: "PeerPortTests.Stream_MoreCallsThanAPeerMayHaveOpen_AreRefused"),
        new("Observers", n => StrictJson.Read(
            Encoding.UTF8.GetBytes($"[{string.Join(',', Repeat(n, "0"))}]"), int.MaxValue,
            list => IsTaken(() => list.List(Core.Limits.Observers, item => item.Number(0, 1))))),
    ];

    private static IEnumerable<LimitRow> Clients() =>
    [
        new("ApiConnections", n => Opens(new ConnectionBudget(Core.Limits.ApiConnections, int.MaxValue), n)),
        new("ApiConnectionsPerClient", n => Opens(
            ListenerLimits.Api(Node.Configuration.ClientQuota.Default), n)),
        new("ApiCallsPerSecond", n => Calls(Core.Limits.ApiCallsPerSecond, int.MaxValue, int.MaxValue, n)),
        new("ApiCostlyCall", n => new RequestQuota(9, TimeProvider.System).Begin(
            Of(Core.Limits.ApiCostlyCall, 9), (int)n, out _) is null),
        new("ApiOpenCallsPerClient", n => Calls(
            int.MaxValue, Core.Limits.ApiOpenCallsPerClient, int.MaxValue, n)),
        new("ApiOpenCalls", n => Calls(int.MaxValue, int.MaxValue, Core.Limits.ApiOpenCalls, n)),
        new("ApiLateRefusalMs", Test: "LimitAttackTests.Api_ClientThatGoesOnWhenRefused_IsToldLate"),
        new("ApiLateRefusals", Reason: "8,192 open streams of 82 connections, from two addresses or more"),
        new("ApiPrincipals", static n => AreTaken(n, 1)),
        new("ApiKeysPerPrincipal", static n => AreTaken(1, n)),
        new("ApiPrincipalsBytes", static n => AreTaken(1, 1, n)),
        new("ApiClients", Test: "RequestQuotaTests.Begin_MoreClientsThanAreCounted_ShareOneAccount"),
        new("ApiRequestBytes", Test: "LimitAttackTests.Api_MessagesOverTheLimit_AreRefused"),
        new("ApiResponseBytes", Test: "MessageLimitTests.ServerSend_AtAndAboveLimit_IsSentAndRefused"),
        new("ReadDeadlineMs", Test: "ServerCallTests.Unary_WithoutADeadline_HasTheServersDefault"),
        new("ApiDeadlineMs", Test: "ServerCallTests.Unary_WithoutADeadline_HasTheServersDefault"),
        new("OperationsConnections", n => Opens(ListenerLimits.Operations(), n)),
        new("StreamsPerConnection", Test: "LimitAttackTests.Api_FloodOfStreams_IsBounded"),
        new("ConnectionWindowBytes", Test: "LimitAttackTests.Api_ConnectionsThatFillTheirWindows_AreBounded"),
        new("HeaderBytes", Test: "LimitAttackTests.Api_HeaderBomb_IsRefused"),
        new("Headers", Test: "LimitAttackTests.Api_HeaderBomb_IsRefused"),
        new("HeadersWithinMs", Test: "LimitAttackTests.Api_SlowHeaders_AreCutOff"),
        new("SubscriberSlowMs", Test: "SlowSubscriberTests.Subscribe_NotReadForAWhile_IsToldToResume"),
        new("SubscriberGoneMs", Test: "SubscriberOutletTests.Write_NeverTaken_IsGivenUp"),
        new("PinnedSnapshots", Reason: "what is over it goes when its readers have; bounded by ApiOpenCalls"),
        new("PageRows", n => RequestFields.PageSize((uint)n) == n),
    ];

    private static IEnumerable<LimitRow> Files() =>
    [
        new("JsonDepth", n => IsTaken(() => StrictJson.Read(
            Encoding.UTF8.GetBytes(new string('[', (int)n) + new string(']', (int)n)), int.MaxValue,
            list => list.List(1, _ => 0)))),
        new("ChainIdMax", n => IsTaken(() => StrictJson.Read(
            Encoding.UTF8.GetBytes($"{n}"), 100, value => value.Number(1, Core.Limits.ChainIdMax)))),
        new("GenesisInstitutions", n => ReadsGenesis(Genesis with
        {
            Institutions = [.. Repeat(n, Genesis.Institutions[0])],
        })),
        new("GenesisAccounts", n => ReadsGenesis(Genesis with
        {
            Accounts = [.. Repeat(n, Genesis.Accounts[0])],
        })),
        new("GenesisAssets", n => ReadsGenesis(Genesis with { Assets = [.. Repeat(n, Genesis.Assets[1])] })),
    ];

    private static IEnumerable<LimitRow> Snapshots() =>
    [
        new("StateKeyBytes", n => IsTaken(() => StateChunk.Decode(ChunkOf(1, (int)n, 1)))),
        new("StateValueBytes", n => IsTaken(() => StateChunk.Decode(ChunkOf(1, 1, (int)n)))),
        new("SnapshotChunkEntries", n => IsTaken(() => StateChunk.Decode(ChunkOf((int)n, 4, 1)))),
        new("SnapshotChunkBytes", Test: "SnapshotGoldenTests.Decode_OverItsLimits_IsRefused"),
        new("SnapshotStreamChunks",
            Test: "SnapshotServingTests.StreamStateChunks_MoreThanAStreamHas_EndsAndGoesOnWhenAskedAgain"),
        new("SnapshotStreams",
            Test: "SnapshotServingTests.StreamStateChunks_MoreThanAreServedAtOnce_AreRefusedUntilOneEnds"),
        new("SnapshotsKept", Test: "SnapshotFileTests.Shelf_DueHeights_AreMadeAndTheNewestTwoKept"),
        new("CheckpointHeaders",
            Reason: "a patience of this node: beyond it a snapshot is refused and blocks are executed"),
    ];

    private static IEnumerable<LimitRow> Disks() =>
    [
        .. from name in (string[])
            [
                "DiskRefusePercent", "DiskRefuseFloorBytes", "DiskRefuseCapBytes", "DiskStopPercent",
                "DiskStopFloorBytes", "DiskStopCapBytes",
            ]
            select new LimitRow(name, Test: "DiskWatchTests.Room_OfADevice_IsFiveAndOnePercentWithinBounds"),
        new("DiskStartBytes",
            Test: "FullDiskTests.Run_DiskBecomesFull_StopsWithItsCodeAndGoesOnOnceThereIsRoom"),
        new("GuardReleasedVotes",
            Test: "SignerGuardTests.Release_MoreThanTheRingHolds_ForgetsTheOldestAndRefusesIt"),
        new("StoredBlockBytes", Test: "StoredPartsTests.TryAdd_MoreThanAHeightCanHave_IsRefused"),
    ];

    private static byte[] ChunkOf(int entries, int keyBytes, int valueBytes) => new StateChunk(
        KeyRange.All, [],
        [.. Repeat(entries, new StateEntry(new byte[keyBytes], new byte[valueBytes]))]).Encode();

    /// <summary>A block's bytes around one transaction's body.</summary>
    private const int BlockOverhead = BlockHeader.Size + 4 + 4 + Core.Limits.SignatureBytes;

    private static Transaction Draft() => new(
        TestNetwork.Alice, 0, 0, TestNetwork.Start, null, "",
        [new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1))]);

    private static bool IsWell(Transaction transaction) =>
        TransactionRules.CheckStateless(transaction) is null;

    private static byte[] WithRequestId(int bytes)
    {
        V1.Transaction wire = TransactionMapper.ToWire(Draft());
        wire.RequestId = ByteString.CopyFrom(new byte[bytes]);
        return wire.ToByteArray();
    }

    private static bool WithAttributes(IEnumerable<TermAttribute> attributes) => Reads(
        Definition with { Terms = Definition.Terms with { Attributes = [.. attributes] } },
        AssetCodec.Write, AssetCodec.Read);

    private static bool BlockOf(byte[] body, int count)
    {
        var transaction = new SignedTransaction([.. body], [.. new byte[Core.Limits.SignatureBytes]]);
        var block = new Block(new CoreGenerator(1).Header(), [.. Repeat(count, transaction)]);

        // A body alone has its limit too; here it stands for many.
        return IsTaken(() => Block.Decode(block.Encode()), "A length of");
    }

    private static bool ReadsGenesis(GenesisDocument document) =>
        IsTaken(() => GenesisDocument.Decode(StateCodec.Encode(document, (w, v) => v.Write(w))));

    private static bool Reads<T>(T value, Action<CanonicalWriter, T> write, CanonicalRead<T> read) =>
        IsTaken(() => StateCodec.Decode(StateCodec.Encode(value, write), read));

    private static bool Opens(ConnectionBudget budget, long connections) =>
        Enumerable.Range(0, (int)connections).All(_ => budget.TryOpen(Client));

    private static bool Calls(int perSecond, int perClient, int all, long calls)
    {
        var quota = new RequestQuota(all, new StoppedClock());
        return Enumerable.Range(0, (int)calls)
            .All(_ => quota.Begin(Of(perSecond, perClient), 1, out RequestQuota.Client? _) is null);
    }

    private static Caller Of(int perSecond, int open) => new(Client, null, ApiScopes.All, perSecond, open);

    private static bool AreTaken(long principals, long keys, long bytes = 0)
    {
        string hashes = string.Join(',', Enumerable.Range(0, (int)keys).Select(
            static i => $"{{\"hash\":\"{i:x64}\"}}"));
        string all = string.Join(',', Enumerable.Range(0, (int)principals).Select(
            i => $"{{\"name\":\"{i}\",\"scopes\":[\"read\"],\"keys\":[{(i == 0 ? hashes : "")}]}}"));
        string text = $"{{\"principals\":[{all}]}}";
        return IsTaken(() => Principals.Read(Encoding.UTF8.GetBytes(text.PadRight((int)bytes))));
    }

    private static bool IsTaken<T>(Func<T> read, string otherLimit = "")
    {
        try
        {
            read();
            return true;
        }
        catch (CanonicalFormatException e)
        {
            return otherLimit.Length > 0 && e.Message.StartsWith(otherLimit, StringComparison.Ordinal)
                && !e.Message.Contains($"{Core.Limits.TransactionsPerBlock}", StringComparison.Ordinal);
        }
        catch (StrictJsonException)
        {
            return false;
        }
    }

    private static string Letters(long count) => new('x', (int)count);

    private static IEnumerable<T> Repeat<T>(long count, T item) => Enumerable.Repeat(item, (int)count);
}
