// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Explorer.Index;

/// <summary>
/// Canonical form of the index's rows, with bounds. Whole rows are written, keys included, so that a value
/// tells by itself what it is. README.md of this project shows the bytes.
/// </summary>
internal static class RowCodec
{
    public static void Write(CanonicalWriter w, BlockRow row)
    {
        row.Header.Write(w);
        w.Bool(row.Certificate is not null);
        row.Certificate?.Write(w);
        w.U32(row.Transactions);
        w.U32(row.Events);
    }

    public static BlockRow ReadBlock(ref CanonicalReader r)
    {
        BlockHeader header = BlockHeader.Read(ref r);
        Certificate? certificate = r.Bool() ? Certificate.Read(ref r) : null;
        return new BlockRow(header, header.Hash, certificate, r.U32(), r.U32());
    }

    public static void Write(CanonicalWriter w, TransactionRow row)
    {
        Write(w, new EventPlace(row.Height, row.Index));
        w.U64(row.Time.Value);
        w.Address(row.Sender);
        row.Signed.Write(w);
        row.Receipt.Write(w);
    }

    public static TransactionRow ReadTransaction(ref CanonicalReader r) => new(
        new Height(r.U64()), r.U32(), new TimestampMs(r.U64()), r.Address(), SignedTransaction.Read(ref r),
        Receipt.Read(ref r));

    public static void Write(CanonicalWriter w, EventRow row)
    {
        Write(w, new EventPlace(row.Height, row.Index));
        EventCodec.Write(w, row.Record);
    }

    public static EventRow ReadEvent(ref CanonicalReader r) =>
        new(new Height(r.U64()), r.U32(), EventCodec.Read(ref r));

    public static void Write(CanonicalWriter w, PostingRow row)
    {
        w.Address(row.Account);
        Write(w, row.Place);
        w.U8((byte)row.Kind);
        w.Asset(row.Asset);
        w.Amount(row.Amount);
        w.Amount(row.BalanceAfter);
        w.Address(row.Counterparty);
        w.U32(row.TransactionIndex);
        w.U64(row.Time.Value);
    }

    public static PostingRow ReadPosting(ref CanonicalReader r) => new(
        r.Address(), ReadPlace(ref r), r.Enum8<PostingKind>(), r.Asset(), r.Amount(), r.Amount(), r.Address(),
        r.U32(), new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, AccountRow row)
    {
        w.Address(row.Account);
        w.U8((byte)row.Kind);
        w.Address(row.Institution);
        w.Address(row.Registrar);
        w.U8((byte)row.Freeze);
        w.Text(row.LegalReference);
        w.Hash(row.FreezeDocument);
        w.U64(row.FrozenAt.Value);
        w.U64(row.RegisteredAt.Value);
        w.U64(row.Registered.Value);
        w.Bool(row.TagRequired);
    }

    public static AccountRow ReadAccount(ref CanonicalReader r) => new(
        r.Address(), r.Enum8<AccountKind>(), r.Address(), r.Address(), r.Enum8<FreezeMode>(),
        r.Text(Limits.ReferenceBytes), r.Hash(), new Height(r.U64()), new Height(r.U64()),
        new TimestampMs(r.U64()), r.Bool());

    public static void Write(CanonicalWriter w, AssetRow row)
    {
        AssetCodec.Write(w, row.Definition);
        w.Amount(row.Cap);
        w.Amount(row.Supply);
        w.Bool(row.Paused);
        w.Text(row.PauseReason);
        w.U16(row.Documents);
        w.U64(row.Holders);
        w.U64(row.CreatedAt.Value);
        w.U64(row.Created.Value);
    }

    public static AssetRow ReadAsset(ref CanonicalReader r) => new(
        AssetCodec.Read(ref r), r.Amount(), r.Amount(), r.Bool(), r.Text(Limits.ReferenceBytes), r.U16(),
        r.U64(), new Height(r.U64()), new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, DocumentRow row)
    {
        w.Asset(row.Asset);
        w.U16(row.Index);
        AssetCodec.WriteDocument(w, row.Document);
        w.U64(row.AttachedAt.Value);
        w.U64(row.Attached.Value);
    }

    public static DocumentRow ReadDocument(ref CanonicalReader r) => new(
        r.Asset(), r.U16(), AssetCodec.ReadDocument(ref r), new Height(r.U64()), new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, InstitutionRow row)
    {
        w.Address(row.Institution);
        w.U8((byte)row.Kind);
        w.Text(row.Name);
        w.Text(row.NameUrdu);
    }

    public static InstitutionRow ReadInstitution(ref CanonicalReader r) =>
        new(r.Address(), r.Enum8<InstitutionKind>(), r.Text(Limits.NameBytes), r.Text(Limits.NameBytes));

    public static void Write(CanonicalWriter w, OfficerRow row)
    {
        w.Address(row.Officer);
        w.Address(row.Institution);
        w.U8((byte)row.Duties);
        w.Text(row.Name);
        w.U64(row.ChangedAt.Value);
        w.U64(row.Changed.Value);
    }

    public static OfficerRow ReadOfficer(ref CanonicalReader r) => new(
        r.Address(), r.Address(), PrivilegedCodec.ReadDuties(ref r), r.Text(Limits.NameBytes),
        new Height(r.U64()), new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, ProposalRow row)
    {
        w.U64(row.Id);
        w.Address(row.Maker);
        w.Address(row.Institution);
        w.List(row.Payload, PrivilegedCodec.Write);
        w.Hash(row.PayloadHash);
        w.Text(row.Reason);
        Write(w, row.Opened);
        w.U64(row.OpenedTime.Value);
        w.U64(row.Expires.Value);
        w.U8((byte)row.Status);
        w.U64(row.ExecuteAt.Value);
        w.U64(row.ChangedAt.Value);
        w.U64(row.Changed.Value);
        w.Address(row.CancelledBy);
        w.Text(row.CancelReason);
        w.U16(row.Failure is { } code ? (ushort)code : (ushort)0);
        w.U32(row.Approvals);
    }

    public static ProposalRow ReadProposal(ref CanonicalReader r) => new(
        r.U64(), r.Address(), r.Address(), r.List(Limits.OperationsPerProposal, PrivilegedCodec.Read),
        r.Hash(), r.Text(Limits.ReferenceBytes), ReadPlace(ref r), new TimestampMs(r.U64()),
        new TimestampMs(r.U64()), r.Enum8<ProposalStatus>(), new TimestampMs(r.U64()), new Height(r.U64()),
        new TimestampMs(r.U64()), r.Address(), r.Text(Limits.ReferenceBytes), ReadCode(ref r), r.U32());

    public static void Write(CanonicalWriter w, ApprovalRow row)
    {
        w.U64(row.ProposalId);
        Write(w, row.Place);
        w.Address(row.Officer);
        w.Address(row.Institution);
        w.U64(row.Time.Value);
    }

    public static ApprovalRow ReadApproval(ref CanonicalReader r) =>
        new(r.U64(), ReadPlace(ref r), r.Address(), r.Address(), new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, FreezeRow row)
    {
        Write(w, row.Place);
        w.Address(row.Account);
        w.U8((byte)row.Mode);
        w.Text(row.LegalReference);
        w.Hash(row.Document);
        w.U64(row.Time.Value);
    }

    public static FreezeRow ReadFreeze(ref CanonicalReader r) => new(
        ReadPlace(ref r), r.Address(), r.Enum8<FreezeMode>(), r.Text(Limits.ReferenceBytes), r.Hash(),
        new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, LaneRow row)
    {
        w.U64(row.ChainId);
        w.Address(row.Contract);
        w.U64(row.Proposal);
        w.U64(row.Epoch);
        w.U32(row.Signers);
        w.U8((byte)row.Stops);
        w.Text(row.StopReason);
        w.U64(row.OpenedAt.Value);
        w.U64(row.Opened.Value);
        w.U64(row.ChangedAt.Value);
        w.U64(row.Changed.Value);
    }

    public static LaneRow ReadLane(ref CanonicalReader r) => new(
        r.U64(), r.Address(), r.U64(), r.U64(), r.U32(), ReadStops(ref r), r.Text(Limits.ReferenceBytes),
        new Height(r.U64()), new TimestampMs(r.U64()), new Height(r.U64()), new TimestampMs(r.U64()));

    public static void Write(CanonicalWriter w, DayRow row)
    {
        w.Asset(row.Asset);
        w.U32(row.Day);
        w.Amount(row.Issued);
        w.Amount(row.Burned);
        w.Amount(row.Transferred);
        w.U64(row.Transfers);
        w.Amount(row.Supply);
    }

    public static DayRow ReadDay(ref CanonicalReader r) =>
        new(r.Asset(), r.U32(), r.Amount(), r.Amount(), r.Amount(), r.U64(), r.Amount());

    public static void Write(CanonicalWriter w, SupplyRow row)
    {
        w.Asset(row.Asset);
        w.U64(row.Height.Value);
        w.Amount(row.Supply);
        w.U64(row.Holders);
    }

    public static SupplyRow ReadSupply(ref CanonicalReader r) =>
        new(r.Asset(), new Height(r.U64()), r.Amount(), r.U64());

    public static void Write(CanonicalWriter w, IndexCursor row)
    {
        w.U64(row.Height.Value);
        w.Hash(row.Hash);
        w.U64(row.Time.Value);
        w.U64(row.Counts.Transactions);
        w.U64(row.Counts.Events);
        w.U64(row.Counts.Postings);
        w.U64(row.Counts.Accounts);
        w.U64(row.Counts.Assets);
        w.U64(row.Counts.Proposals);
    }

    public static IndexCursor ReadCursor(ref CanonicalReader r) => new(
        new Height(r.U64()), r.Hash(), new TimestampMs(r.U64()),
        new IndexCounts(r.U64(), r.U64(), r.U64(), r.U64(), r.U64(), r.U64()));

    public static void Write(CanonicalWriter w, EventPlace place)
    {
        w.U64(place.Height.Value);
        w.U32(place.Index);
    }

    public static EventPlace ReadPlace(ref CanonicalReader r) => new(new Height(r.U64()), r.U32());

    private static BridgeStops ReadStops(ref CanonicalReader r)
    {
        var stops = (BridgeStops)r.U8();
        return (stops & ~(BridgeStops.Locks | BridgeStops.Releases | BridgeStops.Halted)) == 0
            ? stops
            : throw new CanonicalFormatException($"{stops} is nothing of a bridge that stands still.");
    }

    private static RejectionCode? ReadCode(ref CanonicalReader r)
    {
        ushort code = r.U16();
        return code == 0 ? null
            : Enum.IsDefined((RejectionCode)code) ? (RejectionCode)code
            : throw new CanonicalFormatException($"{code} is no rejection code.");
    }
}
