// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using BridgeLockStatus = TokenLedger.Protocol.Ledger.V1.BridgeLockStatus;
using Lock = TokenLedger.Protocol.Bridge.V1.Lock;

namespace TokenLedger.Cli.Tests;

/// <summary>A node's bridge that says what a test puts here.</summary>
internal sealed class FakeBridge : BridgeService.BridgeServiceBase
{
    private const ulong Chain = 11_155_111;
    private const ulong DayMs = 86_400_000;

    /// <summary>The only lane; one at rest unless a test changes it.</summary>
    public Lane Lane { get; } = Rest();

    /// <summary>The contracts' limits; null when the node does not look at the chain.</summary>
    public GetLimitsAbroadResponse? Abroad { get; set; }

    /// <summary>Why every lock was refused abroad; null when none was.</summary>
    public MintRefusal? Refusal { get; set; }

    /// <summary>The message of every lock.</summary>
    public Message Mint { get; } = new()
    {
        Id = 7,
        Epoch = 1,
        Signatures = 2,
        Quorum = 3,
        SignedBy = { Signer(1), Signer(3) },
        UnsignedBy = { Signer(2), Signer(4) },
    };

    public static LaneSigner Signer(byte number, ulong heardAtMs = 0) => new()
    {
        Key = Bytes(number),
        Institution = Bytes((byte)(0x10 + number)),
        InstitutionName = $"Institution {number} of the Federal Republic",
        HeardAtMs = heardAtMs,
    };

    public static ByteString Bytes(byte value, int count = 20) =>
        ByteString.CopyFrom([.. Enumerable.Repeat(value, count)]);

    public override Task<ListLanesResponse> ListLanes(ListLanesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListLanesResponse { AsOfHeight = 9, Lanes = { Lane } });

    public override Task<GetLockResponse> GetLock(GetLockRequest request, ServerCallContext context) =>
        Task.FromResult(new GetLockResponse
        {
            AsOfHeight = 9,
            Lock = new Lock
            {
                Nonce = request.Nonce,
                Asset = "PIB-27",
                From = Bytes(0x11),
                Recipient = Bytes(0x22),
                Amount = "12500",
                LockedAtMs = FakeLedger.StartMs,
                ReadyAtMs = FakeLedger.StartMs,
                DeadlineSeconds = (FakeLedger.StartMs + DayMs) / 1_000,
                Status = BridgeLockStatus.Signing,
                MintMessage = Mint.Id,
            },
            Mint = Mint,
            Refusal = Refusal,
        });

    public override Task<GetLimitsAbroadResponse> GetLimitsAbroad(
        GetLimitsAbroadRequest request, ServerCallContext context) =>
        Task.FromResult(Abroad ?? throw ErrorModel.Failure(
            StatusCode.NotFound, "BRIDGE_NOT_FOLLOWED", "This node does not look at that chain."));

    private static Lane Rest() => new()
    {
        Terms = new OpenBridgeLane
        {
            ChainId = Chain,
            Contract = Bytes(0x31),
            SignerContract = Bytes(0x32),
            Signers =
            {
                Enumerable.Range(1, 4).Select(static i => new BridgeSigner { Key = Bytes((byte)i) }),
            },
        },
        Epoch = 1,
        Quorum = 3,
        NextLock = 5,
        NextBurn = 2,
        Signers = { Signer(1, FakeLedger.StartMs), Signer(2), Signer(3), Signer(4) },
        Node = new NodeView
        {
            Signer = Bytes(1),
            Sender = Bytes(0x41),
            FinalBlock = 100,
            WatchingSinceMs = FakeLedger.StartMs - DayMs,
        },
        Tokens =
        {
            new LaneToken
            {
                Asset = "PIB-27",
                Token = Bytes(0x33),
                Decimals = 2,
                PerItem = "10000000000",
                Ceiling = "999999999999900",
                Outbound = new BridgeRate { Capacity = "20000000000", PerSecond = "100" },
                Inbound = new BridgeRate { Capacity = "30000000000", PerSecond = "200" },
                OutboundAvailable = "19999998750",
                InboundAvailable = "30000000000",
                InEscrow = "1250",
                DelayAbove = "5000000",
                DelayMs = 6 * 3_600_000,
                Least = "1000",
            },
        },
    };
}
