// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>
/// What signers sign for a lane's messages, and the calls that carry them. Immutable and thread-safe.
/// </summary>
/// <remarks>Source: EIP-712, with the types that stand in <c>SPEC.md</c>.</remarks>
public sealed class BridgeMessages
{
    private static readonly ImmutableArray<TypedField> ItemFields =
        [new("nonce", "uint64"), new("to", "address"), new("amount", "uint128")];

    private static readonly AbiTuple SetTypes = AbiFunction.Parse("set(uint64,address[])").Inputs;

    private readonly Hash256 _ledgerId;
    private readonly TypedData _mint;
    private readonly TypedData _void;
    private readonly TypedData _rotation;

    /// <summary>Binds to a ledger and the contracts of its lane.</summary>
    /// <param name="ledgerId">The ledger's genesis hash.</param>
    /// <param name="lane">The lane.</param>
    public BridgeMessages(Hash256 ledgerId, OpenBridgeLane lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        _ledgerId = ledgerId;
        var bridge = new TypedDomain("TLBridge", "1", lane.ChainId, lane.Contract);
        var signers = new TypedDomain("TLValidatorSet", "1", lane.ChainId, lane.SignerContract);
        _mint = Of(
            bridge, "MintBatch", "address token", "uint256 cumLocked", "uint64 deadline", "MintItem[] items");
        _void = Of(bridge, "VoidNonces", "address token", "uint64[] nonces");
        _rotation = Of(signers, "SetUpdate", "uint64 newEpoch", "bytes32 newSetHash", "uint64 notBefore");
    }

    /// <summary>What the signers of an epoch sign for a message.</summary>
    public Hash256 Digest(BridgeMessageState message, ulong epoch)
    {
        ArgumentNullException.ThrowIfNull(message);
        byte[] ledger = _ledgerId.ToArray();
        UInt256 of = epoch;
        return message.Kind switch
        {
            BridgeMessageKind.Mint => _mint.Digest(
            [
                ledger, of, message.Token, (UInt256)message.CumulativeLocked.Units,
                (UInt256)message.DeadlineSeconds, Items(message),
            ]),
            BridgeMessageKind.Void => _void.Digest([ledger, of, message.Token, Nonces(message)]),
            BridgeMessageKind.Rotation => _rotation.Digest(
            [
                ledger, of, (UInt256)(epoch + 1), SetHash(epoch + 1, message.Signers).ToArray(),
                (UInt256)message.DeadlineSeconds,
            ]),
            _ => throw new InvariantException($"messages of kind {message.Kind} are not signed"),
        };
    }

    /// <summary>The call that carries a message, and the contract that takes it.</summary>
    /// <param name="lane">The lane with the signers of the message's epoch.</param>
    /// <param name="message">The message.</param>
    /// <param name="signatures">Exactly a quorum of right ones, by ascending signer.</param>
    public static (Address To, byte[] Data) Call(
        BridgeLaneState lane, BridgeMessageState message, ImmutableArray<BridgeSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(lane);
        ArgumentNullException.ThrowIfNull(message);
        UInt128 bitmap = 0;
        foreach (BridgeSignature signature in signatures)
        {
            bitmap |= UInt128.One << signature.Signer;
        }

        object[] proof =
        [
            Keys(lane.Signers), (UInt256)bitmap,
            signatures.SelectMany(static signature => signature.Bytes).ToArray(),
        ];
        OpenBridgeLane terms = lane.Terms;
        return message.Kind switch
        {
            BridgeMessageKind.Mint => (terms.Contract, BridgeAbi.MintBatch.EncodeCall(
                message.Token, Items(message), (UInt256)message.DeadlineSeconds,
                (UInt256)message.CumulativeLocked.Units, proof)),
            BridgeMessageKind.Void => (
                terms.Contract, BridgeAbi.VoidNonces.EncodeCall(message.Token, Nonces(message), proof)),
            BridgeMessageKind.Rotation => (terms.SignerContract, BridgeAbi.Rotate.EncodeCall(
                Keys(message.Signers), (UInt256)(message.Epoch + 1), (UInt256)message.DeadlineSeconds,
                proof)),
            _ => throw new InvariantException($"messages of kind {message.Kind} are not sent"),
        };
    }

    /// <summary>The hash by which the register abroad knows a set.</summary>
    public static Hash256 SetHash(ulong epoch, ImmutableArray<BridgeSigner> signers) =>
        Keccak256.Hash(AbiCodec.Encode(SetTypes, (UInt256)epoch, Keys(signers)));

    private static TypedData Of(TypedDomain domain, string name, params string[] fields) => new(
        domain, name, new Dictionary<string, ImmutableArray<TypedField>>
        {
            [name] =
            [
                new("ledgerId", "bytes32"), new("epoch", "uint64"),
                .. fields.Select(static field => field.Split(' '))
                    .Select(static parts => new TypedField(parts[1], parts[0])),
            ],
            ["MintItem"] = ItemFields,
        });

    private static object[] Items(BridgeMessageState message) =>
    [
        .. message.Items.Select(static item =>
            new object[] { (UInt256)item.Nonce, item.To, (UInt256)item.Amount.Units }),
    ];

    private static object[] Nonces(BridgeMessageState message) =>
        [.. message.Items.Select(static item => (object)(UInt256)item.Nonce)];

    private static object[] Keys(ImmutableArray<BridgeSigner> signers) =>
        [.. signers.Select(static signer => (object)signer.Key)];
}
