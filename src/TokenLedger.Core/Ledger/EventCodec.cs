// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Ledger;

/// <summary>
/// Canonical form of events: a kind byte, then the fields. Kinds are part of the format: 1–19 balances and
/// accounts, 20–39 assets, 40–59 duties and proposals, 60–79 the
/// bridge.
/// </summary>
public static class EventCodec
{
    /// <summary>Writes an event and its transaction's index.</summary>
    public static void Write(CanonicalWriter writer, EventRecord record)
    {
        writer.U32(record.TransactionIndex);
        switch (record.Event)
        {
            case UnitsIssued e:
                WriteSupplyChange(writer, 1, e.Asset, e.To, [e.Amount, e.BalanceAfter, e.SupplyAfter]);
                break;
            case UnitsBurned e:
                WriteSupplyChange(writer, 2, e.Asset, e.From, [e.Amount, e.BalanceAfter, e.SupplyAfter]);
                break;
            case Transferred e:
                WriteTransferred(writer, e);
                break;
            case AccountRegistered e:
                writer.U8(4);
                writer.Address(e.Account);
                writer.U8((byte)e.Kind);
                writer.Address(e.Institution);
                writer.Address(e.Registrar);
                break;
            case AccountFrozen e:
                writer.U8(5);
                writer.Address(e.Account);
                writer.U8((byte)e.Mode);
                writer.Text(e.LegalReference);
                writer.Hash(e.DocumentHash);
                break;
            case AccountUnfrozen e:
                writer.U8(6);
                writer.Address(e.Account);
                writer.Text(e.LegalReference);
                break;
            case TagRequirementSet e:
                writer.U8(8);
                writer.Address(e.Account);
                writer.Bool(e.Required);
                writer.Address(e.By);
                break;
            default:
                WriteRegister(writer, record.Event);
                break;
        }
    }

    /// <summary>Reads an event and its transaction's index.</summary>
    public static EventRecord Read(ref CanonicalReader reader) => new(reader.U32(), ReadEvent(ref reader));

    private static void WriteSupplyChange(
        CanonicalWriter writer, byte kind, AssetId asset, Address account, ReadOnlySpan<Amount> amounts)
    {
        writer.U8(kind);
        writer.Asset(asset);
        writer.Address(account);
        foreach (Amount amount in amounts)
        {
            writer.Amount(amount);
        }
    }

    private static void WriteTransferred(CanonicalWriter writer, Transferred e)
    {
        // A transfer without tags is written as it was before there were tags.
        bool tagged = (e.Tag | e.SourceTag) != 0;
        writer.U8(tagged ? (byte)7 : (byte)3);
        writer.Asset(e.Asset);
        writer.Address(e.From);
        writer.Address(e.To);
        writer.Amount(e.Amount);
        writer.Amount(e.FromAfter);
        writer.Amount(e.ToAfter);
        if (tagged)
        {
            writer.U64(e.Tag);
            writer.U64(e.SourceTag);
        }
    }

    private static void WriteRegister(CanonicalWriter writer, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case AssetCreated e:
                writer.U8(20);
                writer.Asset(e.Asset);
                writer.U8((byte)e.Class);
                writer.Amount(e.Cap);
                writer.Address(e.Issuer);
                break;
            case DocumentAttached e:
                writer.U8(21);
                writer.Asset(e.Asset);
                writer.Hash(e.DocumentHash);
                break;
            case AssetCapSet e:
                writer.U8(22);
                writer.Asset(e.Asset);
                writer.Amount(e.Cap);
                break;
            case AssetPaused e:
                writer.U8(23);
                writer.Asset(e.Asset);
                writer.Text(e.Reason);
                break;
            case AssetResumed e:
                writer.U8(24);
                writer.Asset(e.Asset);
                writer.Text(e.Reason);
                break;
            default:
                WriteGovernance(writer, ledgerEvent);
                break;
        }
    }

    private static void WriteGovernance(CanonicalWriter writer, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case OfficerGranted e:
                writer.U8(40);
                writer.Address(e.Institution);
                writer.Address(e.Officer);
                writer.U8((byte)e.Duties);
                break;
            case OfficerRevoked e:
                writer.U8(41);
                writer.Address(e.Institution);
                writer.Address(e.Officer);
                break;
            case ProposalOpened e:
                writer.U8(42);
                writer.U64(e.ProposalId);
                writer.Address(e.Maker);
                writer.Hash(e.PayloadHash);
                break;
            case ProposalApproved e:
                writer.U8(43);
                writer.U64(e.ProposalId);
                writer.Address(e.Checker);
                break;
            case ProposalScheduled e:
                writer.U8(44);
                writer.U64(e.ProposalId);
                writer.U64(e.ExecuteAt.Value);
                break;
            case ProposalExecuted e:
                writer.U8(45);
                writer.U64(e.ProposalId);
                break;
            case ProposalCancelled e:
                writer.U8(46);
                writer.U64(e.ProposalId);
                writer.Address(e.By);
                writer.Text(e.Reason);
                break;
            case ProposalFailed e:
                writer.U8(47);
                writer.U64(e.ProposalId);
                writer.U16((ushort)e.Code);
                break;
            default:
                BridgeEventCodec.Write(writer, ledgerEvent);
                break;
        }
    }

    private static LedgerEvent ReadEvent(ref CanonicalReader r) => r.U8() switch
    {
        1 => new UnitsIssued(r.Asset(), r.Address(), r.Amount(), r.Amount(), r.Amount()),
        2 => new UnitsBurned(r.Asset(), r.Address(), r.Amount(), r.Amount(), r.Amount()),
        3 => new Transferred(r.Asset(), r.Address(), r.Address(), r.Amount(), r.Amount(), r.Amount()),
        4 => new AccountRegistered(r.Address(), r.Enum8<AccountKind>(), r.Address(), r.Address()),
        5 => new AccountFrozen(
            r.Address(), r.Enum8<FreezeMode>(), r.Text(Limits.ReferenceBytes), r.Hash()),
        6 => new AccountUnfrozen(r.Address(), r.Text(Limits.ReferenceBytes)),
        7 => ReadTagged(ref r),
        8 => new TagRequirementSet(r.Address(), r.Bool(), r.Address()),
        20 => new AssetCreated(r.Asset(), r.Enum8<AssetClass>(), r.Amount(), r.Address()),
        21 => new DocumentAttached(r.Asset(), r.Hash()),
        22 => new AssetCapSet(r.Asset(), r.Amount()),
        23 => new AssetPaused(r.Asset(), r.Text(Limits.ReferenceBytes)),
        24 => new AssetResumed(r.Asset(), r.Text(Limits.ReferenceBytes)),
        40 => new OfficerGranted(r.Address(), r.Address(), PrivilegedCodec.ReadDuties(ref r)),
        41 => new OfficerRevoked(r.Address(), r.Address()),
        42 => new ProposalOpened(r.U64(), r.Address(), r.Hash()),
        43 => new ProposalApproved(r.U64(), r.Address()),
        44 => new ProposalScheduled(r.U64(), new TimestampMs(r.U64())),
        45 => new ProposalExecuted(r.U64()),
        46 => new ProposalCancelled(r.U64(), r.Address(), r.Text(Limits.ReferenceBytes)),
        47 => new ProposalFailed(r.U64(), ReadCode(ref r)),
        byte bridge => BridgeEventCodec.Read(ref r, bridge),
    };

    private static Transferred ReadTagged(ref CanonicalReader r)
    {
        var e = new Transferred(
            r.Asset(), r.Address(), r.Address(), r.Amount(), r.Amount(), r.Amount(), r.U64(), r.U64());
        return (e.Tag | e.SourceTag) != 0
            ? e
            : throw new CanonicalFormatException("A transfer without tags is of another kind.");
    }

    internal static RejectionCode ReadCode(ref CanonicalReader reader)
    {
        var code = (RejectionCode)reader.U16();
        return Enum.IsDefined(code)
            ? code
            : throw new CanonicalFormatException($"{code} is no rejection code.");
    }
}
