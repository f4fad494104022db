// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Bridge;

/// <summary>Canonical form of the bridge's rows and observations.</summary>
public static class BridgeCodec
{
    /// <summary>What votes on an observation name: its hash, bound to the lane.</summary>
    public static Hash256 ContentHash(ulong chainId, BridgeObservation observation)
    {
        var writer = new CanonicalWriter(256);
        writer.U64(chainId);
        WriteObservation(writer, observation);
        return Hashing.Hash(DomainTag.BridgeObservation, writer.Written);
    }

    /// <summary>Writes an observation: a kind byte, then the fields.</summary>
    public static void WriteObservation(CanonicalWriter writer, BridgeObservation observation)
    {
        switch (observation)
        {
            case BurnObserved o:
                writer.U8(1);
                WriteBurnSeen(writer, o);
                break;
            case MintObserved o:
                writer.U8(2);
                writer.U64(o.Nonce);
                WritePlace(writer, o.Place);
                break;
            case VoidObserved o:
                writer.U8(3);
                writer.U64(o.Nonce);
                WritePlace(writer, o.Place);
                break;
            case ExpiryObserved o:
                writer.U8(4);
                writer.U64(o.Nonce);
                break;
            case RotationObserved o:
                writer.U8(5);
                writer.U64(o.Epoch);
                writer.Hash(o.Signers);
                WritePlace(writer, o.Place);
                break;
            case SupplyObserved o:
                writer.U8(6);
                writer.Address(o.Token);
                writer.Amount(o.Supply);
                writer.U64(o.Burns);
                WritePlace(writer, o.Place);
                break;
            case MismatchObserved o:
                writer.U8(7);
                writer.Address(o.Token);
                writer.Amount(o.Locked);
                writer.Amount(o.Explained);
                WritePlace(writer, o.Place);
                break;
            default:
                Invariant.Broken($"{observation.GetType().Name} has no canonical form");
                break;
        }
    }

    /// <summary>Reads an observation.</summary>
    public static BridgeObservation ReadObservation(ref CanonicalReader r) => r.U8() switch
    {
        1 => ReadBurnSeen(ref r),
        2 => new MintObserved(r.U64(), ReadPlace(ref r)),
        3 => new VoidObserved(r.U64(), ReadPlace(ref r)),
        4 => new ExpiryObserved(r.U64()),
        5 => new RotationObserved(r.U64(), r.Hash(), ReadPlace(ref r)),
        6 => new SupplyObserved(r.Address(), r.Amount(), r.U64(), ReadPlace(ref r)),
        7 => new MismatchObserved(r.Address(), r.Amount(), r.Amount(), ReadPlace(ref r)),
        byte other => throw new CanonicalFormatException($"{other} is no kind of observation."),
    };

    /// <summary>Writes a place.</summary>
    public static void WritePlace(CanonicalWriter writer, BridgePlace place)
    {
        writer.U64(place.Number);
        writer.Hash(place.BlockHash);
        writer.Hash(place.TransactionHash);
    }

    /// <summary>Reads a place.</summary>
    public static BridgePlace ReadPlace(ref CanonicalReader reader) =>
        new(reader.U64(), reader.Hash(), reader.Hash());

    /// <summary>Writes a lane.</summary>
    public static void WriteLane(CanonicalWriter writer, BridgeLaneState lane)
    {
        BridgePrivilegedCodec.WriteLane(writer, lane.Terms);
        writer.U64(lane.Epoch);
        writer.U64(lane.Term);
        writer.U8((byte)lane.Stops);
        writer.U64(lane.NextLock);
        writer.U64(lane.NextMessage);
        writer.U64(lane.NextBurn);
        writer.U64(lane.Rotation);
        writer.U16(lane.Tokens);
        writer.U64(lane.RemoteBlock);
        writer.U32(lane.OpenLocks);
    }

    /// <summary>Reads a lane.</summary>
    public static BridgeLaneState ReadLane(ref CanonicalReader r) => new(
        BridgePrivilegedCodec.ReadLane(ref r), r.U64(), r.U64(), BridgePrivilegedCodec.ReadStops(ref r),
        r.U64(), r.U64(), r.U64(), r.U64(), r.U16(), r.U64(), r.U32());

    /// <summary>Writes a joined asset.</summary>
    public static void WriteToken(CanonicalWriter writer, BridgeTokenState token)
    {
        writer.Address(token.Token);
        BridgePrivilegedCodec.WriteQuota(writer, token.Quota);
        WriteBucket(writer, token.Outbound);
        WriteBucket(writer, token.Inbound);
        writer.Amount(token.Locked);
        writer.Amount(token.Refunded);
        writer.Amount(token.Minted);
        writer.Amount(token.Burned);
        writer.Amount(token.Released);
        writer.Bool(token.Report is not null);
        if (token.Report is { } report)
        {
            writer.Amount(report.Supply);
            writer.U64(report.Burns);
            WritePlace(writer, report.Place);
            writer.U64(report.Agreed.Value);
        }
    }

    /// <summary>Reads a joined asset.</summary>
    public static BridgeTokenState ReadToken(ref CanonicalReader r) => new(
        r.Address(), BridgePrivilegedCodec.ReadQuota(ref r), ReadBucket(ref r), ReadBucket(ref r),
        r.Amount(), r.Amount(), r.Amount(), r.Amount(), r.Amount(),
        r.Bool() ? new BridgeReport(r.Amount(), r.U64(), ReadPlace(ref r), new Height(r.U64())) : null);

    /// <summary>Writes how many of an account's locks have no end.</summary>
    public static void WriteCount(CanonicalWriter writer, uint count) => writer.U32(count);

    /// <summary>Reads such a count.</summary>
    public static uint ReadCount(ref CanonicalReader reader) => reader.U32();

    /// <summary>Writes an asset's symbol.</summary>
    public static void WriteAsset(CanonicalWriter writer, AssetId asset) => writer.Asset(asset);

    /// <summary>Reads an asset's symbol.</summary>
    public static AssetId ReadAsset(ref CanonicalReader reader) => reader.Asset();

    /// <summary>Writes a lock.</summary>
    public static void WriteLock(CanonicalWriter writer, BridgeLockState locked)
    {
        writer.Asset(locked.Asset);
        writer.Address(locked.From);
        writer.Address(locked.Recipient);
        writer.Amount(locked.Amount);
        writer.U64(locked.LockedAt.Value);
        writer.U64(locked.ReadyAt.Value);
        writer.U64(locked.DeadlineSeconds);
        writer.U8((byte)locked.Status);
        writer.U64(locked.MintId);
        writer.U64(locked.VoidId);
        WritePlace(writer, locked.Place);
    }

    /// <summary>Reads a lock.</summary>
    public static BridgeLockState ReadLock(ref CanonicalReader r) => new(
        r.Asset(), r.Address(), r.Address(), r.Amount(), new TimestampMs(r.U64()), new TimestampMs(r.U64()),
        r.U64(), r.Enum8<BridgeLockStatus>(), r.U64(), r.U64(), ReadPlace(ref r));

    /// <summary>Writes a message.</summary>
    public static void WriteMessage(CanonicalWriter writer, BridgeMessageState message)
    {
        writer.U8((byte)message.Kind);
        writer.U64(message.Epoch);
        writer.U64(message.Term);
        writer.Address(message.Token);
        writer.Amount(message.CumulativeLocked);
        writer.U64(message.DeadlineSeconds);
        writer.List(message.Items, static (w, item) =>
        {
            w.U64(item.Nonce);
            w.Address(item.To);
            w.Amount(item.Amount);
        });
        writer.List(message.Signers, BridgePrivilegedCodec.WriteSigner);
        writer.U16(message.Open);
        writer.List(message.Signatures, static (w, signature) =>
        {
            w.U8(signature.Signer);
            w.Fixed(signature.Bytes.AsSpan(), Limits.SignatureBytes);
        });
    }

    /// <summary>Reads a message.</summary>
    public static BridgeMessageState ReadMessage(ref CanonicalReader r) => new(
        r.Enum8<BridgeMessageKind>(), r.U64(), r.U64(), r.Address(), r.Amount(), r.U64(),
        r.List(Limits.BridgeItemsPerMessage, static (ref CanonicalReader item) =>
            new BridgeItem(item.U64(), item.Address(), item.Amount())),
        r.List(Limits.Validators, BridgePrivilegedCodec.ReadSigner),
        r.U16(),
        r.List(Limits.Validators, static (ref CanonicalReader signature) =>
            new BridgeSignature(signature.U8(), [.. signature.Fixed(Limits.SignatureBytes)])));

    /// <summary>Writes votes.</summary>
    public static void WriteVotes(CanonicalWriter writer, BridgeVoteState votes)
    {
        writer.U64(votes.Term);
        writer.List(votes.Ballots, static (w, ballot) =>
        {
            w.Hash(ballot.Content);
            w.U64(ballot.Block);
            w.U32(ballot.Voters);
        });
    }

    /// <summary>Reads votes.</summary>
    public static BridgeVoteState ReadVotes(ref CanonicalReader r) => new(
        r.U64(),
        r.List(Limits.Validators * Limits.BridgeReportsPerSigner, static (ref CanonicalReader ballot) =>
            new BridgeBallot(ballot.Hash(), ballot.U64(), ballot.U32())));

    /// <summary>Writes a burn.</summary>
    public static void WriteBurn(CanonicalWriter writer, BridgeBurnState burn)
    {
        WriteBurnSeen(writer, burn.Seen);
        writer.Bool(burn.Asset != default);
        if (burn.Asset != default)
        {
            writer.Asset(burn.Asset);
        }

        writer.U8((byte)burn.Status);
        writer.U16((ushort)burn.Hindrance);
        writer.Address(burn.To);
    }

    /// <summary>Reads a burn.</summary>
    public static BridgeBurnState ReadBurn(ref CanonicalReader r) => new(
        ReadBurnSeen(ref r), r.Bool() ? r.Asset() : default, r.Enum8<BridgeBurnStatus>(),
        ReadHindrance(ref r), r.Address());

    private static void WriteBurnSeen(CanonicalWriter writer, BurnObserved burn)
    {
        writer.U64(burn.Nonce);
        writer.Address(burn.Token);
        writer.Address(burn.From);
        writer.Hash(burn.Recipient);
        writer.Amount(burn.Amount);
        writer.Hash(burn.Accumulator);
        WritePlace(writer, burn.Place);
    }

    private static BurnObserved ReadBurnSeen(ref CanonicalReader r) => new(
        r.U64(), r.Address(), r.Address(), r.Hash(), r.Amount(), r.Hash(), ReadPlace(ref r));

    private static RejectionCode ReadHindrance(ref CanonicalReader reader)
    {
        var code = (RejectionCode)reader.U16();
        return code == 0 || Enum.IsDefined(code)
            ? code
            : throw new CanonicalFormatException($"{code} is no rejection code.");
    }

    private static void WriteBucket(CanonicalWriter writer, BridgeBucket bucket)
    {
        writer.U128(bucket.Thousandths);
        writer.U64(bucket.At.Value);
    }

    private static BridgeBucket ReadBucket(ref CanonicalReader reader) =>
        new(reader.U128(), new TimestampMs(reader.U64()));
}
