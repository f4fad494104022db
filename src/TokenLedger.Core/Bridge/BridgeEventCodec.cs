// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Bridge;

/// <summary>Canonical form of the bridge's events.</summary>
internal static class BridgeEventCodec
{
    public static void Write(CanonicalWriter writer, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case BridgeSignersSet e:
                Begin(writer, 60, e.ChainId, e.Epoch);
                writer.U8(checked((byte)e.Signers));
                break;
            case BridgeTokenMapped e:
                writer.U8(61);
                writer.U64(e.ChainId);
                writer.Asset(e.Asset);
                writer.Address(e.Token);
                break;
            case BridgeLocked e:
                Begin(writer, 62, e.ChainId, e.Nonce);
                writer.Asset(e.Asset);
                writer.Address(e.From);
                writer.Amount(e.Amount);
                writer.Address(e.Recipient);
                break;
            case BridgeMessageOpened e:
                Begin(writer, 63, e.ChainId, e.MessageId);
                writer.U8((byte)e.Kind);
                break;
            case BridgeLockClosed e:
                Begin(writer, 64, e.ChainId, e.Nonce);
                writer.U8((byte)e.Status);
                BridgeCodec.WritePlace(writer, e.Place);
                break;
            case BridgeReleased e:
                Begin(writer, 65, e.ChainId, e.BurnNonce);
                writer.Asset(e.Asset);
                writer.Address(e.To);
                writer.U64(e.Tag);
                writer.Amount(e.Amount);
                break;
            case BridgeSuspended e:
                Begin(writer, 66, e.ChainId, e.BurnNonce);
                writer.U16((ushort)e.Code);
                break;
            case BridgeStopsSet e:
                writer.U8(67);
                writer.U64(e.ChainId);
                writer.U8((byte)e.Stops);
                writer.Text(e.Reason);
                break;
            case BridgeSupplyAgreed e:
                writer.U8(68);
                writer.U64(e.ChainId);
                writer.Asset(e.Asset);
                writer.Amount(e.Supply);
                writer.U64(e.Burns);
                BridgeCodec.WritePlace(writer, e.Place);
                break;
            default:
                Invariant.Broken($"{ledgerEvent.GetType().Name} has no canonical form");
                break;
        }
    }

    public static LedgerEvent Read(ref CanonicalReader r, byte kind) => kind switch
    {
        60 => new BridgeSignersSet(r.U64(), r.U64(), r.U8()),
        61 => new BridgeTokenMapped(r.U64(), r.Asset(), r.Address()),
        62 => new BridgeLocked(r.U64(), r.U64(), r.Asset(), r.Address(), r.Amount(), r.Address()),
        63 => new BridgeMessageOpened(r.U64(), r.U64(), r.Enum8<BridgeMessageKind>()),
        64 => new BridgeLockClosed(
            r.U64(), r.U64(), r.Enum8<BridgeLockStatus>(), BridgeCodec.ReadPlace(ref r)),
        65 => new BridgeReleased(r.U64(), r.U64(), r.Asset(), r.Address(), r.U64(), r.Amount()),
        66 => new BridgeSuspended(r.U64(), r.U64(), EventCodec.ReadCode(ref r)),
        67 => new BridgeStopsSet(
            r.U64(), BridgePrivilegedCodec.ReadStops(ref r), r.Text(Limits.ReferenceBytes)),
        68 => new BridgeSupplyAgreed(
            r.U64(), r.Asset(), r.Amount(), r.U64(), BridgeCodec.ReadPlace(ref r)),
        _ => throw new CanonicalFormatException($"{kind} is no kind of event."),
    };

    private static void Begin(CanonicalWriter writer, byte kind, ulong chainId, ulong number)
    {
        writer.U8(kind);
        writer.U64(chainId);
        writer.U64(number);
    }
}
