// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.State;

/// <summary>Canonical form of the state's values.</summary>
public static class StateCodec
{
    // Set in the byte of an account's kind.
    private const byte TagRequiredBit = 0x80;

    /// <summary>Encodes by one of the writers below.</summary>
    public static byte[] Encode<T>(T value, Action<CanonicalWriter, T> write)
    {
        var writer = new CanonicalWriter(64);
        write(writer, value);
        return writer.ToArray();
    }

    /// <summary>Decodes by one of the readers below; all bytes must be consumed.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not the value's canonical form.</exception>
    public static T Decode<T>(ReadOnlySpan<byte> bytes, CanonicalRead<T> read)
    {
        var reader = new CanonicalReader(bytes);
        T value = read(ref reader);
        reader.End();
        return value;
    }

    /// <summary>Writes a balance or a supply.</summary>
    public static void WriteAmount(CanonicalWriter writer, Amount amount) => writer.Amount(amount);

    /// <summary>Reads a balance or a supply.</summary>
    public static Amount ReadAmount(ref CanonicalReader reader) => reader.Amount();

    /// <summary>Writes a counter.</summary>
    public static void WriteNumber(CanonicalWriter writer, ulong number) => writer.U64(number);

    /// <summary>Reads a counter.</summary>
    public static ulong ReadNumber(ref CanonicalReader reader) => reader.U64();

    /// <summary>Writes an account.</summary>
    public static void WriteAccount(CanonicalWriter writer, AccountState account)
    {
        writer.U8((byte)(account.TagRequired ? (byte)account.Kind | TagRequiredBit : (byte)account.Kind));
        writer.Address(account.Institution);
        writer.Address(account.Registrar);
        writer.U8((byte)account.Freeze);
        writer.Text(account.LegalReference);
    }

    /// <summary>Reads an account.</summary>
    public static AccountState ReadAccount(ref CanonicalReader reader)
    {
        byte first = reader.U8();
        var kind = (AccountKind)(first & ~TagRequiredBit);
        return Enum.IsDefined(kind)
            ? new AccountState(
                kind, reader.Address(), reader.Address(), reader.Enum8<FreezeMode>(),
                reader.Text(Limits.ReferenceBytes), (first & TagRequiredBit) != 0)
            : throw new CanonicalFormatException($"{first} is no kind of account.");
    }

    /// <summary>Writes a request.</summary>
    public static void WriteRequest(CanonicalWriter writer, RequestState request)
    {
        writer.Hash(request.TransactionId);
        writer.U64(request.ValidUntil.Value);
    }

    /// <summary>Reads a request.</summary>
    public static RequestState ReadRequest(ref CanonicalReader reader) =>
        new(reader.Hash(), new TimestampMs(reader.U64()));

    /// <summary>Writes an asset.</summary>
    public static void WriteAsset(CanonicalWriter writer, AssetState asset)
    {
        AssetCodec.Write(writer, asset.Definition);
        writer.Amount(asset.Cap);
        writer.Bool(asset.Paused);
        writer.U16(asset.DocumentCount);
    }

    /// <summary>Reads an asset.</summary>
    public static AssetState ReadAsset(ref CanonicalReader reader) =>
        new(AssetCodec.Read(ref reader), reader.Amount(), reader.Bool(), reader.U16());

    /// <summary>Writes an institution.</summary>
    public static void WriteInstitution(CanonicalWriter writer, InstitutionState institution)
    {
        writer.U8((byte)institution.Kind);
        writer.Text(institution.Name);
        writer.Text(institution.NameUrdu);
        writer.U16(institution.Officers);
    }

    /// <summary>Reads an institution.</summary>
    public static InstitutionState ReadInstitution(ref CanonicalReader reader) => new(
        reader.Enum8<InstitutionKind>(), reader.Text(Limits.NameBytes), reader.Text(Limits.NameBytes),
        reader.U16());

    /// <summary>Writes an officer.</summary>
    public static void WriteOfficer(CanonicalWriter writer, OfficerState officer)
    {
        writer.Address(officer.Institution);
        writer.U8((byte)officer.Duties);
        writer.Text(officer.Name);
    }

    /// <summary>Reads an officer.</summary>
    public static OfficerState ReadOfficer(ref CanonicalReader reader) =>
        new(reader.Address(), PrivilegedCodec.ReadDuties(ref reader), reader.Text(Limits.NameBytes));

    /// <summary>Writes a policy.</summary>
    public static void WritePolicy(CanonicalWriter writer, ApprovalPolicy policy)
    {
        writer.U8((byte)policy.Kind);
        writer.U32(policy.Makers);
        writer.U32(policy.Checkers);
        writer.List(policy.Tiers, static (w, tier) =>
        {
            w.U128(tier.UpToMicroUsd);
            w.U8(tier.Approvals);
            w.U8(tier.Institutions);
            w.U32(tier.RequiredKinds);
            w.U64(tier.DelayMs);
        });
    }

    /// <summary>Reads a policy.</summary>
    public static ApprovalPolicy ReadPolicy(ref CanonicalReader reader) => new(
        reader.Enum8<PrivilegedKind>(), reader.U32(), reader.U32(),
        reader.List(Limits.TiersPerPolicy, static (ref CanonicalReader r) =>
            new ApprovalTier(r.U128(), r.U8(), r.U8(), r.U32(), r.U64())));

    /// <summary>Writes a proposal.</summary>
    public static void WriteProposal(CanonicalWriter writer, ProposalState proposal)
    {
        writer.Address(proposal.Maker);
        writer.Address(proposal.Institution);
        writer.List(proposal.Payload, PrivilegedCodec.Write);
        writer.Hash(proposal.PayloadHash);
        writer.Text(proposal.Reason);
        writer.U64(proposal.Opened.Value);
        writer.U64(proposal.Expires.Value);
        writer.U8((byte)proposal.Status);
        writer.U64(proposal.ExecuteAt.Value);
        writer.List(proposal.Approvals, static (w, officer) => w.Address(officer));
    }

    /// <summary>Reads a proposal.</summary>
    public static ProposalState ReadProposal(ref CanonicalReader reader) => new(
        reader.Address(),
        reader.Address(),
        reader.List(Limits.OperationsPerProposal, PrivilegedCodec.Read),
        reader.Hash(),
        reader.Text(Limits.ReferenceBytes),
        new TimestampMs(reader.U64()),
        new TimestampMs(reader.U64()),
        reader.Enum8<ProposalStatus>(),
        new TimestampMs(reader.U64()),
        reader.List(Limits.ApprovalsPerProposal, static (ref CanonicalReader r) => r.Address()));
}
