// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
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
        (ulong chain, Address bridge) = (lane.ChainId, lane.Contract);
        _mint = LaneContracts.BridgeMessage(
            chain, bridge, "MintBatch",
            ["address token", "uint256 cumLocked", "uint64 deadline", "MintItem[] items"],
            ("MintItem", ItemFields));
        _void = LaneContracts.BridgeMessage(
            chain, bridge, "VoidNonces", ["address token", "uint64[] nonces"]);
        _rotation = LaneContracts.SetMessage(
            chain, lane.SignerContract, "SetUpdate",
            ["uint64 newEpoch", "bytes32 newSetHash", "uint64 notBefore"]);
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
        object[] proof = LaneContracts.Proof(
            lane.Signers.Select(static signer => signer.Key),
            [.. signatures.Select(static signature => ((int)signature.Signer, signature.Bytes))]);
        OpenBridgeLane terms = lane.Terms;
        return message.Kind switch
        {
            BridgeMessageKind.Mint => (terms.Contract, BridgeAbi.MintBatch.EncodeCall(
                message.Token, Items(message), (UInt256)message.DeadlineSeconds,
                (UInt256)message.CumulativeLocked.Units, proof)),
            BridgeMessageKind.Void => (
                terms.Contract, BridgeAbi.VoidNonces.EncodeCall(message.Token, Nonces(message), proof)),
            BridgeMessageKind.Rotation => (terms.SignerContract, BridgeAbi.Rotate.EncodeCall(
                LaneContracts.Keys(message.Signers.Select(static signer => signer.Key)),
                (UInt256)(message.Epoch + 1), (UInt256)message.DeadlineSeconds,
                proof)),
            _ => throw new InvariantException($"messages of kind {message.Kind} are not sent"),
        };
    }

    /// <summary>The hash by which the register abroad knows a set.</summary>
    public static Hash256 SetHash(ulong epoch, ImmutableArray<BridgeSigner> signers) =>
        LaneContracts.SetHash(epoch, signers.Select(static signer => signer.Key));

    private static object[] Items(BridgeMessageState message) =>
    [
        .. message.Items.Select(static item =>
            new object[] { (UInt256)item.Nonce, item.To, (UInt256)item.Amount.Units }),
    ];

    private static object[] Nonces(BridgeMessageState message) =>
        [.. message.Items.Select(static item => (object)(UInt256)item.Nonce)];
}
